"""What messaging does when something happens elsewhere: which notices go out, in whose language and time zone."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from core.database.session import WriteSession
from core.events.outbox import Delivery, subscriber
from core.slices import Daemon
from directory.locations.models import Location
from identity.codes import deliveries
from identity.events import AccountFrozen, CodeRequested, Invited, PatientSecurityChanged, SecurityChanged
from identity.models import Clinic, Patient
from identity.patient_account.sealed_contact import opened_contact
from identity.permissions import Permission
from identity.person.contacts import Contact
from identity.privacy import service as privacy
from identity.privacy.events import ChartOpened
from identity.related import acting
from identity.staff import freezing, people
from messaging import repository, service
from messaging.domain import MessageKind, Side
from messaging.events import MessageSent
from messaging.notices import notify, sending
from visits import repository as visits
from visits.domain import VisitStatus
from visits.events import (
    SummaryReady,
    VisitAdmitted,
    VisitCalledBack,
    VisitCancelled,
    VisitEvent,
    VisitFinished,
    VisitReminded,
    VisitRequested,
    VisitRescheduled,
)
from visits.models import Slot, Visit
from visits.people import links as guest_links
from visits.people.events import GuestInvited
from visits.waiting import presence
from visits.waiting.patience import is_away

CALLS_BACK_FOR = timedelta(minutes=15)
"""A text that calls somebody back is of no use when it arrives later than this."""


@subscriber(CodeRequested, "messaging.send_code")
async def send_code(write: WriteSession, delivery: Delivery[CodeRequested]) -> None:
    """A sign-in code goes to the phone or mailbox that asked for it."""
    code_id = delivery.event.code_id
    await _queue(write, code_id, await deliveries.take_code(write, code_id))


@subscriber(Invited, "messaging.send_invite")
async def send_invite(write: WriteSession, delivery: Delivery[Invited]) -> None:
    """An invitation, or a reset, goes to the mailbox of staff."""
    invite_id = delivery.event.invite_id
    await _queue(write, invite_id, await deliveries.take_invite(write, invite_id))


@subscriber(GuestInvited, "messaging.send_guest_link")
async def send_guest_link(write: WriteSession, delivery: Delivery[GuestInvited]) -> None:
    """Whoever is asked into a visit gets the link, at the contact that the clinician typed for them."""
    found = await guest_links.take(write, delivery.event.guest_id)
    if found is None:
        return
    await notify.queue(
        write,
        kind="guest",
        source_id=delivery.event.guest_id,
        channel=found.contact.channel,
        to=found.contact.value,
        locale=found.language,
        until=found.expires_at,
        link=found.link,
    )


async def _queue(write: WriteSession, source_id: UUID, delivery: deliveries.Delivery | None) -> None:
    if delivery is not None:
        await notify.queue(
            write,
            kind=delivery.kind,
            source_id=source_id,
            channel=delivery.channel,
            to=delivery.to,
            locale=delivery.locale,
            until=delivery.expires_at,
            code=delivery.code or "",
            link=delivery.link,
        )


@subscriber(SecurityChanged, "messaging.tell_owner")
async def tell_owner(write: WriteSession, delivery: Delivery[SecurityChanged]) -> None:
    """Whoever owns the account hears that it was changed, by a contact that was theirs before; staff can freeze it."""
    account_id = delivery.event.account_id
    former = opened_contact(write, account_id, delivery.event.former)
    freeze = await freezing.make_link(write, account_id)
    if freeze is None:
        await notify.queue_to_account(write, account_id, "security", delivery.id, "/", former)
        return
    # Also of an account that is disabled just now: else it would be changed in silence and enabled again.
    await notify.queue_to_contacts(
        write, account_id, "staff_security", delivery.id, freeze, former=former, spare=None, only=former
    )


@subscriber(AccountFrozen, "messaging.tell_admins")
async def tell_admins(write: WriteSession, delivery: Delivery[AccountFrozen]) -> None:
    """Every administrator hears that an account was frozen: somebody may have been acting under another's name."""
    for account_id in await people.admins(write):
        source_id = uuid5(delivery.id, str(account_id))
        await notify.queue_to_account(write, account_id, "frozen", source_id, "/admin/people")


