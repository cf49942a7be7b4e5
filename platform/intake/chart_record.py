"""Where intake meets the chart: what the record knows is put before the patient, what the patient adds goes back.

What a patient says they no longer have or take changes nothing in the record: it stands in the summary, and the
clinician decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from uuid import UUID

from sqlalchemy import select

from chart.domain import RXNORM, RecordType, Source
from chart.prescribing import repository as prescribing
from chart.prescribing.models import Drug, Pharmacy
from chart.record import service as chart
from chart.record import store
from chart.record.active_medicines import is_active
from chart.record.models import Record
from core.database.session import ReadSession, WriteSession
from core.rules.text import Language
from identity.models import Patient
from intake.domain import only_none
from intake.draft import DraftAllergy, DraftMedicine, DraftPharmacy, IntakeDraft
from intake.questionnaires.fhir_response import questionnaire_response
from intake.questionnaires.questionnaire import Fault, Questionnaire
from visits.models import Visit

TO_CONFIRM: Final = ""
NAME_LENGTH = 200


async def allergies(read: ReadSession, patient_id: UUID) -> list[DraftAllergy]:
    """The active allergies of the record, to be confirmed."""
    found = await store.list(read, patient_id, RecordType.ALLERGY)
    return [
        DraftAllergy(
            key=str(record.id),
            substance=_name(record),
            reaction=_reaction(record),
            status=TO_CONFIRM,
            record_id=str(record.id),
        )
        for record in _current(record for record in found if record.status == "active")
    ]


async def medicines(read: ReadSession, patient_id: UUID) -> list[DraftMedicine]:
    """The medicines that the record says are taken: told by someone, or prescribed here. To be confirmed."""
    told = await store.list(read, patient_id, RecordType.MEDICATION_STATEMENT)
    prescribed = await store.list(read, patient_id, RecordType.MEDICATION_REQUEST)
    return [
        DraftMedicine(
            key=str(record.id),
            name=_name(record),
            directions=_directions(record),
            rxcui=record.code if record.code_system == RXNORM else None,
            status=TO_CONFIRM,
            record_id=str(record.id),
        )
        for record in _current(record for record in (*told, *prescribed) if is_active(record, read.now()))
    ]


async def accept(write: WriteSession, patient: Patient, visit_id: UUID, draft: IntakeDraft) -> None:
    """Write what is new as told by the patient, and keep the pharmacy for the next time."""
    if draft.pharmacy.id:
        patient.preferred_pharmacy_id = UUID(draft.pharmacy.id)
        # The patient's row is locked before the rows of the record, as everywhere: the other way is a deadlock.
        await write.flush()
    codes = await _known_codes(write, draft)
    await chart.accept_patient_reported(
        write,
        patient.id,
        visit_id,
        [
            {"name": entry.substance, "reaction": entry.reaction}
            for entry in draft.allergies
            if entry.status == "new"
        ],
        [
            {
                "name": entry.name,
                "dosage": entry.directions,
                "code": entry.rxcui if entry.rxcui in codes else None,
            }
            for entry in draft.medicines
            if entry.status == "new"
        ],
        [
            kind
            for kind, none in (
                (RecordType.ALLERGY, draft.no_allergies or only_none(draft.allergies)),
                (RecordType.MEDICATION_STATEMENT, draft.no_medicines or only_none(draft.medicines)),
            )
            if none
        ],
    )


async def keep_answers(
    write: WriteSession, visit: Visit, questionnaire: Questionnaire, draft: IntakeDraft, language: Language
) -> None:
    """Keep what was asked and answered in the chart, as the patient's own words."""
    response = questionnaire_response(
        questionnaire, draft.answers, language, patient_id=visit.patient_id, authored=write.now()
    )
    await store.put(write, visit.patient_id, response, source=Source.PATIENT, visit_id=visit.id)


async def usual_pharmacy(read: ReadSession, patient: Patient) -> DraftPharmacy:
    """The pharmacy that the patient chose the last time, if the clinic can still send to it."""
    found = await prescribing.pharmacy(read, patient.preferred_pharmacy_id)
    return DraftPharmacy(id=str(found.id), name=pharmacy_name(found)) if found else DraftPharmacy()


def pharmacy_name(pharmacy: Pharmacy) -> str:
    """A pharmacy as its patients know it."""
    return f"{pharmacy.name}, {pharmacy.line}, {pharmacy.city}"[:NAME_LENGTH]


async def check_pharmacy(read: ReadSession, chosen: DraftPharmacy) -> list[Fault]:
    """A pharmacy that was picked has to be one that the clinic can send to."""
    if not chosen.id:
        return []
    try:
        known = await prescribing.pharmacy(read, UUID(chosen.id))
    except ValueError:
        known = None
    return [] if known is not None else [Fault("pharmacy.id", "unknown_option")]


async def _known_codes(read: ReadSession, draft: IntakeDraft) -> set[str]:
    """Of the RxNorm codes that came with new medicines, those that are a medicine of ours."""
    codes = {entry.rxcui for entry in draft.medicines if entry.status == "new" and entry.rxcui}
    return (
        set((await read.scalars(select(Drug.rxcui).where(Drug.rxcui.in_(codes)))).all()) if codes else set()
    )


def _current(found: Iterable[Record]) -> Iterator[Record]:
    """The records, each name once, newest first."""
    seen: set[str] = set()
    for record in found:
        name = _name(record).lower()
        if name and name not in seen:
            seen.add(name)
            yield record


def _name(record: Record) -> str:
    return (record.display or "").strip()[:NAME_LENGTH]


def _reaction(record: Record) -> str:
    manifestations = [
        manifestation.get("text") or next((c.get("display", "") for c in manifestation.get("coding", [])), "")
        for reaction in record.resource.get("reaction", [])
        for manifestation in reaction.get("manifestation", [])
    ]
    return ", ".join(filter(None, manifestations))[:NAME_LENGTH]


def _directions(record: Record) -> str:
    dosages = record.resource.get("dosage") or record.resource.get("dosageInstruction") or []
    return next((dosage["text"] for dosage in dosages if dosage.get("text")), "")[:NAME_LENGTH]
