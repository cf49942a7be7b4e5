"""The visits slice's part of the worker: ending calls, and closing visits whose patient did not come back."""

from uuid import UUID

from sqlalchemy import select, text

from core.database.session import ReadSession, WriteSession, system_unit
from core.events.outbox import Delivery, Keep, Subscriber, name_of, nothing_to_keep, slow_subscriber
from core.services import Services
from core.slices import Cron, Daemon
from identity.domain import EndReason
from identity.events import SessionEnded
from identity.related.events import RelationEnded
from visits import repository, service
from visits.booking import reminders
from visits.calls import call_events
from visits.calls import service as calls
from visits.domain import ABANDONED_AFTER, TICKET_GRACE, AttemptEnd, VisitStatus
from visits.events import VisitEvent, VisitFinished, VisitNoShow, VisitPutBack
from visits.models import CallAttempt
from visits.people.events import GuestOut
from visits.waiting import forgotten, line, presence, turn

ENDS_THE_CALL: tuple[type[VisitEvent], ...] = (VisitFinished, VisitNoShow, VisitPutBack)


async def _end_call(services: Services, delivery: Delivery[VisitEvent]) -> Keep:
    """Tell signaling that the call is over for everybody. Said again, it ends nothing twice.

    Tickets that may still be unused are void by name: who put a patient back must not sit in on the next clinician.
    """
    visit_id = delivery.event.visit_id
    recent = select(CallAttempt.id, CallAttempt.account_id).where(
        CallAttempt.visit_id == visit_id,
        CallAttempt.requested_at > delivery.occurred_at - TICKET_GRACE,
        CallAttempt.requested_at <= delivery.occurred_at,
    )
    async with system_unit(services, delivery.clinic_id) as unit:
        attempts = (await unit.read.execute(recent)).all()
    await call_events.order(services, delivery.clinic_id, visit_id)
    for row in attempts:
        await call_events.order_out(services, delivery.clinic_id, visit_id, row.account_id, row.id)
    return nothing_to_keep


@slow_subscriber(SessionEnded, "visits.leave_call")
async def leave_call(services: Services, delivery: Delivery[SessionEnded]) -> Keep:
    """Whoever is signed out, disabled or given other roles is out of the call, and their ticket is void.

    Not so a browser that only signed in again, perhaps by a link in another tab.
    """
    if delivery.event.because is EndReason.REPLACED:
        return nothing_to_keep
    account_id = delivery.event.account_id
    async with system_unit(services, delivery.clinic_id) as unit:
        visits = await repository.in_call_by(unit.read, delivery.event.session_id)
        attempts = [(each, await _attempt_of(unit.read, each, delivery.event)) for each in visits]
    for visit_id, attempt in attempts:
        if attempt is not None:
            await call_events.order_out(services, delivery.clinic_id, visit_id, account_id, attempt.id)

    async def end_attempts(write: WriteSession) -> None:
        for visit_id in visits:
            visit = await repository.for_update(write, visit_id)
            attempt = await _attempt_of(write, visit_id, delivery.event)
            if attempt is not None:
                await calls.end_attempt(write, visit, attempt, AttemptEnd.REMOVED, write.now())

    return end_attempts


@slow_subscriber(RelationEnded, "visits.leave_call_for")
async def leave_call_for(services: Services, delivery: Delivery[RelationEnded]) -> Keep:
    """Whoever acts for a patient no more is out of the call that they were in for them."""
    ended = delivery.event
    async with system_unit(services, delivery.clinic_id) as unit:
        attempts = await repository.attempts_for(unit.read, ended.account_id, ended.patient_id)
    for attempt in attempts:
        await call_events.order_out(
            services, delivery.clinic_id, attempt.visit_id, ended.account_id, attempt.id
        )

    async def end_attempts(write: WriteSession) -> None:
        for visit_id in sorted({each.visit_id for each in attempts}):
            visit = await repository.for_update(write, visit_id)
            attempt = await repository.open_attempt(write, visit_id, ended.account_id)
            if attempt is not None:
                await calls.end_attempt(write, visit, attempt, AttemptEnd.REMOVED, write.now())

    return end_attempts


@slow_subscriber(GuestOut, "visits.leave_call_as_guest")
async def leave_call_as_guest(services: Services, delivery: Delivery[GuestOut]) -> Keep:
    """A guest whose invitation is over is out of the call, however often they have signed in since they joined it."""
    visit_id, account_id = delivery.event.visit_id, delivery.event.account_id
    async with system_unit(services, delivery.clinic_id) as unit:
        attempt = await repository.open_attempt(unit.read, visit_id, account_id)
    if attempt is None:
        return nothing_to_keep
    await call_events.order_out(services, delivery.clinic_id, visit_id, account_id, attempt.id)

    async def end_attempt(write: WriteSession) -> None:
        visit = await repository.for_update(write, visit_id)
        attempt = await repository.open_attempt(write, visit_id, account_id)
        if attempt is not None:
            await calls.end_attempt(write, visit, attempt, AttemptEnd.REMOVED, write.now())

    return end_attempt


async def _attempt_of(read: ReadSession, visit_id: UUID, ended: SessionEnded) -> CallAttempt | None:
    """The open attempt of the sign-in that has ended."""
    attempt = await repository.open_attempt(read, visit_id, ended.account_id)
    return attempt if attempt is not None and attempt.session_id == ended.session_id else None


SUBSCRIBERS: list[Subscriber] = [
    leave_call,
    leave_call_for,
    leave_call_as_guest,
    *(slow_subscriber(event, f"visits.end_call.{name_of(event)}")(_end_call) for event in ENDS_THE_CALL),
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
    Cron("visits.turn", 10, turn.tell),
    Cron("visits.reminders", 60, reminders.tell),
    Cron("visits.forgotten", 60, forgotten.tell),
    Cron("visits.reconcile", 60, call_events.reconcile),
    Cron("visits.abandoned", 600, close_abandoned),
]

DAEMONS = [Daemon("visits.call_events", call_events.consume), Daemon("visits.line", line.run)]
