"""The verbs around a guest: invited, agreed to, let in, sent away. None commits.

Each acts on a visit that its caller has locked. What the state does not allow raises Conflict `guest_moved_on` with the
`status` that the guest is in.
"""

from core import audit, live
from core.database.session import WriteSession
from core.errors import Conflict, Invalid
from core.events import outbox
from core.ids import new_id
from identity.domain import EndReason
from identity.person.contacts import Channel, contact_problem, may_text, parse_contact
from identity.sessions import service as sessions
from identity.sessions.tokens import digest, new_token
from visits import timeline
from visits.announce import publish_change
from visits.domain import OPEN_STATUSES, VisitStatus
from visits.models import Visit
from visits.people import repository
from visits.people.domain import (
    LINK_LIFETIME,
    MOST_AT_ONCE,
    MOST_INVITED,
    Agreement,
    GuestStatus,
    IllegalMove,
    plain_name,
)
from visits.people.events import GuestInvited, GuestOut
from visits.people.links import sealing_context
from visits.people.models import VisitGuest
from visits.people.schemas import Invite


async def invite(write: WriteSession, visit: Visit, data: Invite) -> tuple[VisitGuest, str]:
    """Ask somebody into the visit; the guest and the secret of their link, which is nowhere else in the clear.

    With a contact the link is sent there too. Raises Conflict `visit_moved_on`, `too_many_guests`, Invalid.
    """
    if visit.status not in OPEN_STATUSES:
        raise Conflict("visit_moved_on", status=visit.status.value)
    if await repository.count(write, visit.id) >= MOST_INVITED:
        raise Conflict("too_many_guests", most=MOST_INVITED)
    contact = parse_contact(data.contact) if data.contact else None
    if data.contact and contact is None:
        raise Invalid({"contact": contact_problem(data.contact)})
    if contact is not None and not may_text(contact, write.services.settings.sms_countries):
        raise Invalid({"contact": "phone_country"})
    token = new_token()
    guest = VisitGuest(
        id=new_id(),
        visit_id=visit.id,
        invited_by=write.actor.own_account,
        kind=data.kind,
        status=GuestStatus.INVITED,
        name=plain_name(data.name or "") or None,
        language=data.language,
        channel=Channel(contact.channel) if contact else None,
        contact=contact.value if contact else None,
        token_hash=digest(token),
        expires_at=write.now() + LINK_LIFETIME,
    )
    write.add(guest)
    await write.flush()
    if contact is not None:
        guest.sealed = write.services.keyring.seal(token.encode(), sealing_context(guest.id))
        await outbox.add(write, GuestInvited(guest_id=guest.id))
    await announce_guest(write, visit, guest, "guest.invited")
    return guest, token


async def agree(write: WriteSession, visit: Visit, guest: VisitGuest, how: Agreement) -> None:
    """The patient agrees that this person is let in. A second yes is the first one."""
    if guest.agreed_at is not None and guest.status in (GuestStatus.WAITING, GuestStatus.ADMITTED):
        return
    if guest.status is not GuestStatus.WAITING:
        raise Conflict("guest_moved_on", status=guest.status.value)
    guest.agreed_at, guest.agreed_by, guest.agreement = write.now(), write.actor.own_account, how
    await announce_guest(write, visit, guest, "guest.agreed")


async def decline(write: WriteSession, visit: Visit, guest: VisitGuest) -> None:
    """The patient does not want this person here, or no longer: they are out at once."""
    if await _end(write, guest, GuestStatus.DECLINED):
        await announce_guest(write, visit, guest, "guest.declined")


async def admit(write: WriteSession, visit: Visit, guest: VisitGuest) -> None:
    """Let somebody in to whom the patient agreed. Doing so twice is doing so once.

    Raises Conflict `visit_not_admitted`, `patient_not_asked`, `room_full`.
    """
    if guest.status is GuestStatus.ADMITTED:
        return
    if visit.status is not VisitStatus.ADMITTED:
        raise Conflict("visit_not_admitted", status=visit.status.value)
    if guest.status is GuestStatus.WAITING and guest.agreed_at is None:
        raise Conflict("patient_not_asked")
    if await repository.count(write, visit.id, GuestStatus.ADMITTED) >= MOST_AT_ONCE:
        raise Conflict("room_full", most=MOST_AT_ONCE)
    _move(guest, GuestStatus.ADMITTED)
    guest.admitted_at = write.now()
    await announce_guest(write, visit, guest, "guest.admitted")


async def revoke(write: WriteSession, visit: Visit, guest: VisitGuest) -> None:
    """The clinician takes the invitation back; whoever came by it is out at once."""
    if await _end(write, guest, GuestStatus.REVOKED):
        await announce_guest(write, visit, guest, "guest.revoked")


async def leave(write: WriteSession, visit: Visit, guest: VisitGuest) -> None:
    """The guest goes for good. A lost call is not this: they come back into it by themselves."""
    if await _end(write, guest, GuestStatus.LEFT):
        await announce_guest(write, visit, guest, "guest.left")


async def end_all(write: WriteSession, visit: Visit) -> None:
    """The visit is over, and with it every link and every guest's sign-in."""
    for guest in await repository.living(write, visit.id):
        await _end(write, guest, GuestStatus.VISIT_OVER)
        _tell_guest(write, guest)


async def put_back(write: WriteSession, visit: Visit) -> None:
    """The clinician gave the visit back: the next one decides anew who is let in. The patient's yes stays."""
    for guest in await repository.living(write, visit.id):
        if guest.status is GuestStatus.ADMITTED:
            _move(guest, GuestStatus.WAITING)
            _tell_guest(write, guest)


async def _end(write: WriteSession, guest: VisitGuest, how: GuestStatus) -> bool:
    """End the invitation and the guest's sign-in, which takes them out of the call; False if it is so already."""
    if guest.status is how:
        return False
    _move(guest, how)
    guest.ended_at, guest.sealed = write.now(), None
    if guest.account_id is not None:
        await sessions.end_all(write, guest.account_id, EndReason.GUEST_OUT)
        # They may be in the call by a sign-in that a later one took the place of.
        await outbox.add(write, GuestOut(visit_id=guest.visit_id, account_id=guest.account_id))
    return True


def _move(guest: VisitGuest, to: GuestStatus) -> None:
    try:
        guest.move(to)
    except IllegalMove as refusal:
        raise Conflict("guest_moved_on", status=refusal.current.value) from refusal


async def announce_guest(write: WriteSession, visit: Visit, guest: VisitGuest, action: str) -> None:
    """Add the step of the visit's thread and the audit row, and tell open pages: the visit's and the guest's own."""
    await write.flush()
    timeline.add(write, visit_id=visit.id, patient_id=visit.patient_id, kind=action, ref=guest.id)
    await audit.log(
        write,
        action,
        patient_id=visit.patient_id,
        entity=("visit", visit.id),
        detail={"guest_id": str(guest.id), "kind": guest.kind.value},
    )
    publish_change(write, visit)
    _tell_guest(write, guest)


def _tell_guest(write: WriteSession, guest: VisitGuest) -> None:
    if guest.account_id is not None:
        live.publish(write, "guest.changed", to=[live.account(guest.account_id)], guest_id=str(guest.id))
