"""A signed prescription's place in the record: one MedicationRequest, a new version whenever its state changes."""

import msgspec
from sqlalchemy import select

from chart.domain import Resource, Source
from chart.prescribing import fhir
from chart.prescribing.domain import SignedPrescription
from chart.prescribing.models import Prescription
from chart.record import store
from chart.record.active_medicines import ENDED
from chart.record.models import Record
from chart.record.types import medication_request
from core.database.session import WriteSession


def signed_document(prescription: Prescription) -> SignedPrescription:
    """What was signed. Raises ValueError if the prescription is not signed."""
    if prescription.document is None:
        raise ValueError("not signed")
    return msgspec.json.decode(prescription.document, type=SignedPrescription)


async def keep(write: WriteSession, prescription: Prescription) -> None:
    """Write the MedicationRequest as the prescription stands now.

    What a clinician has ended or taken back in the chart stays so, whatever the pharmacy answers later.
    """
    built = medication_request.build(fhir.order_of(prescription, signed_document(prescription)))
    if prescription.record_id is None:
        record = await store.put(
            write, prescription.patient_id, built, source=Source.CLINICIAN, visit_id=prescription.visit_id
        )
        prescription.record_id = record.id
        await write.flush()
        return
    stored = await store.get(write, prescription.patient_id, prescription.record_id)
    if not stored.in_error:
        await store.edit(
            write, prescription.patient_id, stored.id, lambda current: as_it_stands(current, built)
        )


async def stand_again(write: WriteSession, record: Record) -> Record:
    """A record that is no longer marked in error: if it is a prescription's, as the prescription stands by now.

    While it was marked, `keep` left it alone: it may have been cancelled, or have failed, meanwhile.
    """
    prescription: Prescription | None = await write.one_or_none(
        select(Prescription).where(Prescription.record_id == record.id)
    )
    if prescription is None:
        return record
    await keep(write, prescription)
    return await store.get(write, record.patient_id, record.id)


def as_it_stands(record: Record, built: Resource) -> Resource:
    kept = {part: value for part, value in record.resource.items() if part not in medication_request.PARTS}
    if record.status in ENDED:
        kept |= {part: record.resource[part] for part in ("status", "dosageInstruction")}
        return {**built, **kept}
    return {**kept, **built}
