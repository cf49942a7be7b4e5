"""Reading a patient's contact points."""

from uuid import UUID

from sqlalchemy import select

from core.database.session import ReadSession, WriteSession
from directory.contact_points.domain import Way, ways
from directory.contact_points.models import ContactPoint
from identity.models import Account, Patient


async def ways_to(read: ReadSession, patient: Patient) -> list[Way]:
    """Every way to reach the patient."""
    query = (
        select(ContactPoint)
        .where(ContactPoint.patient_id == patient.id, ContactPoint.ended_at.is_(None))
        .order_by(ContactPoint.created_at, ContactPoint.id)
    )
    points = (await read.scalars(query)).all()
    account = await read.one_or_none(select(Account).where(Account.id == patient.account_id))
    return ways(patient, account, points)


async def for_update(write: WriteSession, patient_id: UUID, contact_id: UUID) -> ContactPoint:
    """The point to change, locked. Raises NotFound."""
    found: ContactPoint = await write.one_or_not_found(
        select(ContactPoint)
        .where(
            ContactPoint.patient_id == patient_id,
            ContactPoint.id == contact_id,
            ContactPoint.ended_at.is_(None),
        )
        .with_for_update(key_share=True)
    )
    return found


async def phone_of(read: ReadSession, patient: Patient) -> str | None:
    """The first telephone in the order of the ways to reach the patient, as it is dialed."""
    found = await ways_to(read, patient)
    return next((way.dialed for way in found if way.kind != "email" and not way.disputed), None)
