"""The line in the waiting room, and how long it will honestly take. Pure.

The estimate plays the line forward with the durations of this clinic's last visits: each patient is seen by the
first clinician at work who is free and licensed where the patient is. It is played three times, with short,
middling and long visits, which gives the range. With too little to go on it says so (None) instead of guessing.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
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
"""A visit that has outlasted the quantile is taken to need this much more."""

SETTLING = timedelta(minutes=5)
"""Nobody is seen sooner than someone opens the door: the high end is never below this."""

FORGOTTEN = timedelta(minutes=30)
"""When the first in line waits this long although somebody is free, the line does not move as others did."""


@dataclass(frozen=True, slots=True)
class InLine:
    """One waiting visit, as far as its place is concerned. `slot_starts_at` is None on demand.

    `location` is where the patient is, as `visits.where` takes it.
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


def people_ahead(line: Sequence[InLine], visit_id: UUID) -> int:
    """How many are seen before this visit. ValueError when it is not in the line."""
    for ahead, entry in enumerate(line):
        if entry.visit_id == visit_id:
            return ahead
    raise ValueError("this visit is not in the line")


def estimate(
    ahead: Sequence[Collection[UUID]],
    able: Collection[UUID],
    durations: Sequence[timedelta],
    elapsed: Mapping[UUID, timedelta],
    unanswered: timedelta = timedelta(),
) -> Estimate | None:
    """Minutes until a clinician is free for the one who has `ahead` before them.

    `able`: the clinicians at work, those in a visit included, who may see this patient; `ahead` has the same for each
    one before them, next first. `durations`: how long the clinic's latest visits took. `elapsed`: how long the visit
    of each clinician who is in one has taken so far. `unanswered`: how long the first in line for `able` has been
    waiting although somebody is free.
    None when nobody at work may see them, too few visits are known, or whoever is free does not come: we cannot tell.
    """
    somebody_is_free = any(clinician not in elapsed for clinician in able)
    rivals = any(not each.isdisjoint(able) for each in map(frozenset, ahead))
    stuck = somebody_is_free and unanswered > (FORGOTTEN if rivals else SETTLING)
    if not able or len(durations) < ENOUGH or stuck:
        return None
    ordered = sorted(durations)
    low, likely, high = (
        _free_after(ahead, able, _quantile(ordered, q), elapsed) for q in (SHORT, MIDDLING, LONG)
    )
    return Estimate(
        low=math.floor(low / timedelta(minutes=1)),
        likely=math.ceil(likely / timedelta(minutes=1)),
        high=math.ceil(max(high, SETTLING) / timedelta(minutes=1)),
    )


def _quantile(ordered: Sequence[timedelta], q: float) -> timedelta:
    """Nearest-rank quantile of a sorted, non-empty sequence."""
    return ordered[max(math.ceil(q * len(ordered)) - 1, 0)]


def _free_after(
    ahead: Sequence[Collection[UUID]],
    able: Collection[UUID],
    visit: timedelta,
    elapsed: Mapping[UUID, timedelta],
) -> timedelta:
    """When the first of `able` is free once those ahead were seen, if each visit takes `visit`."""
    free_at = {clinician: max(visit - spent, ABOUT_TO_END) for clinician, spent in elapsed.items()}
    for able_for_each in filter(None, ahead):
        first = min(able_for_each, key=lambda clinician: (free_at.get(clinician, timedelta()), clinician))
        free_at[first] = free_at.get(first, timedelta()) + visit
    return min(free_at.get(clinician, timedelta()) for clinician in able)
