"""Bookable times: from weekly working hours in their location's zone to instants, across clock changes. Pure.

Everything that is stored or compared is an instant in UTC. Local time exists only at two edges: the working
hours that a clinic writes down for a location, and a time that a person typed.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from uuid import UUID
from zoneinfo import ZoneInfo

LEAD_TIME = timedelta(minutes=15)
"""Nobody can book a slot that starts sooner than this."""

HORIZON = timedelta(days=60)
"""Nobody can book further ahead than this."""


class NoSuchLocalTime(ValueError):
    """The clock skips this local time: it is inside the gap of a daylight-saving change."""


class AmbiguousLocalTime(ValueError):
    """The clock shows this local time twice: it is inside the overlap of a daylight-saving change."""


@dataclass(frozen=True, slots=True)
class At:
    """The location of working hours: the zone in which they are read, and the days on which it is closed."""

    location_id: UUID
    zone: ZoneInfo
    closed: Container[date] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """One stretch of weekly working hours. `weekday` as in date.weekday(): Monday is 0.

    Hours whose `ends` is not after `starts` go past midnight.
    """

    clinician_id: UUID
    at: At
    weekday: int
    starts: time
    ends: time
    slot_minutes: int


@dataclass(frozen=True, slots=True)
class ExtraHours:
    """One stretch beside the weekly hours: [starts_at, ends_at) in UTC. It counts on holidays too."""

    clinician_id: UUID
    location_id: UUID
    starts_at: datetime
    ends_at: datetime
    slot_minutes: int


@dataclass(frozen=True, slots=True, order=True)
class OpenSlot:
    """A time that can be booked: [starts_at, ends_at) in UTC."""

    starts_at: datetime
    ends_at: datetime
    clinician_id: UUID
    location_id: UUID


@dataclass(frozen=True, slots=True)
class Duration:
    """What a booked visit takes of a clinician's time, in minutes: its length, and what stays free before and after.

    Without `minutes` it is as long as a slot of the working hours.
    """

    minutes: int | None = None
    before: int = 0
    after: int = 0

    def busy(self, slot: OpenSlot) -> tuple[datetime, datetime]:
        """From when to when the clinician is taken by it."""
        return slot.starts_at - timedelta(minutes=self.before), slot.ends_at + timedelta(minutes=self.after)


AS_HOURS_SAY = Duration()


@dataclass(frozen=True, slots=True)
class Taken:
    """A stretch of a clinician's time that cannot be booked any more, with what stays free around it."""

    clinician_id: UUID
    starts_at: datetime
    ends_at: datetime


def to_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The UTC instant of a naive local time that a person typed.

    Raises NoSuchLocalTime inside a gap and AmbiguousLocalTime inside an overlap: nobody's visit is moved by
    an hour in silence.
    """
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first < second:
        raise AmbiguousLocalTime
    if first > second:
        raise NoSuchLocalTime
    return first


def hours_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant at which working hours begin or end on a local day.

    Read as RFC 5545 section 3.3.5 reads a local time: with the offset before the gap when the clock skips
    it, at its first occurrence when the clock shows it twice.
    """
    return datetime.combine(day, at, zone).astimezone(UTC)


def open_slots(
    hours: Iterable[Hours],
    taken: Iterable[Taken],
    window: tuple[datetime, datetime],
    duration: Duration = AS_HOURS_SAY,
    extra: Iterable[ExtraHours] = (),
) -> list[OpenSlot]:
    """Every time in the working hours that starts inside window [from, to), meets nothing taken, and is on no day on
    which the location is closed; and those of extra hours.

    Times follow each other in real time from the start of the hours, by the length of their slots, so each lasts its
    full length and has a local time that exists, on the day of a clock change too.
    """
    busy: dict[UUID, list[Taken]] = {}
    for stretch in taken:
        busy.setdefault(stretch.clinician_id, []).append(stretch)
    weekly = (
        slot
        for stretch in hours
        for slot in _cut(stretch, window, duration)
        if not _is_closed(stretch.at, slot)
    )
    beside = (slot for stretch in extra for slot in _cut_extra(stretch, window, duration))
    # Where both offer a time, the extra hours say how long it is, as when it is booked.
    offered: dict[tuple[UUID, datetime], OpenSlot] = {}
    for slot in chain(beside, weekly):
        offered.setdefault((slot.clinician_id, slot.starts_at), slot)
    return sorted(
        slot
        for slot in offered.values()
        if not any(_overlap(duration.busy(slot), other) for other in busy.get(slot.clinician_id, ()))
    )


