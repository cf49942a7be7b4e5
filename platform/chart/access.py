"""Whose chart a person may open. The route's permission has been checked before."""

from uuid import UUID

from sqlalchemy import select

from core.database.session import ReadSession
from core.errors import Invalid, NotFound
from identity.models import Patient
from identity.patients import service as patients
from visits.models import Visit


async def patient_of(read: ReadSession, patient_id: UUID) -> Patient:
    """The patient whose chart is asked for. Raises NotFound for one that this person may not see.

    The care team sees every patient of its clinic; a patient only oneself.
    """
    if read.actor.is_patient and read.actor.patient_id != patient_id:
        raise NotFound
    return await patients.get(read, patient_id)


async def check_visit_of(read: ReadSession, patient_id: UUID, visit_id: UUID | None) -> None:
    """A fact may only name a visit of its own patient. Raises Invalid."""
    if visit_id is None:
        return
    query = select(Visit.id).where(Visit.id == visit_id, Visit.patient_id == patient_id)
    if await read.one_or_none(query) is None:
        raise Invalid({"visit_id": "unknown_visit"})