@subscriber(ChartOpened, "messaging.tell_privacy_officers")
async def tell_privacy_officers(write: WriteSession, delivery: Delivery[ChartOpened]) -> None:
    """Every privacy officer hears at once that a restricted chart was opened with a reason."""
    for account_id in await privacy.officers(write):
        source_id = uuid5(delivery.id, str(account_id))
        await notify.queue_to_account(write, account_id, "chart_opened", source_id, "/privacy")


@subscriber(PatientSecurityChanged, "messaging.tell_patient")
async def tell_patient(write: WriteSession, delivery: Delivery[PatientSecurityChanged]) -> None:
    """A patient hears of it wherever whoever did it does not read: the contact before, and the other one."""
    account_id = delivery.event.account_id
    former = opened_contact(write, account_id, delivery.event.former)
    spare = opened_contact(write, account_id, delivery.event.spare)
    change = delivery.event.change
    kind = "new_device" if change == "new_device" else "security"
    # The successor of a replaced contact is written to by itself: a source has one notice for each channel.
    only = former if change == "contact_replaced" else None
    await notify.queue_to_contacts(
        write, account_id, kind, delivery.id, "/profile", former=former, spare=spare, only=only
    )


@subscriber(VisitFinished, "messaging.open_visit_thread")
async def open_visit_thread(write: WriteSession, delivery: Delivery[VisitFinished]) -> None:
    """Each finished visit has a thread, so that a question afterwards has a place to go."""
    visit_id = delivery.event.visit_id
    thread = await repository.of_visit(write, visit_id)
    if thread is None:
        thread = await service.open_thread(write, delivery.event.patient_id, "visit", visit_id)
    await service.send(write, thread.id, delivery.id, "", MessageKind.VISIT_ENDED)


async def _to_notify(
    write: WriteSession, patient_id: UUID, permission: Permission, visit_id: UUID | None = None
) -> list[UUID]:
    """The accounts of a patient's side that may be notified, of a visit's words or of anything: not where the wrong
    person may read the phone."""
    if await visits.is_quiet(write, patient_id):
        return []
    return await acting.who_hears(write, patient_id, permission, visit_id)


async def _notify(
    write: WriteSession,
    accounts: list[UUID],
    kind: str,
    source_id: UUID,
    path: str,
    at: datetime | None = None,
    zone: ZoneInfo | None = None,
    until: datetime | None = None,
) -> None:
    """A notice to each account, one for each telephone or mailbox: a family that shares one hears once.

    The source of the first account's is the event's, so that what was told before is not told again.
    """
    told: set[Contact] = set()
    for account_id in accounts:
        contact = await notify.contact_of(write, account_id)
        if contact is None or contact in told:
            continue
        source = source_id if not told else uuid5(source_id, str(account_id))
        told.add(contact)
        await notify.queue_to_account(write, account_id, kind, source, path, at=at, zone=zone, until=until)


@subscriber(MessageSent, "messaging.notify_patient")
async def notify_patient(write: WriteSession, delivery: Delivery[MessageSent]) -> None:
    """The patient hears that the clinic wrote; the system's own lines make no noise."""
    if delivery.event.side != Side.CLINIC:
        return
    event = delivery.event
    accounts = await _to_notify(write, event.patient_id, Permission.MESSAGE_READ)
    await _notify(write, accounts, "message", event.message_id, f"/messages/{event.thread_id}")


@subscriber(SummaryReady, "messaging.notify_of_summary")
async def notify_of_summary(write: WriteSession, delivery: Delivery[SummaryReady]) -> None:
    """The patient hears that the visit's summary is there, once, however often it is made anew."""
    visit_id = delivery.event.visit_id
    accounts = await _to_notify(write, delivery.event.patient_id, Permission.SUMMARY_READ, visit_id)
    await _notify(write, accounts, "summary", visit_id, f"/visits/{visit_id}")


