"""Reading patients' identifiers, and finding patients by one of them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select

from core.database.session import ReadSession, WriteSession
from directory.identifiers.models import PatientIdentifier

MOST_FOUND = 30


async def of_patient(read: ReadSession, patient_id: UUID) -> Sequence[PatientIdentifier]:
    """Those that hold, in the order in which they were added."""
    query = (
        select(PatientIdentifier)
        .where(PatientIdentifier.patient_id == patient_id, PatientIdentifier.ended_at.is_(None))
        .order_by(PatientIdentifier.created_at, PatientIdentifier.id)
    )
    return (await read.scalars(query)).all()


async def one(read: ReadSession, patient_id: UUID, identifier_id: UUID) -> PatientIdentifier:
    """Raises NotFound."""
    found: PatientIdentifier = await read.one_or_not_found(_one(patient_id, identifier_id))
    return found


async def for_update(write: WriteSession, patient_id: UUID, identifier_id: UUID) -> PatientIdentifier:
    """The one to change, locked. Raises NotFound."""
    query = _one(patient_id, identifier_id).with_for_update(key_share=True)
    found: PatientIdentifier = await write.one_or_not_found(query)
    return found


async def patients_with(read: ReadSession, key: str) -> list[UUID]:
    """The clinic's patients who have an identifier that reads so, exactly; none whose chart is closed to the reader."""
    query = (
        select(PatientIdentifier.patient_id)
        .where(
            PatientIdentifier.clinic_id == read.clinic_id,
            PatientIdentifier.key == key,
            PatientIdentifier.ended_at.is_(None),
        )
        .distinct()
        .limit(MOST_FOUND)
    )
    return list(await read.scalars(query))


def _one(patient_id: UUID, identifier_id: UUID) -> Select[PatientIdentifier]:
    return select(PatientIdentifier).where(
        PatientIdentifier.patient_id == patient_id,
        PatientIdentifier.id == identifier_id,
        PatientIdentifier.ended_at.is_(None),
    )
