"""The operator's page: what is stuck, why, try again, set aside; of one's own clinic, and on record."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from litestar import Litestar
from sqlalchemy import text

from app.asgi import build_app
from core.actor import Role, system_actor
from core.clock import FrozenClock
from core.database.engine import no_engine
from core.database.session import WriteSession, open_unit
from core.events import outbox
from core.events.outbox import Delivery, Event, Subscribers, subscriber
from core.events.relay import claim, deliver, drain
from core.services import Services
from messaging.notices import notify
from messaging.notices.sending import send_due
from tests.conftest import new_browser
from tests.people import make_staff, session_for, sign_in


class Thing(Event, frozen=True, tag="test.stuck"):
    thing_id: UUID


class Broken(Exception):
    pass


def subscribers(effects: list[UUID], *, broken: bool) -> Subscribers:
    @subscriber(Thing, "test.stuck")
    async def take(write: WriteSession, delivery: Delivery[Thing]) -> None:
        if broken:
            raise Broken
        effects.append(delivery.id)

    return Subscribers([take])


_CLOCK = FrozenClock(datetime.now(UTC))


@pytest.fixture
async def later(services: Services) -> Services:
    """Two minutes later: what still waits is late."""
    _CLOCK.set(services.clock.now() + timedelta(minutes=2))
    return replace(services, clock=_CLOCK)


@pytest.fixture(scope="module")
async def app(services: Services) -> Litestar:
    return build_app(replace(services, clock=_CLOCK, system=no_engine("the system's database")))


async def _desk(app: Litestar, later: Services, clinic_id: UUID) -> httpx.AsyncClient:
    async with open_unit(later, system_actor(clinic_id)) as unit:
        token = await session_for(unit.write, await make_staff(unit.write, Role.ADMIN))
    browser = new_browser(app)
    sign_in(browser, token)
    return browser


@pytest.fixture
async def desk(app: Litestar, later: Services, clinic_id: UUID) -> AsyncIterator[httpx.AsyncClient]:
    async with await _desk(app, later, clinic_id) as browser:
        yield browser


@pytest.fixture
async def other_desk(
    app: Litestar, later: Services, other_clinic_id: UUID
) -> AsyncIterator[httpx.AsyncClient]:
    async with await _desk(app, later, other_clinic_id) as browser:
        yield browser


async def work(desk: httpx.AsyncClient) -> dict[str, Any]:
    answer = await desk.get("/api/admin/stuck-work")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def happen(services: Services, clinic_id: UUID, thing: UUID, times: int = 1) -> list[UUID]:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        return [await outbox.add(unit.write, Thing(thing_id=thing)) for _ in range(times)]


async def did(services: Services, clinic_id: UUID) -> list[tuple[str, UUID]]:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        rows = await unit.read.execute(
            text(
                "SELECT action, entity_id FROM audit_event WHERE action LIKE 'work.%' AND clinic_id = :c ORDER BY seq"
            ),
            {"c": clinic_id},
        )
        return [(row.action, row.entity_id) for row in rows]


async def test_where_all_goes_well_there_is_nothing(desk: httpx.AsyncClient) -> None:
    found = await work(desk)
    assert [found[kind] for kind in ("events", "notices", "prescriptions")] == [{"total": 0, "items": []}] * 3


async def test_an_event_that_fails_shows_why_and_is_delivered_when_tried_again(
    desk: httpx.AsyncClient, other_desk: httpx.AsyncClient, later: Services, clinic_id: UUID
) -> None:
    settings = msgspec.structs.replace(later.settings, event_tries=1)
    worker, effects = replace(later, settings=settings), list[UUID]()
    [event_id] = await happen(worker, clinic_id, uuid4())
    await claim(worker, limit=10_000)
    await deliver(worker, subscribers(effects, broken=True), event_id)
    [shown] = (await work(desk))["events"]["items"]
    assert (shown["id"], shown["name"], shown["tries"]) == (str(event_id), "test.stuck", 1)
    assert (shown["error"], shown["given_up"], shown["next_try_at"]) == ("Broken", True, None)
    assert (await work(other_desk))["events"]["total"] == 0
    path = f"/api/admin/stuck-work/events/{event_id}"
    for deed in ("retry", "set-aside"):
        assert (await other_desk.post(f"{path}/{deed}")).status_code == 404

    assert (await desk.post(f"{path}/retry")).status_code == 204

    assert event_id in await claim(worker, limit=10_000), "at once"
    await deliver(worker, subscribers(effects, broken=False), event_id)
    assert effects == [event_id]
    assert (await work(desk))["events"]["total"] == 0
    assert (await desk.post(f"{path}/retry")).status_code == 404, "it is done"
    assert await did(later, clinic_id) == [("work.retry", event_id)]


async def test_an_event_that_is_set_aside_lets_the_next_of_its_key_go(
    desk: httpx.AsyncClient, later: Services, clinic_id: UUID
) -> None:
    effects: list[UUID] = []
    first, second = await happen(later, clinic_id, uuid4(), 2)
    await claim(later, limit=10_000)
    await deliver(later, subscribers(effects, broken=True), first)
    [shown] = (await work(desk))["events"]["items"]
    assert shown["id"] == str(first) and shown["next_try_at"] is not None

    assert (await desk.post(f"/api/admin/stuck-work/events/{first}/set-aside")).status_code == 204

    await drain(later, subscribers(effects, broken=False), clinic_id)
    assert effects == [second]
    assert await did(later, clinic_id) == [("work.set_aside", first)]


async def test_an_event_that_waits_for_no_worker_is_stuck(
    desk: httpx.AsyncClient, services: Services, clinic_id: UUID
) -> None:
    await happen(services, clinic_id, uuid4())
    [shown] = (await work(desk))["events"]["items"]
    assert (shown["error"], shown["tries"], shown["given_up"]) == (None, 0, False)


async def test_a_notice_whose_carrier_is_away_is_sent_again_or_set_aside(
    desk: httpx.AsyncClient, services: Services, later: Services, clinic_id: UUID
) -> None:
    """It goes on at its second try: its carrier may have it already."""
    nowhere = msgspec.structs.replace(
        services.settings, demo=False, smtp_url="smtp://127.0.0.1:1", notice_tries=1
    )
    sending = replace(services, settings=nowhere)
    async with open_unit(sending, system_actor(clinic_id)) as unit:
        await notify.queue(
            unit.write,
            kind="message",
            source_id=uuid4(),
            channel="email",
            to="maria@example.org",
            locale="en",
            link="https://clinic.example",
        )
    await send_due(sending, clinic_id)
    await send_due(sending, clinic_id)
    [shown] = (await work(desk))["notices"]["items"]
    assert (shown["name"], shown["error"], shown["given_up"]) == ("message.email", "unreachable", True)
    assert "maria" not in str(shown)
    path = f"/api/admin/stuck-work/notices/{shown['id']}"

    assert (await desk.post(f"{path}/retry")).status_code == 204

    await send_due(replace(later, settings=nowhere), clinic_id)
    [again] = (await work(desk))["notices"]["items"]
    assert (again["tries"], again["given_up"]) == (2, True)
    assert (await desk.post(f"{path}/set-aside")).status_code == 204
    assert (await work(desk))["notices"]["total"] == 0
    assert (await desk.post(f"{path}/retry")).status_code == 404
    assert [action for action, _ in await did(services, clinic_id)] == ["work.retry", "work.set_aside"]


async def test_regular_work_that_fails_is_named(desk: httpx.AsyncClient, services: Services) -> None:
    name = f"test.{uuid4()}"
    statement = "INSERT INTO cron_run VALUES (:name, now(), now(), 'Broken')"
    async with services.system.begin() as connection:
        await connection.execute(text(statement), {"name": name})
    [found] = [job for job in (await work(desk))["jobs"] if job["name"] == name]
    assert found["error"] == "Broken"
