"""Publishes what happened to a visit: a step of its timeline, an audit row, an event, and live messages to open
pages."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from core import audit, live
from core.actor import Role
from core.database.session import WriteSession
from core.events import outbox
from identity.permissions import Permission
from visits import timeline
from visits.appointments import service as appointments
from visits.events import (
    EmergencyCalled,
    VisitAdmitted,
    VisitCalledBack,
    VisitCancelled,
    VisitCheckFailed,
    VisitCheckPassed,
    VisitEvent,
    VisitFinished,
    VisitForgotten,
    VisitNoShow,
    VisitPutBack,
    VisitReminded,
    VisitRequested,
    VisitRescheduled,
)
from visits.models import CallAttempt, Visit
from visits.timeline import STAFF, StepKind

EVENTS: Mapping[StepKind, type[VisitEvent]] = MappingProxyType(
    {
        StepKind.REQUESTED: VisitRequested,
        StepKind.RESCHEDULED: VisitRescheduled,
        StepKind.FORGOTTEN: VisitForgotten,
        StepKind.CALLED_BACK: VisitCalledBack,
        StepKind.REMINDED: VisitReminded,
        StepKind.CHECK_FAILED: VisitCheckFailed,
        StepKind.ADMITTED: VisitAdmitted,
        StepKind.PUT_BACK: VisitPutBack,
        StepKind.FINISHED: VisitFinished,
        StepKind.CANCELLED: VisitCancelled,
        StepKind.NO_SHOW: VisitNoShow,
        StepKind.EMERGENCY_CALLED: EmergencyCalled,
    }
)
"""The steps that are also events, because a slice subscribes to them."""

LINE_WAKE = "carethread:line:"
"""The prefix of a clinic's channel: a message on it says that the clinic's line has changed."""


async def announce_step(
    write: WriteSession, visit: Visit, step: StepKind, *, reason: str | None = None
) -> None:
    """Add the step, the audit row and the event in this transaction, and keep a booked visit's appointment in step.

    `reason` is a person's own words, for the audit.
    """
    await appointments.follow(write, visit)
    await _record(write, visit, step, reason=reason)


async def announce_attempt(write: WriteSession, visit: Visit, attempt: CallAttempt, step: StepKind) -> None:
    """Like `announce_step`, for a step of a call attempt."""
    await _record(write, visit, step, ref=attempt.id)


async def tell_check_passed(write: WriteSession, visit: Visit) -> None:
    """Nobody has to call about the check any more. It is no step of the visit: nothing has happened to it."""
    event = VisitCheckPassed(visit_id=visit.id, patient_id=visit.patient_id, clinician_id=visit.clinician_id)
    await outbox.add(write, event)


async def announce_phone(
    write: WriteSession, visit: Visit, step: StepKind, call_id: UUID | None = None
) -> None:
    """Like `announce_step`, for a step of a telephone call. It gets no events: `visits.phone` has its own."""
    await _record(write, visit, step, ref=call_id, named="phone_call_id")


async def _record(
    write: WriteSession,
    visit: Visit,
    step: StepKind,
    ref: UUID | None = None,
    reason: str | None = None,
    named: str = "attempt_id",
) -> None:
    await write.flush()
    timeline.add(write, visit_id=visit.id, patient_id=visit.patient_id, kind=step, ref=ref)
    await audit.log(
        write,
        step.value,
        patient_id=visit.patient_id,
        entity=("visit", visit.id),
        detail={named: str(ref)} if ref else None,
        reason=reason,
    )
    if step in EVENTS:
        event = EVENTS[step](visit_id=visit.id, patient_id=visit.patient_id, clinician_id=visit.clinician_id)
        await outbox.add(write, event)
    publish_change(write, visit)


def publish_change(write: WriteSession, visit: Visit) -> None:
    """Refresh the patient's pages and the queue, and wake the waiting room: anybody's place may have changed."""
    visit_id = str(visit.id)
    patient = live.patient(visit.patient_id, Permission.VISIT_READ)
    live.publish(write, "visit.changed", to=[*patient, *STAFF], visit_id=visit_id)
    live.publish(write, "queue.changed", to=STAFF, visit_id=visit_id)
    wake_waiting_line(write)


def wake_waiting_line(write: WriteSession) -> None:
    """Wake the worker, which tells each waiting patient whose place has changed (`visits.waiting.line`)."""
    write.wake(f"{LINE_WAKE}{write.clinic_id}")


def publish_slots(write: WriteSession) -> None:
    """Refresh every page that may show open times."""
    live.publish(write, "slots.changed", to=[live.role(Role.PATIENT), *STAFF])
