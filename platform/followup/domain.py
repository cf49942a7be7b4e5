"""Tasks: their kinds, their life and when they are due. Knows no database."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import IntEnum, StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from core.errors import Conflict, Invalid
from identity.hours import Hours, closing, open_day

MAX_TITLE = 300
MAX_TEXT = 2000
END_OF_DAY = time(17, 0)
NO_HOURS: Hours = MappingProxyType({})
DEFAULT_DAYS = 3
"""When a plan item names no day."""


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
    CONTACT_DISPUTED = "contact_disputed"
    NOT_ME = "not_me"
    DUPLICATE = "duplicate"
    MANUAL = "manual"


class ClosedBecause(StrEnum):
    """What closed a task by itself. A code, so that each reader has it in their own language."""

    PHARMACY_CONFIRMED = "pharmacy_confirmed"


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


def due_at(signed: datetime, days: int | None, zone: ZoneInfo, hours: Hours = NO_HOURS) -> datetime:
    """The end of the clinic's day, so many days on, or of the next day on which it opens.

    Today's task that comes after hours is due in two hours.
    """
    wanted: date = signed.astimezone(zone).date() + timedelta(days=DEFAULT_DAYS if days is None else days)
    day = open_day(hours, wanted)
    due = datetime.combine(day, min(END_OF_DAY, closing(hours, day) or END_OF_DAY), zone)
    return max(due, signed + timedelta(hours=2))


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
