"""Whose chart a person may open. The route's permission has been checked before."""

from uuid import UUID

from sqlalchemy import select

from chart.record.models import Record
from core.database.session import ReadSession
from core.errors import Invalid
from identity.models import Patient
from identity.permissions import Permission
from identity.readable import Kind, fetch
from visits.models import Visit

CHART = Kind(Patient, frozenset({Permission.CHART_READ, Permission.RECORD_OWN}), Patient.id)
"""A patient with all that their chart holds."""

RECORD = Kind(Record, CHART.reads, Record.patient_id)


async def patient_of(read: ReadSession, patient_id: UUID) -> Patient:
    """The patient whose chart is asked for. Raises NotFound for one that this person may not see.

    The care team sees every patient of its clinic; a patient only oneself.
    """
    return await fetch(read, CHART, patient_id)


async def check_visit_of(read: ReadSession, patient_id: UUID, visit_id: UUID | None) -> None:
    """A fact may only name a visit of its own patient. Raises Invalid."""
    if visit_id is None:
        return
    query = select(Visit.id).where(Visit.id == visit_id, Visit.patient_id == patient_id)
    if await read.one_or_none(query) is None:
        raise Invalid({"visit_id": "unknown_visit"})
