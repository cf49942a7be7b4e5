"""Taking a bookable time and giving it back. The database decides who gets a raced one; `slots` has which are open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core.database.session import ReadSession, WriteSession
from core.errors import Conflict, Invalid
from core.ids import new_id
from directory.locations import repository as locations
from directory.locations.domain import ClinicLocation
from identity.models import Account
from identity.patients import service as patients
from visits.announce import publish_slots
from visits.booking import exceptions
from visits.booking.slots import (
    AS_HOURS_SAY,
    HORIZON,
    LEAD_TIME,
    AmbiguousLocalTime,
    At,
    Duration,
    ExtraHours,
    Hours,
    NoSuchLocalTime,
    OpenSlot,
    Taken,
    meets,
    offered_at,
    offered_extra,
    open_slots,
    to_instant,
)
from visits.domain import OPEN_STATUSES, VisitKind
from visits.models import Slot, Visit, WorkingHours
from visits.visit_types.domain import duration_of, is_offered_by
from visits.visit_types.models import VisitType

FURTHEST_REACH = timedelta(hours=8)
"""No visit of up to four hours, with its buffer after and the next one's before of up to two hours each, reaches
further."""

MAX_BOOKED = 5
"""So many visits a patient may have booked ahead; the clinic's staff may book more for them."""


@dataclass(frozen=True, slots=True)
class RequestedTime:
    """The time that somebody wants with a clinician: an instant in UTC."""

    clinician_id: UUID
    starts_at: datetime


def read_time(text: str, zone: ZoneInfo | None) -> datetime:
    """The instant that is meant: RFC 3339 with an offset, or a local time in `zone`.

    Raises Invalid for `starts_at`: `time_malformed`, `time_zone_needed`, or, on the day of a clock change,
    `time_does_not_exist` and `time_comes_twice`.
    """
    try:
        when = datetime.fromisoformat(text)
        if when.tzinfo is not None:
            return when.astimezone(UTC)
        if zone is None:
            raise Invalid({"starts_at": "time_zone_needed"})
        return to_instant(when, zone)
    except NoSuchLocalTime:
        raise Invalid({"starts_at": "time_does_not_exist"}) from None
    except AmbiguousLocalTime:
        raise Invalid({"starts_at": "time_comes_twice"}) from None
    except (ValueError, OverflowError):
        raise Invalid({"starts_at": "time_malformed"}) from None


async def open_times(
    read: ReadSession,
    places: Mapping[UUID, ClinicLocation],
    window: tuple[datetime, datetime],
    clinician_id: UUID | None,
    visit_type: VisitType | None = None,
) -> Sequence[OpenSlot]:
    """What can be booked at these places between two instants, with one clinician or with any; for a type also as long
    as it takes."""
    now = read.now()
    bounded = (max(window[0], now + LEAD_TIME), min(window[1], now + HORIZON))
    if bounded[0] >= bounded[1]:
        return []
    hours = await _hours(read, places, clinician_id)
    if visit_type is not None:
        hours = [each for each in hours if is_offered_by(visit_type, each.clinician_id)]
    near = bounded[0] - FURTHEST_REACH, bounded[1] + FURTHEST_REACH
    except_for = await exceptions.within(read, near, clinician_id)
    extra = _in_use(except_for.extra, places)
    if visit_type is not None:
        extra = [each for each in extra if is_offered_by(visit_type, each.clinician_id)]
    taken = await _taken(read, near) + except_for.away
    duration = duration_of(visit_type) if visit_type else AS_HOURS_SAY
    return open_slots(hours, taken, bounded, duration, extra)


def _in_use(extra: Sequence[ExtraHours], places: Mapping[UUID, ClinicLocation]) -> list[ExtraHours]:
    return [each for each in extra if each.location_id in places]


async def _taken(read: ReadSession, window: tuple[datetime, datetime]) -> list[Taken]:
    """What is booked in the window."""
    query = select(Slot).where(
        Slot.clinic_id == read.clinic_id,
        Slot.released_at.is_(None),
        Slot.starts_at < window[1],
        Slot.ends_at > window[0],
    )
    return [taken_by(slot) for slot in await read.scalars(query)]


def taken_by(slot: Slot) -> Taken:
    """What a booked time takes of its clinician, buffers included."""
    return Taken(
        slot.clinician_id,
        slot.starts_at - timedelta(minutes=slot.buffer_before),
        slot.ends_at + timedelta(minutes=slot.buffer_after),
    )


