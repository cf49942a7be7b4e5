"""The line in the waiting room, and how long it will honestly take. Pure.

The estimate plays the line forward with the durations of this clinic's last visits: each clinician at work
sees the next patient when the one before is done. It is played three times, with short, middling and long
visits, which gives the range. With too little to go on it says so (None) instead of guessing.
"""

import heapq
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
    """One waiting visit, as far as its place is concerned. `slot_starts_at` is None on demand."""

    visit_id: UUID
    priority: int
    queued_at: datetime
    slot_starts_at: datetime | None = None


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
    ahead: int,
    durations: Sequence[timedelta],
    elapsed: Sequence[timedelta],
    clinicians: int,
    unanswered: timedelta = timedelta(),
) -> Estimate | None:
    """Minutes until a clinician is free for the one who has `ahead` people before them.

    `durations`: how long the clinic's latest visits took. `elapsed`: how long each visit that is going on
    has taken so far. `clinicians`: how many are at work, those in a visit included. `unanswered`: how long the
    first in line has been waiting although somebody is free.
    None when nobody is at work, too few visits are known, or whoever is free does not come: we cannot tell.
    """
    at_work = max(clinicians, len(elapsed))
    somebody_is_free = at_work > len(elapsed)
    stuck = somebody_is_free and unanswered > (FORGOTTEN if ahead else SETTLING)
    if at_work == 0 or len(durations) < ENOUGH or stuck:
        return None
    ordered = sorted(durations)
    low, likely, high = (
        _free_after(ahead, _quantile(ordered, q), elapsed, at_work) for q in (SHORT, MIDDLING, LONG)
    )
    return Estimate(
        low=math.floor(low / timedelta(minutes=1)),
        likely=math.ceil(likely / timedelta(minutes=1)),
        high=math.ceil(max(high, SETTLING) / timedelta(minutes=1)),
    )


def _quantile(ordered: Sequence[timedelta], q: float) -> timedelta:
    """Nearest-rank quantile of a sorted, non-empty sequence."""
    return ordered[max(math.ceil(q * len(ordered)) - 1, 0)]


def _free_after(ahead: int, visit: timedelta, elapsed: Sequence[timedelta], at_work: int) -> timedelta:
    """When the next clinician is free after `ahead` more patients, if each visit takes `visit`."""
    busy = [max(visit - spent, ABOUT_TO_END) for spent in elapsed]
    free_at = busy + [timedelta()] * (at_work - len(busy))
    heapq.heapify(free_at)
    for _ in range(ahead):
        heapq.heapreplace(free_at, free_at[0] + visit)
    return free_at[0]
