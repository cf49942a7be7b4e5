"""Exceptions to a clinician's weekly hours: away, and extra hours. What is booked already stays booked."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select

from core.database import named_locks
from core.database.session import ReadSession, WriteSession
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from directory.locations import repository as locations
from directory.locations.domain import ClinicLocation
from identity.clinic import clinics
from identity.models import Account
from visits.announce import publish_slots
from visits.booking import availability
from visits.booking.slots import ExtraHours, Taken, hours_instant
from visits.models import AvailabilityException
from visits.schemas import ExceptionOut, NewException

MAXIMUM = 200
"""So many exceptions that are yet to come may one clinician have."""

LONGEST_EXTRA = timedelta(days=1)
"""Extra hours are hours of one day or night; somebody away may be so for longer."""

FURTHEST = timedelta(days=2 * 366)
"""An exception begins at most so far ahead."""

_LONGEST_AWAY = timedelta(days=366)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What changes the weekly hours within a window."""

    away: list[Taken]
    extra: list[ExtraHours]


async def within(
    read: ReadSession, window: tuple[datetime, datetime], clinician_id: UUID | None
) -> Exceptions:
    """Of one clinician or of all who work here, those that meet the window."""
    query = (
        select(AvailabilityException)
        .join(Account, Account.id == AvailabilityException.clinician_id)
        .where(
            AvailabilityException.clinic_id == read.clinic_id,
            AvailabilityException.starts_at < window[1],
            AvailabilityException.ends_at > window[0],
            Account.status == "active",
        )
    )
    if clinician_id is not None:
        query = query.where(AvailabilityException.clinician_id == clinician_id)
    rows = (await read.scalars(query)).all()
    return Exceptions(
        [Taken(row.clinician_id, row.starts_at, row.ends_at) for row in rows if row.slot_minutes is None],
        [
            ExtraHours(row.clinician_id, row.location_id, row.starts_at, row.ends_at, row.slot_minutes)
            for row in rows
            if row.slot_minutes is not None and row.location_id is not None
        ],
    )


async def coming(read: ReadSession, clinician_id: UUID) -> list[ExceptionOut]:
    """Those of one clinician that are not over, the next first."""
    rows = await read.scalars(
        select(AvailabilityException)
        .where(
            AvailabilityException.clinic_id == read.clinic_id,
            AvailabilityException.clinician_id == clinician_id,
            AvailabilityException.ends_at > read.now(),
        )
        .order_by(AvailabilityException.starts_at, AvailabilityException.id)
    )
    return [
        ExceptionOut(row.id, row.kind, row.starts_at, row.ends_at, row.slot_minutes, row.location_id)
        for row in rows
    ]


async def add(write: WriteSession, clinician_id: UUID, data: NewException) -> UUID:
    """Add one. Clinicians add their own, admins anyone's.

    Raises NotFound, Forbidden `not_your_hours`, Conflict `too_many_exceptions`, and Invalid by field.
    """
    await availability.may_set(write, clinician_id)
    place = await _place(write, data) if data.kind == "extra" else None
    zone = place.zone if place else ZoneInfo((await clinics.current(write)).time_zone)
    starts_at, ends_at = _stretch(write, data, zone)
    await named_locks.hold(write, f"availability_exception:{clinician_id}")
    there = await write.scalar(
        select(func.count()).where(
            AvailabilityException.clinic_id == write.clinic_id,
            AvailabilityException.clinician_id == clinician_id,
            AvailabilityException.ends_at > write.now(),
        )
    )
    if there >= MAXIMUM:
        raise Conflict("too_many_exceptions", most=MAXIMUM)
    row = AvailabilityException(
        id=new_id(),
        clinician_id=clinician_id,
        location_id=place.id if place else None,
        kind=data.kind,
        starts_at=starts_at,
        ends_at=ends_at,
        slot_minutes=data.slot_minutes if data.kind == "extra" else None,
    )
    write.add(row)
    await write.flush()
    publish_slots(write)
    return row.id


async def remove(write: WriteSession, clinician_id: UUID, exception_id: UUID) -> None:
    """Take one away. Raises NotFound, Forbidden `not_your_hours`."""
    await availability.may_set(write, clinician_id)
    gone = await write.scalar(
        delete(AvailabilityException)
        .where(
            AvailabilityException.clinic_id == write.clinic_id,
            AvailabilityException.clinician_id == clinician_id,
            AvailabilityException.id == exception_id,
        )
        .returning(AvailabilityException.id)
    )
    if gone is None:
        raise NotFound
    publish_slots(write)


async def _place(write: WriteSession, data: NewException) -> ClinicLocation:
    """The location of extra hours: the one that is named, or else the clinic's first. Raises Invalid."""
    places = await locations.in_use(write)
    found = places.get(data.location_id or next(iter(places)))
    if found is None:
        raise Invalid({"location_id": "location_unknown"})
    return found


def _stretch(write: WriteSession, data: NewException, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when to when, by the clock of the zone. An end of 00:00 is midnight after the last day."""
    if max(data.first_day, data.last_day) > (write.now() + FURTHEST + _LONGEST_AWAY).date():
        raise Invalid({"last_day": "day_too_far"})
    last = data.last_day + _ONE_DAY if data.ends == "00:00" else data.last_day
    if data.kind == "extra" and data.slot_minutes is None:
        raise Invalid({"slot_minutes": "required"})
    starts_at, ends_at = _instant(data.first_day, data.starts, zone), _instant(last, data.ends, zone)
    if ends_at <= starts_at:
        raise Invalid({"ends": "ends_before_it_starts"})
    if ends_at <= write.now():
        raise Invalid({"last_day": "day_past"})
    if starts_at > write.now() + FURTHEST:
        raise Invalid({"first_day": "day_too_far"})
    if data.kind == "extra" and ends_at - starts_at > LONGEST_EXTRA:
        raise Invalid({"last_day": "extra_too_long"})
    return starts_at, ends_at


def _instant(day: date, clock: str, zone: ZoneInfo) -> datetime:
    return hours_instant(day, time.fromisoformat(clock), zone)
