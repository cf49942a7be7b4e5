"""Delivery of events: once each, in order, whatever dies on the way (cases 4 and 5)."""

import asyncio
import uuid
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text

from core.actor import system_actor
from core.clock import FrozenClock
from core.database.session import WriteSession, open_unit
from core.events import outbox, relay
from core.events.outbox import Delivery, Event, Subscriber, Subscribers, subscriber
from core.events.relay import LEASE, claim, deliver, drain
from core.services import Services
from tests.people import make_patient, session_for, sign_in


class Happened(Event, frozen=True, tag="test.happened"):
    thing_id: uuid.UUID
    number: int = 0


class Other(Event, frozen=True, tag="test.happened"):
    """Another type under the same name."""

    thing_id: uuid.UUID


def _noting(effects: list[int], name: str = "test.note") -> Subscriber:
    """Notes each effect in the database and in the list."""

    @subscriber(Happened, name)
    async def note(write: WriteSession, delivery: Delivery[Happened]) -> None:
        effects.append(delivery.event.number)

    return note


async def _emit(services: Services, clinic_id: uuid.UUID, thing: uuid.UUID, *numbers: int) -> list[uuid.UUID]:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        return [await outbox.add(unit.write, Happened(thing_id=thing, number=number)) for number in numbers]


async def _claim_of(services: Services, clinic_id: uuid.UUID) -> list[uuid.UUID]:
    """What is claimed of this clinic; others' events are claimed too and come again when their lease ends."""
    claimed = await claim(services, limit=10_000)
    async with services.system.connect() as connection:
        rows = await connection.execute(
            text("SELECT id FROM outbox WHERE id = ANY(:ids) AND clinic_id = :clinic ORDER BY seq"),
            {"ids": claimed, "clinic": clinic_id},
        )
        return list(rows.scalars())


async def test_an_event_of_a_transaction_that_failed_is_never_delivered(
    services: Services, clinic_id: uuid.UUID
) -> None:
    try:
        async with open_unit(services, system_actor(clinic_id)) as unit:
            await outbox.add(unit.write, Happened(thing_id=uuid.uuid4()))
            raise KeyError
    except KeyError:
        pass
    effects: list[int] = []
    assert await drain(services, Subscribers([_noting(effects)]), clinic_id) == 0
    assert effects == []


async def test_twenty_deliveries_at_once_take_effect_once(services: Services, clinic_id: uuid.UUID) -> None:
    [event_id] = await _emit(services, clinic_id, uuid.uuid4(), 1)
    effects: list[int] = []
    subscribers = Subscribers([_noting(effects)])
    await asyncio.gather(*(deliver(services, subscribers, event_id) for _ in range(20)))
    assert effects == [1]


async def test_events_of_one_key_come_in_order_and_one_at_a_time(
    services: Services, clinic_id: uuid.UUID
) -> None:
    thing = uuid.uuid4()
    first, second, third = await _emit(services, clinic_id, thing, 1, 2, 3)
    subscribers = Subscribers([_noting([])])
    assert await _claim_of(services, clinic_id) == [first]
    assert await _claim_of(services, clinic_id) == []
    await deliver(services, subscribers, first)
    assert await _claim_of(services, clinic_id) == [second]
    await deliver(services, subscribers, second)
    assert await _claim_of(services, clinic_id) == [third]


async def test_nothing_is_lost_with_redis_but_time(
    client: httpx.AsyncClient, services: Services, clinic_id: uuid.UUID
) -> None:
    """FLUSHALL with forty jobs handed over: each is found again in PostgreSQL and takes effect once, in its order, and
    whoever is signed in stays so."""
    async with open_unit(services, system_actor(clinic_id)) as unit:
        sign_in(client, await session_for(unit.write, await make_patient(unit.write)))
    effects: list[int] = []
    subscribers = Subscribers([_noting(effects)])
    for first in range(0, 40, 2):
        await _emit(services, clinic_id, uuid.uuid4(), first, first + 1)
    forgotten = await _claim_of(services, clinic_id)
    assert len(forgotten) == 20, "the first of each key"
    await services.redis.flushall()
    assert (await client.get("/api/session")).status_code == 200

    later = replace(services, clock=FrozenClock(services.clock.now() + LEASE + timedelta(seconds=1)))
    while claimed := await _claim_of(later, clinic_id):
        for event_id in claimed:
            await deliver(later, subscribers, event_id)
    assert sorted(effects) == list(range(40))
    assert all(effects.index(number) < effects.index(number + 1) for number in range(0, 40, 2))


async def test_a_job_that_redis_forgot_comes_again_when_its_lease_ends(
    services: Services, clinic_id: uuid.UUID
) -> None:
    """FLUSHALL, or a worker killed in mid-job: the claim is a lease in PostgreSQL."""
    [event_id] = await _emit(services, clinic_id, uuid.uuid4(), 1)
    assert await _claim_of(services, clinic_id) == [event_id]
    await services.redis.flushall()
    async with services.system.begin() as connection:
        await connection.execute(
            text(
                "UPDATE outbox SET leased_until = leased_until - make_interval(secs => :seconds) WHERE id = :id"
            ),
            {"seconds": (LEASE + timedelta(seconds=1)).total_seconds(), "id": event_id},
        )
    assert await _claim_of(services, clinic_id) == [event_id]


