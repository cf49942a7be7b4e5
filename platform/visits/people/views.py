"""Guests as screens show them."""

from uuid import UUID

from core.actor import Actor
from core.database.session import ReadSession
from identity.clinic import clinics
from identity.person.contacts import Contact
from visits.models import Visit
from visits.people import repository
from visits.people.domain import MOST_AT_ONCE, GuestStatus
from visits.people.models import VisitGuest
from visits.people.schemas import Companion, GuestOut, GuestSelf, PeopleOut, There


async def people(read: ReadSession, visit_id: UUID) -> PeopleOut:
    """Everybody who was asked into a visit. The caller has asked whether the actor may read it."""
    there: dict[UUID, list[There]] = {}
    for row in await repository.presence(read, visit_id):
        there.setdefault(row.account_id, []).append(There(row.joined_at, row.ended_at))
    found = await repository.of_visit(read, visit_id)
    return PeopleOut(
        [
            _guest(read.actor, guest, inviter, there.get(guest.account_id or guest.id, []))
            for guest, inviter in found
        ],
        MOST_AT_ONCE,
    )


async def guest(read: ReadSession, visit_id: UUID, guest_id: UUID) -> GuestOut:
    """One of them."""
    shown = await people(read, visit_id)
    return next(each for each in shown.guests if each.id == guest_id)


def _guest(actor: Actor, guest: VisitGuest, inviter: str, there: list[There]) -> GuestOut:
    sent_to = Contact(guest.channel, guest.contact).masked if guest.channel and guest.contact else None
    return GuestOut(
        id=guest.id,
        account_id=guest.account_id,
        kind=guest.kind,
        status=guest.status,
        name=guest.name,
        language=guest.language,
        contact=sent_to if actor.is_staff else None,
        invited_by=inviter,
        invited_at=guest.created_at,
        expires_at=guest.expires_at,
        entered_at=guest.entered_at,
        agreed_at=guest.agreed_at,
        agreement=guest.agreement,
        admitted_at=guest.admitted_at,
        ended_at=guest.ended_at,
        there=there,
    )


async def own(read: ReadSession, guest: VisitGuest, visit: Visit) -> GuestSelf:
    """A guest's own place. The others in the visit are named once one is let in, and the patient never is."""
    clinic = await clinics.current(read)
    clinician = await repository.name_of_account(read, visit.clinician_id)
    companions = (
        await _companions(read, guest, visit, clinician) if guest.status is GuestStatus.ADMITTED else []
    )
    return GuestSelf(
        visit_id=guest.visit_id,
        account_id=read.actor.own_account,
        clinic=clinic.name,
        clinician=clinician,
        kind=guest.kind,
        name=guest.name or read.actor.name,
        status=guest.status,
        agreed=guest.agreed_at is not None,
        companions=companions,
    )


async def _companions(
    read: ReadSession, guest: VisitGuest, visit: Visit, clinician: str | None
) -> list[Companion]:
    others = [
        Companion(each.account_id, "guest", each.name or "", each.kind)
        for each in await repository.living(read, visit.id)
        if each.account_id and each.id != guest.id and each.status is GuestStatus.ADMITTED
    ]
    if visit.clinician_id and clinician:
        return [Companion(visit.clinician_id, "clinician", clinician, None), *others]
    return others
