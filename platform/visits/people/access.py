"""Whose guests a person may see and act on. The route's permission has been checked before."""

from uuid import UUID

from sqlalchemy import select

from core.database.session import ReadSession, WriteSession
from core.errors import NotFound
from identity.readable import locked
from visits import repository as visits
from visits.access import check_has_visit
from visits.models import Visit
from visits.people.models import VisitGuest


async def visit_for_staff(write: WriteSession, visit_id: UUID) -> Visit:
    """The visit that the acting clinician has, locked. Raises NotFound, Forbidden `not_your_visit`."""
    visit = await visits.for_update(write, visit_id)
    check_has_visit(write.actor, visit)
    return visit


async def visit_for_patient(write: WriteSession, visit_id: UUID) -> Visit:
    """The patient's own visit, or of whom they act for, locked. Raises NotFound, Restricted."""
    await visits.get_visible(write, visit_id)
    return await visits.for_update(write, visit_id)


async def guest_of(write: WriteSession, visit: Visit, guest_id: UUID) -> VisitGuest:
    """A guest of this visit. Raises NotFound."""
    found: VisitGuest = await write.one_or_not_found(
        select(VisitGuest).where(VisitGuest.id == guest_id, VisitGuest.visit_id == visit.id)
    )
    return found


async def own(read: ReadSession) -> VisitGuest:
    """The guest who asks, and with it the only visit that they are in. Raises NotFound."""
    found: VisitGuest = await read.one_or_not_found(
        select(VisitGuest).where(VisitGuest.account_id == read.actor.own_account)
    )
    return found


async def own_with_visit(write: WriteSession) -> tuple[Visit, VisitGuest]:
    """The same with the visit, both as they are now: whoever changes a visit comes one after the other."""
    guest = await own(write)
    visit = await held_visit(write, guest.visit_id)
    await write.refresh(guest)
    return visit, guest


async def held_visit(write: WriteSession, visit_id: UUID) -> Visit:
    """The visit of a guest, locked. Nothing of it is shown to them. Raises NotFound."""
    found: Visit | None = await write.one_or_none(locked(select(Visit).where(Visit.id == visit_id), Visit))
    if found is None:
        raise NotFound
    return found
