"""Every slice of the application, in the order of their layers."""

from app.upkeep import UPKEEP
from chart import slice as chart
from core.events.outbox import Subscribers, events_defined_in
from core.slices import Cron, Slice
from directory import slice as directory
from followup import slice as followup
from identity import slice as identity
from intake import slice as intake
from messaging import slice as messaging
from visits import slice as visits

SLICES: list[Slice] = [
    identity.SLICE,
    directory.SLICE,
    visits.SLICE,
    chart.SLICE,
    messaging.SLICE,
    intake.SLICE,
    followup.SLICE,
]

RETIRED_EVENTS = frozenset(
    {
        "intake.submitted",
        "note.addended",
        "notification.queued",
        "task.closed",
        "visit.attempt_ended",
        "visit.attempt_started",
        "visit.flag_changed",
        "visit.flagged",
        "visit.left",
        "visit.phoned",
        "visit.ready",
        "visit.returned",
        "visit.running_late",
    }
)
"""Events of an earlier release to which nobody subscribes any more: an upgrade may find some undelivered."""


def all_subscribers() -> Subscribers:
    """Every subscriber of every slice. Raises ValueError if a slice defines an event to which nobody subscribes."""
    subscribers = Subscribers((each for part in SLICES for each in part.subscribers), RETIRED_EVENTS)
    unheard = events_defined_in(part.name for part in SLICES) - subscribers.events
    if unheard:
        names = ", ".join(sorted(each.__qualname__ for each in unheard))
        raise ValueError(f"nobody subscribes to {names}")
    return subscribers


def all_cron() -> list[Cron]:
    """The regular work of every slice. Raises ValueError if two have one name, under which each is locked."""
    crons = [*UPKEEP, *(cron for part in SLICES for cron in part.cron)]
    twice = {each.name for each in crons if [other.name for other in crons].count(each.name) > 1}
    if twice:
        raise ValueError(f"two kinds of regular work are named {', '.join(sorted(twice))}")
    return crons
