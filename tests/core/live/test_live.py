"""Live push: numbered without gaps, resumed without loss, and heard only by those who may."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from core import live
from core.actor import Actor, Role, system_actor
from core.database.session import open_unit
from core.live.hub import MAX_SCREENS, LiveHub, Stream
from core.live.push import LiveMessage
from core.services import Services
from tests.patience import PATIENCE

PACE = 0.2


@pytest.fixture
async def alive() -> set[uuid.UUID]:
    """The sign-in sessions that are good."""
    return set()


@pytest.fixture
async def hub(services: Services, alive: set[uuid.UUID]) -> AsyncIterator[LiveHub]:
    async def streams_alive(_: Services, streams: set[Stream]) -> set[Stream]:
        return {stream for stream in streams if stream[0] in alive}

    hub = LiveHub(services, streams_alive, PACE)
    reader = asyncio.create_task(hub.run())
    yield hub
    reader.cancel()


def _person(clinic_id: uuid.UUID, alive: set[uuid.UUID], *roles: Role) -> Actor:
    session_id = uuid.uuid4()
    alive.add(session_id)
    return Actor(
        clinic_id=clinic_id,
        roles=frozenset(roles or {Role.CLINICIAN}),
        account_id=uuid.uuid4(),
        session_id=session_id,
    )


async def _tell(services: Services, clinic_id: uuid.UUID, number: int, to: str = "role:clinician") -> None:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        live.publish(unit.write, "test.changed", [to], thing_id=str(number))


async def _hear(hub: LiveHub, actor: Actor, after: int | None, count: int) -> list[LiveMessage]:
    """So many messages, the hello included."""
    heard: list[LiveMessage] = []
    async with asyncio.timeout(PATIENCE), aclosing(hub.listen(actor, after)) as messages:
        async for message in messages:
            heard.append(message)
            if len(heard) == count:
                break
    return heard


async def test_whoever_comes_back_hears_what_they_missed_once(
    hub: LiveHub, services: Services, clinic_id: uuid.UUID, alive: set[uuid.UUID]
) -> None:
    person = _person(clinic_id, alive)
    [hello] = await _hear(hub, person, None, 1)
    assert hello.topic == "live.hello"
    for number in range(5):
        await _tell(services, clinic_id, number)
    heard = await _hear(hub, person, hello.seq, 6)
    assert [message.ids.get("thing_id") for message in heard] == ["0", "1", "2", "3", "4", None]
    again = await _hear(hub, person, heard[2].seq, 3)
    assert [message.ids.get("thing_id") for message in again] == ["3", "4", None]


async def test_events_of_parallel_transactions_have_no_gap_and_all_arrive(
    hub: LiveHub, services: Services, clinic_id: uuid.UUID, alive: set[uuid.UUID]
) -> None:
    person = _person(clinic_id, alive)
    listening = asyncio.create_task(_hear(hub, person, 0, 31))
    await asyncio.gather(*(_tell(services, clinic_id, number) for number in range(30)))
    numbers = [message.seq for message in await listening if message.topic == "test.changed"]
    assert numbers == list(range(1, 31))


async def test_nobody_hears_what_is_not_for_them(
    hub: LiveHub, services: Services, clinic_id: uuid.UUID, other_clinic_id: uuid.UUID, alive: set[uuid.UUID]
) -> None:
    patient = _person(clinic_id, alive, Role.PATIENT)
    stranger = _person(other_clinic_id, alive)
    await _tell(services, clinic_id, 1)
    assert patient.account_id is not None
    await _tell(services, clinic_id, 2, live.account(patient.account_id))
    heard = await _hear(hub, patient, 0, 2)
    assert [message.ids.get("thing_id") for message in heard] == ["2", None]
    assert [message.topic for message in await _hear(hub, stranger, 0, 1)] == ["live.hello"]


async def test_whoever_was_told_nothing_goes_on_from_the_newest(
    hub: LiveHub, services: Services, clinic_id: uuid.UUID, alive: set[uuid.UUID]
) -> None:
    """Else each reconnect of a patient's page would look through the clinic's whole day again."""
    patient = _person(clinic_id, alive, Role.PATIENT)
    for number in range(3):
        await _tell(services, clinic_id, number)
    [hello] = await _hear(hub, patient, 1, 1)
    assert (hello.topic, hello.seq) == ("live.hello", 3)


async def test_a_screen_whose_session_ended_is_closed(
    hub: LiveHub, clinic_id: uuid.UUID, alive: set[uuid.UUID]
) -> None:
    person = _person(clinic_id, alive)
    heard: list[str] = []
    async with asyncio.timeout(PATIENCE), aclosing(hub.listen(person, None)) as messages:
        async for message in messages:
            heard.append(message.topic)
            alive.clear()
    assert heard == ["live.hello"]


async def test_a_screen_whose_session_ended_is_closed_however_busy_the_clinic_is(
    hub: LiveHub, services: Services, clinic_id: uuid.UUID, alive: set[uuid.UUID]
) -> None:
    """Wake-ups that come faster than the hub's own pace must not keep it from looking who is still signed in."""

    async def keep_waking() -> None:
        while True:
            await services.redis.publish(f"carethread:live:{clinic_id}", b"")
            await asyncio.sleep(PACE / 20)

    person = _person(clinic_id, alive)
    waking = asyncio.create_task(keep_waking())
    try:
        async with asyncio.timeout(PATIENCE), aclosing(hub.listen(person, None)) as messages:
            async for _ in messages:
                alive.clear()
    finally:
        waking.cancel()


@pytest.mark.parametrize("kept_from", [4, 5])
async def test_what_is_no_longer_kept_is_a_reset(
    hub: LiveHub, services: Services, clinic_id: uuid.UUID, alive: set[uuid.UUID], kept_from: int
) -> None:
    for number in range(4):
        await _tell(services, clinic_id, number)
    async with services.system.begin() as connection:
        await connection.execute(
            text("DELETE FROM live_event WHERE clinic_id = :clinic AND seq < :kept"),
            {"clinic": clinic_id, "kept": kept_from},
        )
    [message] = await _hear(hub, _person(clinic_id, alive), 1, 1)
    assert message.topic == "live.reset"
    assert message.seq == 4


@given(st.lists(st.sampled_from(list(Role)), min_size=1, unique=True))
@settings(max_examples=20)
def test_one_belongs_to_ones_roles_and_oneself_alone(roles: list[Role]) -> None:
    actor = Actor(clinic_id=uuid.uuid4(), roles=frozenset(roles), account_id=uuid.uuid4())
    assert live.audiences_of(actor) == {f"role:{role}" for role in roles} | {f"account:{actor.account_id}"}


async def test_one_account_cannot_hold_every_connection(
    hub: LiveHub, clinic_id: uuid.UUID, alive: set[uuid.UUID]
) -> None:
    greedy, other = _person(clinic_id, alive), _person(clinic_id, alive)

    async def listen(actor: Actor) -> int:
        async with aclosing(hub.listen(actor, None)) as messages:
            return len([message async for message in messages])

    bystander = asyncio.create_task(listen(other))
    streams = [asyncio.create_task(listen(greedy)) for _ in range(MAX_SCREENS + 5)]
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*streams[:5])  # the oldest are ended, in order
    assert not any(stream.done() for stream in [*streams[5:], bystander])
    for task in [*streams, bystander]:
        task.cancel()
    await asyncio.gather(*streams, bystander, return_exceptions=True)