def offered_at(
    hours: Iterable[Hours],
    clinician_id: UUID,
    starts_at: datetime,
    duration: Duration = AS_HOURS_SAY,
) -> OpenSlot | None:
    """The slot of the working hours that starts at this very instant while its location is open, taken or not."""
    own = (stretch for stretch in hours if stretch.clinician_id == clinician_id)
    found = ((stretch.at, slot) for stretch in own for slot in _cut(stretch, _at(starts_at), duration))
    return next((slot for at, slot in found if not _is_closed(at, slot)), None)


def _is_closed(at: At, slot: OpenSlot) -> bool:
    return slot.starts_at.astimezone(at.zone).date() in at.closed


def offered_extra(
    extra: Iterable[ExtraHours], clinician_id: UUID, starts_at: datetime, duration: Duration
) -> OpenSlot | None:
    """The time of extra hours that starts at this very instant, taken or not."""
    own = (stretch for stretch in extra if stretch.clinician_id == clinician_id)
    return next((slot for stretch in own for slot in _cut_extra(stretch, _at(starts_at), duration)), None)


def meets(slot: OpenSlot, duration: Duration, taken: Iterable[Taken]) -> bool:
    """Whether the clinician of this time is taken then, or in what it keeps free around itself."""
    return any(
        each.clinician_id == slot.clinician_id and _overlap(duration.busy(slot), each) for each in taken
    )


def _at(starts_at: datetime) -> tuple[datetime, datetime]:
    """The window in which nothing else than this instant lies."""
    return starts_at, starts_at + timedelta(microseconds=1)


def _cut(hours: Hours, window: tuple[datetime, datetime], duration: Duration) -> Iterator[OpenSlot]:
    """The times of one stretch of weekly hours that start inside the window."""
    zone = hours.at.zone
    for day in _days(window, zone, hours.weekday):
        closing_day = day if hours.ends > hours.starts else day + timedelta(days=1)
        stretch = ExtraHours(
            hours.clinician_id,
            hours.at.location_id,
            hours_instant(day, hours.starts, zone),
            hours_instant(closing_day, hours.ends, zone),
            hours.slot_minutes,
        )
        yield from _cut_extra(stretch, window, duration)


def _cut_extra(
    stretch: ExtraHours, window: tuple[datetime, datetime], duration: Duration
) -> Iterator[OpenSlot]:
    """The times of a stretch that start inside the window, one after the other by the length of its slots."""
    pace = timedelta(minutes=stretch.slot_minutes)
    length = timedelta(minutes=duration.minutes) if duration.minutes else pace
    starts_at = stretch.starts_at
    while starts_at + length <= stretch.ends_at:
        if window[0] <= starts_at < window[1]:
            yield OpenSlot(starts_at, starts_at + length, stretch.clinician_id, stretch.location_id)
        starts_at += pace


def _days(window: tuple[datetime, datetime], zone: ZoneInfo, weekday: int) -> Iterator[date]:
    """The local days of this weekday that the window touches, and the one before for hours past midnight."""
    day = window[0].astimezone(zone).date() - timedelta(days=1)
    last = window[1].astimezone(zone).date()
    while day <= last:
        if day.weekday() == weekday:
            yield day
        day += timedelta(days=1)


def _overlap(busy: tuple[datetime, datetime], other: Taken) -> bool:
    return busy[0] < other.ends_at and other.starts_at < busy[1]