async def _tell_of_booking(write: WriteSession, delivery: Delivery[VisitEvent], kind: str, path: str) -> None:
    """The patient hears by SMS or e-mail when a visit is booked for, in the zone where they live.

    What is told is what holds by now: of two moves in a row the later time is told twice and never the earlier one,
    and a time that was called off meanwhile only as such.
    """
    query = (
        select(
            Visit.status,
            Slot.starts_at,
            Visit.patient_id,
            Patient.time_zone,
            func.coalesce(Location.time_zone, Clinic.time_zone).label("zone"),
        )
        .select_from(Visit)
        .join(Slot, Slot.id == Visit.slot_id)
        .join(Patient, Patient.id == Visit.patient_id)
        .join(Clinic, Clinic.id == Visit.clinic_id)
        .outerjoin(Location, Location.id == Visit.location_id)
        .where(Visit.id == delivery.event.visit_id)
    )
    row = (await write.execute(query)).one_or_none()
    if row is None:
        return
    if row.status is VisitStatus.CANCELLED and kind != "cancelled":
        return
    # Nobody is reminded of what has begun.
    if kind == "reminder" and row.starts_at <= write.now():
        return
    zone = ZoneInfo(row.time_zone or row.zone)
    accounts = await _to_notify(write, row.patient_id, Permission.VISIT_READ)
    await _notify(write, accounts, kind, delivery.id, path, at=row.starts_at, zone=zone)


@subscriber(VisitRequested, "messaging.confirm_booking")
async def confirm_booking(write: WriteSession, delivery: Delivery[VisitRequested]) -> None:
    """A booked visit is confirmed. One on demand has no time to tell of."""
    await _tell_of_booking(write, delivery, "booked", f"/visit/{delivery.event.visit_id}/waiting")


@subscriber(VisitRescheduled, "messaging.tell_new_time")
async def tell_new_time(write: WriteSession, delivery: Delivery[VisitRescheduled]) -> None:
    """So is one that was moved, whoever moved it."""
    await _tell_of_booking(write, delivery, "rescheduled", f"/visit/{delivery.event.visit_id}/waiting")


@subscriber(VisitCancelled, "messaging.tell_cancelled")
async def tell_cancelled(write: WriteSession, delivery: Delivery[VisitCancelled]) -> None:
    """Nobody waits at a time that was called off."""
    await _tell_of_booking(write, delivery, "cancelled", "/book")


@subscriber(VisitReminded, "messaging.remind")
async def remind(write: WriteSession, delivery: Delivery[VisitReminded]) -> None:
    """A booked visit that is near: the way to it is the way to check camera and connection."""
    await _tell_of_booking(write, delivery, "reminder", f"/visit/{delivery.event.visit_id}/waiting")


async def _call_back(write: WriteSession, delivery: Delivery[VisitEvent], kind: str) -> None:
    event = delivery.event
    accounts = await _to_notify(write, event.patient_id, Permission.VISIT_WAIT, event.visit_id)
    until = delivery.occurred_at + CALLS_BACK_FOR
    await _notify(write, accounts, kind, delivery.id, f"/visit/{event.visit_id}/waiting", until=until)


@subscriber(VisitCalledBack, "messaging.call_back")
async def call_back(write: WriteSession, delivery: Delivery[VisitCalledBack]) -> None:
    """Whoever is next and away from the page comes back to the same place."""
    await _call_back(write, delivery, "next")


@subscriber(VisitAdmitted, "messaging.call_in")
async def call_in(write: WriteSession, delivery: Delivery[VisitAdmitted]) -> None:
    """So does whoever is admitted while their page is closed or asleep: there nobody hears the chime."""
    there = await presence.present(write.services, write.clinic_id)
    if is_away(there.of(delivery.event.visit_id), there.now):
        await _call_back(write, delivery, "starting")


SUBSCRIBERS = [
    send_code,
    send_invite,
    send_guest_link,
    tell_owner,
    tell_patient,
    tell_admins,
    tell_privacy_officers,
    open_visit_thread,
    notify_patient,
    notify_of_summary,
    confirm_booking,
    tell_new_time,
    tell_cancelled,
    remind,
    call_back,
    call_in,
]

DAEMONS = [Daemon("messaging.send_sms", sending.run_sms), Daemon("messaging.send_email", sending.run_email)]
