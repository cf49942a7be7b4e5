"""Tasks: their kinds, their life and when they are due. Knows no database."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum, StrEnum
from types import MappingProxyType

from core.errors import Conflict, Invalid
from identity.clinic.hours import Opening

MAX_TITLE = 300
MAX_TEXT = 2000
END_OF_DAY = "17:00"
DEFAULT_DAYS = 3
"""When a plan item names no day."""

OFFERED_DAYS = (1, 3, 7, 14, 30)
"""So many days ahead a task is put off, tried again or made for."""


class TaskStatus(StrEnum):
    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


TRANSITIONS: Mapping[TaskStatus, frozenset[TaskStatus]] = MappingProxyType(
    {
        TaskStatus.OPEN: frozenset({TaskStatus.DONE, TaskStatus.CANCELLED}),
        # Closing by mistake can be undone.
        TaskStatus.DONE: frozenset({TaskStatus.OPEN}),
        TaskStatus.CANCELLED: frozenset({TaskStatus.OPEN}),
    }
)


class TaskKind(StrEnum):
    CALL = "call"
    LAB = "lab"
    RECHECK = "recheck"
    REFERRAL = "referral"
    PRESCRIPTION = "prescription"
    OTHER = "other"


class TaskSource(StrEnum):
    """What made the task. Together with the source's id it is unique: the same event makes no second task."""

    PLAN = "plan"
    PRESCRIPTION = "prescription"
    UNCONFIRMED = "unconfirmed"
    NO_SHOW = "no_show"
    RED_FLAG = "red_flag"
    EMERGENCY = "emergency"
    FORGOTTEN = "forgotten"
    CHECK = "check"
    MESSAGE = "message"
    CONTACT_DISPUTED = "contact_disputed"
    NOT_ME = "not_me"
    DUPLICATE = "duplicate"
    MANUAL = "manual"


class ClosedBecause(StrEnum):
    """What closed a task by itself. A code, so that each reader has it in their own language."""

    PHARMACY_CONFIRMED = "pharmacy_confirmed"
    ADMITTED = "admitted"
    VISIT_OVER = "visit_over"
    CHECK_PASSED = "check_passed"


class TaskPriority(IntEnum):
    ROUTINE = 0
    SOON = 1
    URGENT = 2


class Channel(StrEnum):
    """How someone tried to reach the patient."""

    PHONE = "phone"
    MESSAGE = "message"
    SMS = "sms"
    EMAIL = "email"


class Outcome(StrEnum):
    """What came of an attempt to reach the patient."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    LEFT_MESSAGE = "left_message"
    WRONG_NUMBER = "wrong_number"
    DECLINED = "declined"
    SENT = "sent"


def check_move(current: TaskStatus, wanted: TaskStatus) -> None:
    """Raise Conflict ``task_is_<status>`` unless TRANSITIONS allows the move."""
    if wanted not in TRANSITIONS[current]:
        raise Conflict(f"task_is_{current}")


def due_at(signed: datetime, days: int | None, opening: Opening) -> datetime:
    """The end of the clinic's day, so many days on, or of the next day on which it opens.

    Today's task that comes after hours is due in two hours.
    """
    wanted: date = signed.astimezone(opening.zone).date() + timedelta(
        days=DEFAULT_DAYS if days is None else days
    )
    day = opening.open_day(wanted) or wanted
    end = opening.instant(day, END_OF_DAY)
    return max(min(end, opening.closing(day) or end), signed + timedelta(hours=2))


def within_hours(at: datetime, now: datetime, opening: Opening) -> datetime | None:
    """The time itself if the clinic is open then, or else one near it at which it is; None if it opens on no near day.

    On a day when the clinic is closed: the next open day, at the same time of day or the nearest to it. Before opening,
    or between two openings: when it opens. After closing: when it closes, if that leaves an hour, or else two hours
    after it opens on the next open day.
    """
    at, local = at.astimezone(UTC), at.astimezone(opening.zone)
    day = opening.open_day(local.date())
    if day is None:
        return None
    if day != local.date():
        at = opening.instant(day, f"{local:%H:%M}")
    opens, closes = opening.opening(day), opening.closing(day)
    if opens is None or closes is None:
        return at
    if at <= closes:
        return at if opening.is_open(at) or at == closes else opening.next_opening(at)
    if closes - now >= timedelta(hours=1):
        return closes
    following = opening.open_day(day + timedelta(days=1))
    if following is None:
        return None
    opens, closes = opening.opening(following), opening.closing(following)
    # A clinic with any hours has some on each day on which it opens.
    return min(opens + timedelta(hours=2), closes) if opens and closes else None


def in_days(days: int, now: datetime, opening: Opening) -> datetime | None:
    """This time of day so many days on by the clinic's clock, or the next at which it is open; None if none is near."""
    local = now.astimezone(opening.zone)
    wanted = opening.instant(local.date() + timedelta(days=days), f"{local:%H:%M}")
    return within_hours(wanted, now, opening)


def clean_title(text: str) -> str:
    """The title on one line. Raises Invalid."""
    title = " ".join(text.split())
    if not title:
        raise Invalid({"title": "required"})
    if len(title) > MAX_TITLE:
        raise Invalid({"title": "too_long"})
    return title


def clean_text(field: str, text: str) -> str:
    """Free text of at most MAX_TEXT characters. Raises Invalid naming the field."""
    text = text.strip()
    if len(text) > MAX_TEXT:
        raise Invalid({field: "too_long"})
    return text
