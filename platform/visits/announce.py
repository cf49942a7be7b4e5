"""Saying what happened to a visit: one step in its thread, one audit row, one event, and the open screens."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from core.actor import Role
from core.audit import audit
from core.database.session import WriteSession
from core.events import outbox
from core.live import live
from visits import timeline
from visits.events import (
    VisitCancelled,
    VisitEvent,
    VisitFinished,
    VisitNoShow,
    VisitPutBack,
    VisitRequested,
    VisitRescheduled,
)
from visits.models import CallAttempt, Visit
from visits.timeline import STAFF, StepKind

EVENTS: Mapping[StepKind, type[VisitEvent]] = MappingProxyType(
    {
        StepKind.REQUESTED: VisitRequested,
        StepKind.RESCHEDULED: VisitRescheduled,
        StepKind.PUT_BACK: VisitPutBack,
        StepKind.FINISHED: VisitFinished,
        StepKind.CANCELLED: VisitCancelled,
        StepKind.NO_SHOW: VisitNoShow,
    }
)
"""The steps to which somebody subscribes."""

LINE_WAKE = "carethread:line:"
"""Before a clinic's id: the channel on which its line is said to have changed."""


async def announce_step(
    write: WriteSession, visit: Visit, step: StepKind, *, reason: str | None = None
) -> None:
    """Record it where it belongs, in this transaction. `reason` is a person's own words, for the audit."""
    await _record(write, visit, step, reason=reason)


async def announce_attempt(write: WriteSession, visit: Visit, attempt: CallAttempt, step: StepKind) -> None:
    """The same for what happened to a call attempt."""
    await _record(write, visit, step, ref=attempt.id)


async def _record(
    write: WriteSession, visit: Visit, step: StepKind, ref: UUID | None = None, reason: str | None = None
) -> None:
    await write.flush()
    timeline.add(write, visit_id=visit.id, patient_id=visit.patient_id, kind=step, ref=ref)
    await audit.record(
        write,
        step.value,
        patient_id=visit.patient_id,
        entity=("visit", visit.id),
        detail={"attempt_id": str(ref)} if ref else None,
        reason=reason,
    )
    if step in EVENTS:
        event = EVENTS[step](visit_id=visit.id, patient_id=visit.patient_id, clinician_id=visit.clinician_id)
        await outbox.add(write, event)
    tell_screens(write, visit)


def tell_screens(write: WriteSession, visit: Visit) -> None:
    """The patient's pages, the queue, and everyone in the waiting room, whose place may be another now."""
    visit_id = str(visit.id)
    live.tell(write, "visit.changed", to=[live.patient(visit.patient_id), *STAFF], visit_id=visit_id)
    live.tell(write, "queue.changed", to=STAFF, visit_id=visit_id)
    tell_waiting(write)


def tell_waiting(write: WriteSession) -> None:
    """Whoever waits and stands elsewhere now: the worker finds out who (`visits.waiting.line`)."""
    write.wake(f"{LINE_WAKE}{write.clinic_id}")


def tell_slots(write: WriteSession) -> None:
    """Everyone who may be looking at open times."""
    live.tell(write, "slots.changed", to=[live.role(Role.PATIENT), *STAFF])