async def take(
    write: WriteSession, patient_id: UUID, visit_type: VisitType | None, wanted: RequestedTime
) -> Slot:
    """Take the time for this patient, as long as a visit of this type takes (None: of a type that is gone).

    Raises Invalid for `starts_at` when it is not a time that the clinician offers (`slot_not_offered`) or is
    too soon or too far (`slot_too_soon`, `slot_too_far`), and for `clinician_id` when the clinician does not offer
    the type (`clinician_does_not_offer`); Conflict `slot_taken` when someone else has it, and
    `already_booked_then` when the patient has another visit at that time.
    """
    now = write.now()
    if wanted.starts_at < now + LEAD_TIME:
        raise Invalid({"starts_at": "slot_too_soon"})
    if wanted.starts_at > now + HORIZON:
        raise Invalid({"starts_at": "slot_too_far"})
    if visit_type is not None and not is_offered_by(visit_type, wanted.clinician_id):
        raise Invalid({"clinician_id": "clinician_does_not_offer"})
    duration = duration_of(visit_type) if visit_type else AS_HOURS_SAY
    offered = await _offered(write, wanted, duration)
    if offered is None:
        raise Invalid({"starts_at": "slot_not_offered"})
    await patients.lock(write, patient_id)
    await _check_patient_free(write, patient_id, offered)
    slot = Slot(
        id=new_id(),
        clinician_id=wanted.clinician_id,
        location_id=offered.location_id,
        starts_at=offered.starts_at,
        ends_at=offered.ends_at,
        buffer_before=duration.before,
        buffer_after=duration.after,
    )
    try:
        async with write.savepoint():
            write.add(slot)
            await write.flush()
    except IntegrityError as error:
        raise Conflict("slot_taken") from error
    publish_slots(write)
    return slot


async def _offered(read: ReadSession, wanted: RequestedTime, duration: Duration) -> OpenSlot | None:
    """The time that the clinician's hours, their exceptions and the days of their locations offer at this instant."""
    near = wanted.starts_at - FURTHEST_REACH, wanted.starts_at + FURTHEST_REACH
    except_for = await exceptions.within(read, near, wanted.clinician_id)
    places = await locations.in_use(read)
    hours = await _hours(read, places, wanted.clinician_id)
    extra = _in_use(except_for.extra, places)
    offered = offered_extra(extra, wanted.clinician_id, wanted.starts_at, duration)
    if offered is None:
        offered = offered_at(hours, wanted.clinician_id, wanted.starts_at, duration)
    return None if offered is None or meets(offered, duration, except_for.away) else offered


def release(write: WriteSession, slot: Slot) -> None:
    """Give the time back to whoever wants it."""
    slot.released_at = write.now()
    publish_slots(write)


async def check_few(write: WriteSession, patient_id: UUID) -> None:
    """One patient must not take every time that there is. Raises Conflict `too_many_booked` (with `most`)."""
    booked = await write.scalar(
        select(func.count()).where(
            Visit.patient_id == patient_id,
            Visit.kind == VisitKind.BOOKED,
            Visit.status.in_(OPEN_STATUSES),
        )
    )
    if booked >= MAX_BOOKED:
        raise Conflict("too_many_booked", most=MAX_BOOKED)


async def _hours(
    read: ReadSession, places: Mapping[UUID, ClinicLocation], clinician_id: UUID | None
) -> list[Hours]:
    """The weekly hours at these places of the clinicians who can be booked, or of one of them."""
    query = (
        select(
            WorkingHours.clinician_id,
            WorkingHours.location_id,
            WorkingHours.weekday,
            WorkingHours.starts,
            WorkingHours.ends,
            WorkingHours.slot_minutes,
        )
        .join(Account, Account.id == WorkingHours.clinician_id)
        .where(WorkingHours.clinic_id == read.clinic_id, Account.status == "active")
    )
    if clinician_id is not None:
        query = query.where(WorkingHours.clinician_id == clinician_id)
    holidays = await locations.holidays(read)
    at = {each: At(each, place.zone, place.opening(holidays).holidays) for each, place in places.items()}
    return [
        Hours(row.clinician_id, at[row.location_id], row.weekday, row.starts, row.ends, row.slot_minutes)
        for row in await read.execute(query)
        if row.location_id in at
    ]


async def _check_patient_free(write: WriteSession, patient_id: UUID, wanted: OpenSlot) -> None:
    """A patient cannot be in two visits at once."""
    other = await write.scalar(
        select(Visit.id)
        .join(Slot, Slot.id == Visit.slot_id)
        .where(
            Visit.patient_id == patient_id,
            Visit.status.in_(OPEN_STATUSES),
            Slot.released_at.is_(None),
            Slot.starts_at < wanted.ends_at,
            Slot.ends_at > wanted.starts_at,
        )
    )
    if other is not None:
        raise Conflict("already_booked_then", visit_id=str(other))
