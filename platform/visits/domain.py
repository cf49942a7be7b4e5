"""The life of a visit and of a call attempt: states, allowed moves, priorities. Knows no database."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Literal

import msgspec

from core.rules.rulebook import Decision
from core.rules.text import Text


class VisitKind(StrEnum):
    """How the visit came about. Both kinds end in the same waiting room."""

    ON_DEMAND = "on_demand"
    BOOKED = "booked"


class VisitStatus(StrEnum):
    INTAKE = "intake"
    """Requested; the patient is answering, or has a booked time that has not come yet."""
    WAITING = "waiting"
    """Ready and in the line."""
    ADMITTED = "admitted"
    """A clinician has taken the visit. Calls may start, drop and start again."""
    LEFT = "left"
    """The patient stepped out of the waiting room and may come back."""
    FINISHED = "finished"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


TRANSITIONS: Mapping[VisitStatus, frozenset[VisitStatus]] = MappingProxyType(
    {
        VisitStatus.INTAKE: frozenset(
            {VisitStatus.WAITING, VisitStatus.ADMITTED, VisitStatus.CANCELLED, VisitStatus.NO_SHOW}
        ),
        VisitStatus.WAITING: frozenset(
            {VisitStatus.ADMITTED, VisitStatus.LEFT, VisitStatus.CANCELLED, VisitStatus.NO_SHOW}
        ),
        VisitStatus.ADMITTED: frozenset(
            {VisitStatus.WAITING, VisitStatus.INTAKE, VisitStatus.FINISHED, VisitStatus.NO_SHOW}
        ),
        VisitStatus.LEFT: frozenset(
            {VisitStatus.WAITING, VisitStatus.ADMITTED, VisitStatus.CANCELLED, VisitStatus.NO_SHOW}
        ),
        VisitStatus.FINISHED: frozenset(),
        VisitStatus.CANCELLED: frozenset(),
        VisitStatus.NO_SHOW: frozenset(),
    }
)

ONLY_FLAGGED = frozenset(
    {(VisitStatus.INTAKE, VisitStatus.ADMITTED), (VisitStatus.LEFT, VisitStatus.ADMITTED)}
)
"""Moves for a patient in danger alone: everybody else is admitted from the waiting room."""

OPEN_STATUSES = frozenset(status for status, onward in TRANSITIONS.items() if onward)
"""The visit is still going on, so its patient cannot open a second one on demand."""


class IllegalMove(Exception):
    """The visit is not in a state from which this move is allowed."""

    def __init__(self, current: VisitStatus, wanted: VisitStatus) -> None:
        super().__init__(f"{current} -> {wanted}")
        self.current = current
        self.wanted = wanted


def check_move(current: VisitStatus, wanted: VisitStatus, *, flagged: bool = False) -> None:
    """Raise IllegalMove unless TRANSITIONS allows going from `current` to `wanted`.

    `flagged`: whether the visit has a red flag, which the moves of ONLY_FLAGGED need.
    """
    if wanted not in TRANSITIONS[current] or ((current, wanted) in ONLY_FLAGGED and not flagged):
        raise IllegalMove(current, wanted)


class Priority(IntEnum):
    """The priority in the line. Priority comes before waiting time; only red flags raise it."""

    ROUTINE = 0
    URGENT = 1
    EMERGENCY = 2


class RedFlag(msgspec.Struct, frozen=True):
    """A sign of danger in the answers: a rule's code, how urgent it makes the visit, and when it was seen.

    A flag stays when the answers behind it are changed. `changed_at` then says since when they no longer raise it.
    `version` is that of the rule, and `because` says what raised it; flags that are older than both have neither.
    """

    code: str
    level: Literal["emergency", "urgent"]
    at: datetime
    changed_at: datetime | None = None
    version: int | None = None
    because: Text | None = None


QUIET_FLAGS = frozenset({"unsafe_home", "sexual_assault"})
"""Red flags of violence. A notice on the patient's phone is a danger if somebody else reads it."""

QUIET_FOR = timedelta(days=30)
"""After such a visit begins, the patient's phone and mailbox get only what the patient asks for, for this long."""


def flag(decision: Decision, priority: Priority, at: datetime) -> RedFlag:
    """A rule's decision with the priority that it gives."""
    level: Literal["emergency", "urgent"] = "emergency" if priority is Priority.EMERGENCY else "urgent"
    return RedFlag(decision.rule, level, at, version=decision.version, because=decision.because)


def explained(flags: Iterable[RedFlag], decisions: Iterable[Decision]) -> list[RedFlag]:
    """The flags with the newest decision of each rule that decided."""
    newest = {decision.rule: decision for decision in decisions}
    return [
        msgspec.structs.replace(each, version=found.version, because=found.because)
        if (found := newest.get(each.code))
        else each
        for each in flags
    ]


def raised(current: int, others: Iterable[Priority]) -> Priority:
    """The highest of all: a flag never makes a visit less urgent."""
    return max([Priority(current), *others])


PHONED_ONCE = timedelta(minutes=1)
"""Pressing 'Call now' again within this time counts as the same phone call."""

EMERGENCY_ONCE = timedelta(minutes=1)
"""Saying again within this time that emergency services were called counts as the same call."""

EMERGENCY_NOTED = timedelta(days=1)
"""So long after a visit it may still be noted that emergency services were called."""

CHECK_IN_OPENS = timedelta(minutes=30)
"""A booked patient may enter the waiting room this long before the slot."""

LATE_GRACE = timedelta(minutes=10)
"""A booked patient who arrives at most this late keeps the place that the slot gave."""

AWAY_GRACE = timedelta(minutes=30)
"""Someone who left the waiting room and comes back within this time finds the same place."""

ABANDONED_AFTER = timedelta(hours=24)
"""The sweeper closes an on-demand request or an absence that is older than this."""


def may_check_in(slot_starts_at: datetime | None, now: datetime) -> bool:
    """True when the patient can wait now: always on demand, near the slot when booked."""
    return slot_starts_at is None or now >= slot_starts_at - CHECK_IN_OPENS


def place_in_time(slot_starts_at: datetime | None, now: datetime) -> datetime:
    """The instant that gives an arriving patient a place in the line.

    On demand: now. Booked: the slot's start, unless the patient is later than LATE_GRACE, then now.
    """
    if slot_starts_at is None or now > slot_starts_at + LATE_GRACE:
        return now
    return slot_starts_at


def place_after_absence(queued_at: datetime, left_at: datetime, now: datetime) -> datetime:
    """The start of waiting for a patient who comes back: unchanged after a short absence, now after a long one."""
    return queued_at if now - left_at <= AWAY_GRACE else now


class AttemptEnd(StrEnum):
    """Why a call attempt ended, in the words of signaling. None of them ends the visit."""

    HANG_UP = "hang_up"
    TIMEOUT = "timeout"
    """The connection was lost and did not come back."""
    TOO_SLOW = "too_slow"
    RELOADED = "reloaded"
    TAKEN_OVER = "taken_over"
    """The same person joined again, in another tab or on another device."""
    REMOVED = "removed"
    VISIT_OVER = "visit_over"
    NEVER_JOINED = "never_joined"
    """Nobody used the ticket."""


TICKET_GRACE = timedelta(minutes=2)
"""An attempt counts as not started when signaling has not seen it this long after its ticket was made."""
