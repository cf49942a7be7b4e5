"""The line in the waiting room, and how long it will honestly take. Pure.

The estimate plays the line forward with the durations of this clinic's last visits: each patient is seen by the
first clinician at work who is free and licensed where the patient is. It is played three times, with short,
middling and long visits, which gives the range. With too little to go on it says so (None) instead of guessing.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

SAMPLE = 30
"""Estimates look at this many of the clinic's latest finished visits."""

ENOUGH = 5
"""Fewer finished visits than this say nothing about the next one."""

SHORT, MIDDLING, LONG = 0.2, 0.5, 0.8
"""Quantiles of the durations for the low end, the likely value and the high end."""

ABOUT_TO_END = timedelta(minutes=2)
"""The further time that a visit needs, once it has lasted longer than the quantile."""

SETTLING = timedelta(minutes=5)
"""The high end of an estimate is never below this: somebody has to open the door."""

FORGOTTEN = timedelta(minutes=30)
"""When the first in line waits this long although somebody is free, the line does not move as others did."""


@dataclass(frozen=True, slots=True)
class InLine:
    """One waiting visit, as far as its place is concerned. `slot_starts_at` is None on demand.

    `location` is where the patient is, as `visits.location` takes it.
    """

    visit_id: UUID
    priority: int
    queued_at: datetime
    slot_starts_at: datetime | None = None
    location: Mapping[str, str] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Whole minutes until being admitted, low <= likely <= high."""

    low: int
    likely: int
    high: int


def line_up(waiting: Iterable[InLine], now: datetime) -> list[InLine]:
    """Everyone waiting, next first: red flags, then those whose booked time has come, then by time."""

    def place(entry: InLine) -> tuple[int, bool, datetime, UUID]:
        due = entry.slot_starts_at is not None and entry.slot_starts_at <= now
        return (-entry.priority, not due, entry.queued_at, entry.visit_id)

    return sorted(waiting, key=place)


def estimates(
    able: Sequence[Collection[UUID]],
    durations: Sequence[timedelta],
    elapsed: Mapping[UUID, timedelta],
    unanswered: Sequence[timedelta],
) -> list[Estimate | None]:
    """Minutes until a clinician is free for each one in the line, next first.

    `able`: for each, the clinicians at work, those in a visit included, who may see this patient. `durations`: how
    long the clinic's latest visits took. `elapsed`: how long the visit of each clinician who is in one has taken so
    far. `unanswered`: for each, how long the first in line for the same clinicians has been waiting although somebody
    is free.
    None when nobody at work may see them, too few visits are known, or whoever is free does not come: we cannot tell.
    """
    if len(durations) < ENOUGH:
        return [None] * len(able)
    ordered = sorted(durations)
    played = [_free_for_each(able, _quantile(ordered, q), elapsed) for q in (SHORT, MIDDLING, LONG)]
    stuck = _stuck(able, elapsed, unanswered)
    return [
        None if waits_in_vain or not each else _estimate(*times)
        for each, waits_in_vain, *times in zip(able, stuck, *played, strict=True)
    ]


def _estimate(low: timedelta, likely: timedelta, high: timedelta) -> Estimate:
    return Estimate(
        low=math.floor(low / timedelta(minutes=1)),
        likely=math.ceil(likely / timedelta(minutes=1)),
        high=math.ceil(max(high, SETTLING) / timedelta(minutes=1)),
    )


def _stuck(
    able: Sequence[Collection[UUID]], elapsed: Mapping[UUID, timedelta], unanswered: Sequence[timedelta]
) -> Iterator[bool]:
    """For each patient, whether a clinician is free and does not admit them."""
    wanted: set[UUID] = set()
    for each, waited in zip(able, unanswered, strict=True):
        somebody_is_free = any(clinician not in elapsed for clinician in each)
        has_rivals = not wanted.isdisjoint(each)
        yield somebody_is_free and waited > (FORGOTTEN if has_rivals else SETTLING)
        wanted.update(each)


def _quantile(ordered: Sequence[timedelta], q: float) -> timedelta:
    """Nearest-rank quantile of a sorted, non-empty sequence."""
    return ordered[max(math.ceil(q * len(ordered)) - 1, 0)]


def _free_for_each(
    able: Sequence[Collection[UUID]], visit: timedelta, elapsed: Mapping[UUID, timedelta]
) -> Iterator[timedelta]:
    """How long until somebody is free for each one in the line, if each visit takes `visit`.

    A patient whom no clinician may see delays nobody.
    """
    free_at = {clinician: max(visit - spent, ABOUT_TO_END) for clinician, spent in elapsed.items()}
    for each in able:
        free = [(free_at.get(clinician, timedelta()), clinician) for clinician in each]
        at, first = min(free, default=(timedelta(), None))
        yield at
        if first is not None:
            free_at[first] = at + visit
