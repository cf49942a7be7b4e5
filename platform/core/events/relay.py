"""Delivers the outbox: claims what is due, in order within each key, and runs its subscribers.

Claims are leases: if a worker dies, or Redis forgets the job, the event is claimed again when its lease ends.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, text

from core import live
from core.actor import Role
from core.database.session import Unit, system_unit
from core.events.outbox import WAKE, Delivery, Event, SlowSubscriber, Subscriber, Subscribers, UnknownEvent
from core.events.pauses import pause_after
from core.events.wakes import Wakes
from core.logs import Log
from core.services import Services

log = Log("relay")

LEASE = timedelta(seconds=30)
"""A lease is longer than a job may run (``app.process.worker``), and short enough that a lost event comes again
soon."""
SUBSCRIBER_SECONDS = 15.0
"""A subscriber that takes longer fails and is tried again. It is less than a job may run, so that the failure is
recorded."""
POLL_SECONDS = 1.0

_CLAIM = text("""
    UPDATE outbox SET leased_until = :until, attempts = attempts + 1
    WHERE id IN (
        SELECT o.id FROM outbox o
        WHERE o.done_at IS NULL AND o.failed_at IS NULL
          AND o.available_at <= :now AND (o.leased_until IS NULL OR o.leased_until < :now)
          AND NOT EXISTS (
              SELECT 1 FROM outbox p
              WHERE p.key = o.key AND p.clinic_id = o.clinic_id AND p.seq < o.seq
                AND p.done_at IS NULL AND p.failed_at IS NULL)
        ORDER BY o.seq LIMIT :limit
        FOR UPDATE SKIP LOCKED)
    RETURNING id
""")
_LOAD = text(
    "SELECT id, clinic_id, name, ids, created_at, attempts FROM outbox WHERE id = :id AND done_at IS NULL"
)
_DONE = text("UPDATE outbox SET done_at = :now, leased_until = NULL, last_error = NULL WHERE id = :id")
_AGAIN = text(
    "UPDATE outbox SET leased_until = NULL, available_at = :at, last_error = :error, "
    "failed_at = CASE WHEN attempts >= :most THEN cast(:now AS timestamptz) END WHERE id = :id"
)
_ENTER = text(
    "INSERT INTO inbox (event_id, subscriber, clinic_id, done_at) VALUES (:event, :subscriber, :clinic, :now) "
    "ON CONFLICT DO NOTHING RETURNING event_id"
)
_HAS_ENTERED = text("SELECT true FROM inbox WHERE event_id = :event AND subscriber = :subscriber")

_NEXT = text(
    "SELECT id, name, last_error FROM outbox WHERE clinic_id = :clinic AND done_at IS NULL AND failed_at IS NULL "
    "ORDER BY seq LIMIT 1"
)

Enqueue = Callable[[UUID], Awaitable[None]]


async def claim(services: Services, limit: int = 100) -> list[UUID]:
    """Lease what is due: at most the first undelivered event of each key."""
    now = services.clock.now()
    async with services.system.begin() as connection:
        rows = await connection.execute(_CLAIM, {"until": now + LEASE, "now": now, "limit": limit})
        return [row.id for row in rows]


async def relay(services: Services, enqueue: Enqueue) -> None:
    """Hand due events to the workers, for ever: at once when woken, and every second in any case."""
    async with Wakes(services.redis, WAKE) as wakes:
        while True:
            claimed = await claim(services)
            for event_id in claimed:
                await enqueue(event_id)
            if not claimed:
                await wakes.wait(POLL_SECONDS)


async def deliver(services: Services, subscribers: Subscribers, event_id: UUID) -> None:
    """Run every subscriber of an event that has not yet taken effect; then the event is done.

    One that fails does not keep the others from running; the event comes again for it, later each time.
    """
    async with services.system.connect() as connection:
        row = (await connection.execute(_LOAD, {"id": event_id})).one_or_none()
    if row is None:
        return
    error = await _deliver(services, subscribers, row)
    async with services.system.begin() as connection:
        now = services.clock.now()
        if error is None:
            await connection.execute(_DONE, {"id": event_id, "now": now})
        else:
            pause = pause_after(row.attempts, services.settings.retry_pause_seconds)
            again = {"id": event_id, "at": now + pause, "now": now}
            again["most"] = services.settings.event_tries
            await connection.execute(_AGAIN, {**again, "error": type(error).__name__})
    if error is not None or row.attempts > 1:
        await publish_stuck_work(services, row.clinic_id)
    await _wake_relay(services)


async def publish_stuck_work(services: Services, clinic_id: UUID) -> None:
    """The list of what is stuck is another now."""
    async with system_unit(services, clinic_id) as unit:
        live.publish(unit.write, "work.changed", [live.role(Role.ADMIN)])


async def _deliver(services: Services, subscribers: Subscribers, row: Row[Any]) -> Exception | None:
    """Deliver to each subscriber; returns the last failure. An event that this release cannot read waits for one
    that can."""
    try:
        event = subscribers.decode(row.name, row.ids)
    except (UnknownEvent, msgspec.ValidationError) as failure:
        log.error("event_unreadable", failure, event_id=row.id, attempts=row.attempts)
        return failure
    if event is None:
        return None
    delivery = Delivery(row.id, row.clinic_id, row.created_at, event)
    error: Exception | None = None
    for each in subscribers.of(event):
        try:
            async with asyncio.timeout(SUBSCRIBER_SECONDS):
                await _run(services, each, delivery)
        except Exception as failure:
            error = failure
            log.error(
                "subscriber_failed", failure, subscriber=each.name, event_id=row.id, attempts=row.attempts
            )
    return error


async def _run(services: Services, subscriber: Subscriber, delivery: Delivery[Event]) -> None:
    """One subscriber, in a transaction with its inbox row: a second delivery finds the row and does nothing."""
    if isinstance(subscriber, SlowSubscriber) and await _has_entered(services, subscriber, delivery):
        return
    keep = await subscriber.prepared(services, delivery)
    async with system_unit(services, delivery.clinic_id) as unit:
        if await _entered(unit, subscriber, delivery):
            await keep(unit.write)


async def _has_entered(services: Services, subscriber: Subscriber, delivery: Delivery[Event]) -> bool:
    """Whether the inbox has it already, so that slow work is not repeated."""
    async with system_unit(services, delivery.clinic_id) as unit:
        values = {"event": delivery.id, "subscriber": subscriber.name}
        return await unit.session.scalar(_HAS_ENTERED, values) is not None


async def _entered(unit: Unit, subscriber: Subscriber, delivery: Delivery[Event]) -> bool:
    values = {"event": delivery.id, "subscriber": subscriber.name, "clinic": delivery.clinic_id}
    return await unit.session.scalar(_ENTER, {**values, "now": unit.services.clock.now()}) is not None


async def _wake_relay(services: Services) -> None:
    """Wake the relay: the key's next event may be due now."""
    with suppress(Exception):
        await asyncio.wait_for(services.redis.publish(WAKE, b""), timeout=1)


async def drain(services: Services, subscribers: Subscribers, clinic_id: UUID) -> int:
    """Deliver all of a clinic's events in this process, those they cause included: for the seed and for tests.

    Returns how many were delivered. Raises RuntimeError if a subscriber fails.
    """
    count = 0
    while True:
        async with services.system.connect() as connection:
            row = (await connection.execute(_NEXT, {"clinic": clinic_id})).one_or_none()
        if row is None:
            return count
        if row.last_error is not None:
            raise RuntimeError(f"{row.name} failed: {row.last_error}")
        await deliver(services, subscribers, row.id)
        count += 1
