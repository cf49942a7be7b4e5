"""The visits slice's part of the worker: ending calls, and tidying up."""

from uuid import UUID

from sqlalchemy import select, text

from core.db import WriteSession, system_unit
from core.outbox import Delivery, Subscriber, name_of, subscriber
from core.services import Services
from core.slices import Cron, Daemon
from identity.domain import EndReason
from identity.events import SessionEnded
from visits import call_events, calls, line, presence, repository, service
from visits.domain import ABANDONED_AFTER, TICKET_GRACE, AttemptEnd, VisitStatus
from visits.events import VisitEvent, VisitFinished, VisitNoShow, VisitPutBack
from visits.models import CallAttempt

ENDS_THE_CALL: tuple[type[VisitEvent], ...] = (VisitFinished, VisitNoShow, VisitPutBack)


async def _end_call(write: WriteSession, delivery: Delivery[VisitEvent]) -> None:
    """Tell signaling that the call is over for everybody. Said again, it ends nothing twice.

    Tickets that may still be unused are void by name: who put a patient back must not sit in on the next clinician.
    """
    visit_id = delivery.event.visit_id
    await _control(write, visit_id)
    recent = select(CallAttempt.id, CallAttempt.account_id).where(
        CallAttempt.visit_id == visit_id,
        CallAttempt.requested_at > delivery.occurred_at - TICKET_GRACE,
        CallAttempt.requested_at <= delivery.occurred_at,
    )
    for row in (await write.execute(recent)).all():
        await _control(write, visit_id, participant_id=str(row.account_id), attempt_id=str(row.id))


async def _control(write: WriteSession, visit_id: UUID, **ids: str) -> None:
    """One order to signaling."""
    order = {"clinic_id": str(write.clinic_id), "visit_id": str(visit_id), **ids}
    await write.services.redis.xadd(call_events.CONTROL, order, maxlen=call_events.KEEP)  # type: ignore[arg-type]  # a dict of str is one of its union


@subscriber(SessionEnded, "visits.leave_call")
async def leave_call(write: WriteSession, delivery: Delivery[SessionEnded]) -> None:
    """Whoever is signed out, disabled or given other roles is out of the call, and their ticket is void.

    Not so a browser that only signed in again, perhaps by a link in another tab.
    """
    if delivery.event.because is EndReason.REPLACED:
        return
    session_id, account_id = delivery.event.session_id, delivery.event.account_id
    for visit_id in await repository.in_call_by(write, session_id):
        visit = await repository.for_update(write, visit_id)
        attempt = await repository.open_attempt(write, visit_id, account_id)
        if attempt is None or attempt.session_id != session_id:
            continue
        await calls.end_attempt(write, visit, attempt, AttemptEnd.REMOVED, write.now())
        await _control(write, visit.id, participant_id=str(account_id), attempt_id=str(attempt.id))


SUBSCRIBERS: list[Subscriber] = [
    leave_call,
    *(subscriber(event, f"visits.end_call.{name_of(event)}")(_end_call) for event in ENDS_THE_CALL),
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

DAEMONS = [Daemon("visits.call_events", call_events.consume), Daemon("visits.line", line.run)]
