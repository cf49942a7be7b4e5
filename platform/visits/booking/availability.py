"""Clinicians' weekly hours: who can be booked, and when."""

from collections.abc import Container, Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

from sqlalchemy import delete, select, union

from core.actor import Role
from core.database.session import ReadSession, WriteSession
from core.errors import Forbidden, Invalid
from directory.locations.domain import ClinicLocation
from directory.locations.schemas import location_name
from identity.models import Account, Staff
from visits.announce import publish_slots
from visits.models import AvailabilityException, WorkingHours
from visits.schemas import ClinicianOut, ExceptionOut, HoursIn, HoursOut, Person

_MONDAY = datetime(2001, 1, 1)  # noqa: DTZ001  any Monday: only distances within one week are looked at
_WEEK = timedelta(days=7)


async def bookable(read: ReadSession) -> list[ClinicianOut]:
    """The clinicians who have hours, weekly or extra ones, by name."""
    with_hours = union(
        select(WorkingHours.clinician_id).where(WorkingHours.clinic_id == read.clinic_id),
        select(AvailabilityException.clinician_id).where(
            AvailabilityException.clinic_id == read.clinic_id,
            AvailabilityException.kind == "extra",
            AvailabilityException.ends_at > read.now(),
        ),
    )
    query = (
        select(Account.id, Account.name, Staff.title)
        .outerjoin(Staff, Staff.account_id == Account.id)
        .where(Account.id.in_(with_hours), Account.status == "active")
        .order_by(Account.name, Account.id)
    )
    return [ClinicianOut(row.id, row.name, row.title) for row in await read.execute(query)]


async def clinicians(read: ReadSession) -> list[ClinicianOut]:
    """Every clinician who works here, by name, with hours or without."""
    query = (
        select(Account.id, Account.name, Staff.title)
        .outerjoin(Staff, Staff.account_id == Account.id)
        .where(
            Account.clinic_id == read.clinic_id,
            Account.roles.any_() == str(Role.CLINICIAN),
            Account.status == "active",
        )
        .order_by(Account.name, Account.id)
    )
    return [ClinicianOut(row.id, row.name, row.title) for row in await read.execute(query)]


async def hours_of(
    read: ReadSession,
    clinician_id: UUID,
    places: Mapping[UUID, ClinicLocation],
    exceptions: list[ExceptionOut],
) -> HoursOut:
    """One clinician's hours through the week at these places, with these exceptions.

    Raises NotFound for who is no clinician here.
    """
    clinician = await _clinician(read, clinician_id)
    query = (
        select(WorkingHours)
        .where(WorkingHours.clinician_id == clinician_id, WorkingHours.location_id.in_(places))
        .order_by(WorkingHours.weekday, WorkingHours.starts)
    )
    rows: Sequence[WorkingHours] = (await read.scalars(query)).all()
    return HoursOut(
        time_zone=next(iter(places.values())).clinic.time_zone,
        locations=[location_name(place) for place in places.values()],
        clinician=Person(clinician.id, clinician.name),
        hours=[
            HoursIn(
                weekday=row.weekday,
                starts=f"{row.starts:%H:%M}",
                ends=f"{row.ends:%H:%M}",
                slot_minutes=row.slot_minutes,
                location_id=row.location_id,
            )
            for row in rows
        ],
        exceptions=exceptions,
    )


async def set_hours(
    write: WriteSession, clinician_id: UUID, places: Mapping[UUID, ClinicLocation], hours: Sequence[HoursIn]
) -> None:
    """Replace the hours at these places. Clinicians set their own, admins anyone's. Those at retired locations stay.

    Raises NotFound, Forbidden `not_your_hours`, and Invalid naming each stretch that overlaps another
    (`hours_overlap`), is shorter than one slot (`hours_too_short`), or at no such place (`location_unknown`).
    """
    clinician = await may_set(write, clinician_id)
    at = [each.location_id or next(iter(places)) for each in hours]
    if faults := _unknown(at, places) or _faults(hours, [_offset(write, places[each]) for each in at]):
        raise Invalid(faults)
    await write.execute(
        delete(WorkingHours).where(
            WorkingHours.clinician_id == clinician.id, WorkingHours.location_id.in_(places)
        )
    )
    write.add_all(
        WorkingHours(
            clinician_id=clinician.id,
            location_id=location_id,
            weekday=each.weekday,
            starts=time.fromisoformat(each.starts),
            ends=time.fromisoformat(each.ends),
            slot_minutes=each.slot_minutes,
        )
        for each, location_id in zip(hours, at, strict=True)
    )
    await write.flush()
    publish_slots(write)


async def may_set(write: WriteSession, clinician_id: UUID) -> Account:
    """The clinician, whose hours the actor may set. Raises NotFound, Forbidden `not_your_hours`."""
    clinician = await _clinician(write, clinician_id)
    if not write.actor.has(Role.ADMIN) and write.actor.account_id != clinician_id:
        raise Forbidden("not_your_hours")
    return clinician


async def _clinician(read: ReadSession, account_id: UUID) -> Account:
    account: Account = await read.one_or_not_found(
        select(Account).where(Account.id == account_id, Account.roles.any_() == str(Role.CLINICIAN))
    )
    return account


def _unknown(at: Sequence[UUID], places: Container[UUID]) -> dict[str, str]:
    return {
        f"hours.{row}.location_id": "location_unknown" for row, each in enumerate(at) if each not in places
    }


def _offset(read: ReadSession, place: ClinicLocation) -> timedelta:
    """How far its clock is from UTC today. Zones that change their clocks on different days are apart otherwise for a
    while then; what is booked never overlaps, which the database sees to."""
    return read.now().astimezone(place.zone).utcoffset() or timedelta()


def _faults(hours: Sequence[HoursIn], offsets: Sequence[timedelta]) -> dict[str, str]:
    """What is wrong, by field. Each stretch is by a clock so far from UTC."""
    pairs = zip(hours, offsets, strict=True)
    stretches = sorted((*_stretch(each, offset), place) for place, (each, offset) in enumerate(pairs))
    faults = {
        f"hours.{place}.ends": "hours_too_short"
        for starts, ends, place in stretches
        if ends - starts < timedelta(minutes=hours[place].slot_minutes)
    }
    following = [*stretches, *((s + _WEEK, e + _WEEK, place) for s, e, place in stretches[:1])]
    for (_, ends, _), (starts, _, place) in pairwise(following):
        if starts < ends:
            faults[f"hours.{place}.starts"] = "hours_overlap"
    return faults


def _stretch(each: HoursIn, offset: timedelta) -> tuple[datetime, datetime]:
    """The stretch in a week of its own, which it begins in, by UTC."""
    day = _MONDAY + timedelta(days=each.weekday)
    starts, ends = (datetime.combine(day, time.fromisoformat(at)) for at in (each.starts, each.ends))
    length = ends - starts if ends > starts else ends + timedelta(days=1) - starts
    begins = _MONDAY + (starts - offset - _MONDAY) % _WEEK
    return begins, begins + length