async def test_one_failing_subscriber_is_tried_again_without_repeating_the_others(
    services: Services, clinic_id: uuid.UUID
) -> None:
    effects: list[int] = []
    broken = True

    @subscriber(Happened, "test.broken")
    async def fails(write: WriteSession, delivery: Delivery[Happened]) -> None:
        await write.execute(text("SELECT 1"))
        if broken:
            raise ConnectionError

    subscribers = Subscribers([fails, _noting(effects)])
    [event_id] = await _emit(services, clinic_id, uuid.uuid4(), 1)
    await deliver(services, subscribers, event_id)
    async with services.system.connect() as connection:
        row = (
            await connection.execute(
                text(
                    "SELECT done_at, last_error, available_at > created_at AS later FROM outbox WHERE id = :id"
                ),
                {"id": event_id},
            )
        ).one()
    assert row.done_at is None
    assert row.last_error == "ConnectionError"
    assert row.later
    broken = False
    await deliver(services, subscribers, event_id)
    assert effects == [1]
    async with services.system.connect() as connection:
        done = await connection.scalar(text("SELECT done_at FROM outbox WHERE id = :id"), {"id": event_id})
    assert done is not None


async def test_a_failed_effect_leaves_nothing_behind(services: Services, clinic_id: uuid.UUID) -> None:
    @subscriber(Happened, "test.half")
    async def half(write: WriteSession, delivery: Delivery[Happened]) -> None:
        await write.execute(
            text("INSERT INTO inbox VALUES (:event, 'test.trace', :clinic, now())"),
            {"event": delivery.id, "clinic": delivery.clinic_id},
        )
        raise ValueError

    [event_id] = await _emit(services, clinic_id, uuid.uuid4(), 1)
    await deliver(services, Subscribers([half]), event_id)
    async with open_unit(services, system_actor(clinic_id)) as unit:
        assert await unit.read.scalar(text("SELECT count(*) FROM inbox")) == 0


async def test_a_subscriber_that_hangs_has_failed_and_comes_again(
    services: Services, clinic_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "SUBSCRIBER_SECONDS", 0.05)

    @subscriber(Happened, "test.hangs")
    async def hangs(write: WriteSession, delivery: Delivery[Happened]) -> None:
        await asyncio.Event().wait()

    [event_id] = await _emit(services, clinic_id, uuid.uuid4(), 1)
    await deliver(services, Subscribers([hangs]), event_id)
    async with services.system.connect() as connection:
        error = await connection.scalar(
            text("SELECT last_error FROM outbox WHERE id = :id"), {"id": event_id}
        )
    assert error == "TimeoutError"


async def _last_error(services: Services, event_id: uuid.UUID) -> str | None:
    async with services.system.connect() as connection:
        row = await connection.execute(
            text("SELECT last_error, done_at FROM outbox WHERE id = :id"), {"id": event_id}
        )
        error: str | None
        error, done_at = row.one()
        assert (done_at is None) == (error is not None)
        return error


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ("name = 'test.of_the_next_release'", "UnknownEvent"),
        ("ids = '{}'", "ValidationError"),
        ("ids = jsonb_set(ids, '{thing_id}', '\"7\"')", "ValidationError"),
    ],
)
async def test_an_event_that_this_release_cannot_read_waits_for_one_that_can(
    services: Services, clinic_id: uuid.UUID, change: str, error: str
) -> None:
    """In a rolling upgrade an old worker may claim what a new process wrote: it must not count as delivered."""
    [event_id] = await _emit(services, clinic_id, uuid.uuid4(), 1)
    async with services.system.begin() as connection:
        await connection.execute(
            text(f"UPDATE outbox SET {change} WHERE id = :id"),  # noqa: S608  words of this test
            {"id": event_id},
        )
    effects: list[int] = []
    await deliver(services, Subscribers([_noting(effects)]), event_id)
    assert (await _last_error(services, event_id), effects) == (error, [])


async def test_an_event_as_the_release_before_wrote_it_is_delivered(
    services: Services, clinic_id: uuid.UUID
) -> None:
    """It wrote every value as a string, and had other fields."""
    [event_id] = await _emit(services, clinic_id, uuid.uuid4(), 1)
    async with services.system.begin() as connection:
        await connection.execute(
            text('UPDATE outbox SET ids = ids || \'{"number": "5", "gone": "x"}\' WHERE id = :id'),
            {"id": event_id},
        )
    effects: list[int] = []
    await deliver(services, Subscribers([_noting(effects)]), event_id)
    assert (await _last_error(services, event_id), effects) == (None, [5])


async def test_a_retired_event_is_done_and_keeps_nobody_waiting(
    services: Services, clinic_id: uuid.UUID
) -> None:
    [event_id] = await _emit(services, clinic_id, uuid.uuid4(), 1)
    await deliver(services, Subscribers([], retired=["test.happened"]), event_id)
    assert await _last_error(services, event_id) is None


def test_two_subscribers_of_one_name_and_two_events_of_one_name_fail_at_the_start() -> None:
    @subscriber(Other, "test.other")
    async def other(write: WriteSession, delivery: Delivery[Other]) -> None: ...

    with pytest.raises(ValueError, match=r"test\.note"):
        Subscribers([_noting([]), _noting([])])
    with pytest.raises(ValueError, match=r"test\.happened"):
        Subscribers([_noting([]), other])
