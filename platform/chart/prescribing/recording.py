"""A signed prescription's place in the record: one MedicationRequest, a new version whenever its state changes."""

import msgspec

from chart import records
from chart.domain import Source
from chart.medicines import ENDED
from chart.prescribing import fhir
from chart.prescribing.domain import SignedPrescription
from chart.prescribing.models import Prescription
from core.db import WriteSession


def signed_document(prescription: Prescription) -> SignedPrescription:
    """What was signed. Raises ValueError if the prescription is not signed."""
    if prescription.document is None:
        raise ValueError("not signed")
    return msgspec.json.decode(prescription.document, type=SignedPrescription)


async def keep(write: WriteSession, prescription: Prescription) -> None:
    """Write the MedicationRequest as the prescription stands now.

    What a clinician has ended or taken back in the chart stays so, whatever the pharmacy answers later.
    """
    resource = fhir.medication_request(prescription, signed_document(prescription))
    if prescription.record_id is not None:
        stored = await records.get(write, prescription.patient_id, prescription.record_id)
        if stored.in_error:
            return
        if stored.status in ENDED:
            kept = ("status", "dosageInstruction")
            resource |= {part: stored.resource[part] for part in kept}
    record = await records.put(
        write,
        prescription.patient_id,
        resource,
        source=Source.CLINICIAN,
        visit_id=prescription.visit_id,
        record_id=prescription.record_id,
    )
    prescription.record_id = record.id
    await write.flush()
