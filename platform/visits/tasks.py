"""The visits slice's part of the worker: other slices' events become steps of the thread, and tidying up."""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import select, text

from core import live
from core.db import WriteSession, system_unit
from core.outbox import EventEnvelope, Subscriber, subscriber
from core.services import Services
from core.slices import Cron, Daemon
from identity.domain import EndReason
from visits import call_events, calls, presence, repository, service
from visits.domain import ABANDONED_AFTER, TICKET_GRACE, AttemptEnd, VisitStatus
from visits.models import CallAttempt, VisitStep
from visits.telling import STAFF

THREAD_EVENTS: Mapping[str, str | None] = MappingProxyType(
    {
        "intake.submitted": None,
        "note.signed": "note_id",
        "note.addended": "note_id",
        "summary.ready": None,
        "task.closed": "task_id",
    }
)
"""Events of other slices that are a knot in the thread of their visit, and which of their ids its `ref` is.

Prescriptions are not here: their slice writes its knots itself, together with who did it.
"""


async def _add_step(write: WriteSession, event: EventEnvelope) -> None:
    """Keep what happened elsewhere in the thread of its visit."""
    if "visit_id" not in event.ids:
        return
    visit_id, patient_id = event.uuid("visit_id"), event.uuid("patient_id")
    about = THREAD_EVENTS[event.name]
    ref = event.uuid(about) if about else None
    write.add(VisitStep(visit_id=visit_id, kind=event.name, at=event.occurred_at, ref=ref))
    live.tell(write, "visit.changed", to=[live.patient(patient_id), *STAFF], visit_id=str(visit_id))


ENDS_THE_CALL = ("visit.finished", "visit.no_show", "visit.put_back")


async def _end_call(write: WriteSession, event: EventEnvelope) -> None:
    """Tell signaling that the call is over for everybody. Said again, it ends nothing twice.

    Tickets that may still be unused are void by name: who put a patient back must not sit in on the next clinician.
    """
    await _control(event, visit_id=event.ids["visit_id"])
    recent = select(CallAttempt.id, CallAttempt.account_id).where(
        CallAttempt.visit_id == event.uuid("visit_id"),
        CallAttempt.requested_at > event.occurred_at - TICKET_GRACE,
        CallAttempt.requested_at <= event.occurred_at,
    )
    for row in (await write.execute(recent)).all():
        await _control(
            event,
            visit_id=event.ids["visit_id"],
            participant_id=str(row.account_id),
            attempt_id=str(row.id),
        )


async def _control(event: EventEnvelope, **ids: str) -> None:
    """One order to signaling."""
    order = {"clinic_id": str(event.clinic_id), **ids}
    await event.services.redis.xadd(call_events.CONTROL, order, maxlen=call_events.KEEP)  # type: ignore[arg-type]  # a dict of str is one of its union


@subscriber("identity.session_ended", "visits.leave_call")
async def leave_call(write: WriteSession, event: EventEnvelope) -> None:
    """Whoever is signed out, disabled or given other roles is out of the call, and their ticket is void.

    Not so a browser that only signed in again, perhaps by a link in another tab.
    """
    if event.ids["because"] == EndReason.REPLACED:
        return
    session_id, account_id = event.uuid("session_id"), event.uuid("account_id")
    for visit_id in await repository.in_call_by(write, session_id):
        visit = await repository.for_update(write, visit_id)
        attempt = await repository.open_attempt(write, visit_id, account_id)
        if attempt is None or attempt.session_id != session_id:
            continue
        await calls.end_attempt(write, visit, attempt, AttemptEnd.REMOVED, write.now())
        await _control(
            event,
            visit_id=str(visit.id),
            participant_id=str(account_id),
            attempt_id=str(attempt.id),
        )


SUBSCRIBERS: list[Subscriber] = [
    leave_call,
    *(subscriber(name, f"visits.step.{name}")(_add_step) for name in THREAD_EVENTS),
    *(subscriber(name, f"visits.end_call.{name}")(_end_call) for name in ENDS_THE_CALL),
]


_ABANDONED = text(
    "SELECT id, clinic_id FROM visit WHERE (status = 'left' AND left_at < :before) "
    "OR (status = 'intake' AND kind = 'on_demand' AND requested_at < :before)"
)


async def close_abandoned(services: Services) -> None:
    """Cancel on-demand requests that were never completed, and absences without a return."""
    before = services.clock.now() - ABANDONED_AFTER
    async with services.system.connect() as connection:
        rows = (await connection.execute(_ABANDONED, {"before": before})).all()
    for row in rows:
        async with system_unit(services, row.clinic_id) as unit:
            visit = await repository.for_update(unit.write, row.id)
            if visit.status in (VisitStatus.LEFT, VisitStatus.INTAKE):
                await service.cancel(unit.write, visit, "abandoned")


CRON = [
    Cron("visits.presence", 5, presence.sweep),
    Cron("visits.reconcile", 60, call_events.reconcile),
    Cron("visits.abandoned", 600, close_abandoned),
]

DAEMONS = [Daemon("visits.call_events", call_events.consume)]
