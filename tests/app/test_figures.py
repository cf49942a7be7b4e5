"""What an operator is told: whether to send requests here, and what waits or fails in the whole installation."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from app import figures
from app.asgi import build_app
from core.actor import Role, system_actor
from core.clock import FrozenClock
from core.database.session import WriteSession, open_unit
from core.events import outbox, relay
from core.events.outbox import Delivery, Event, Subscribers, subscriber
from core.live.hub import LiveHub
from core.services import Services
from tests.conftest import new_browser
from tests.people import actor_of, make_patient, make_staff
from visits import service as visits
from visits.models import Visit

DOCUMENT = Path(__file__).parents[2] / "docs" / "production.md"


class Stuck(Event, frozen=True, tag="test.stuck"):
    thing_id: UUID


@subscriber(Stuck, "test.never")
async def never(write: WriteSession, delivery: Delivery[Stuck]) -> None:
    raise ConnectionError


async def read(services: Services) -> dict[str, float]:
    lines = (await figures.exposition(services)).decode().splitlines()
    return {name: float(value) for name, value in (line.split() for line in lines if line[0] != "#")}


async def test_an_event_that_cannot_be_delivered_is_seen_waiting_then_failing_then_given_up(
    services: Services, clinic_id: UUID
) -> None:
    before = await read(services)
    async with open_unit(services, system_actor(clinic_id)) as unit:
        event_id = await outbox.add(unit.write, Stuck(thing_id=uuid4()))
    waiting = await read(services)
    assert waiting["carethread_outbox_undelivered"] == before["carethread_outbox_undelivered"] + 1
    assert waiting["carethread_outbox_failing"] == before["carethread_outbox_failing"]
    await relay.deliver(services, Subscribers([never]), event_id)
    assert (await read(services))["carethread_outbox_failing"] == before["carethread_outbox_failing"] + 1
    clock = FrozenClock(services.clock.now() + timedelta(hours=1))
    assert (await read(replace(services, clock=clock)))["carethread_outbox_oldest_seconds"] >= 3600
    while event_id not in [row for row in await given_up(services)]:
        clock.advance(timedelta(hours=1))
        await relay.claim(replace(services, clock=clock), limit=10_000)
        await relay.deliver(replace(services, clock=clock), Subscribers([never]), event_id)
    gone = await read(services)
    assert gone["carethread_outbox_given_up"] == before["carethread_outbox_given_up"] + 1
    assert gone["carethread_outbox_failing"] == before["carethread_outbox_failing"]


async def given_up(services: Services) -> list[UUID]:
    async with services.system.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT id FROM outbox WHERE failed_at IS NOT NULL")
        return list(rows.scalars())


async def test_who_waits_and_who_listens_is_counted(
    services: Services, clinic_id: UUID, client: httpx.AsyncClient
) -> None:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        patient = await make_patient(unit.write)
        doctor = await make_staff(unit.write, Role.CLINICIAN)
    before = await read(services)
    async with open_unit(services, actor_of(patient)) as unit:
        visit: Visit = await visits.request(unit.write, patient.id, "cough")
        place = {"line": "12 Elm", "city": "Albany", "state": "NY", "zip": "12207", "country": "US"}
        await visits.make_ready(unit.write, visit, location=place, callback_phone="+15185550123")
    after = await read(services)
    assert after["carethread_visits_waiting"] == before["carethread_visits_waiting"] + 1

    hub: LiveHub = build_app(services).state.hub
    stream = hub.listen(actor_of(doctor), None)
    listening = await _live(client)
    await anext(stream)
    assert await _live(client) == listening + 1
    await stream.aclose()
    assert await _live(client) == listening


async def _live(client: httpx.AsyncClient) -> float:
    told = (await client.get("/metrics")).text
    found = re.search(r"^carethread_live_connections (\S+)$", told, re.M)
    assert found
    return float(found[1])


async def test_without_a_database_it_lives_is_not_ready_and_makes_up_no_figures(services: Services) -> None:
    nowhere = create_async_engine("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    async with new_browser(
        build_app(replace(services, engine=nowhere, spare=nowhere, system=nowhere))
    ) as client:
        assert (await client.get("/health/live")).status_code == 200
        ready = await client.get("/health/ready")
        assert (ready.status_code, ready.json()["database"]) == (503, "away")
        told = await client.get("/metrics")
        assert told.status_code == 200
        assert "carethread_requests_total" in told.text
        assert "carethread_outbox" not in told.text


@pytest.mark.parametrize("name", figures.FIGURES)
def test_the_production_page_names_every_figure(name: str) -> None:
    assert name in DOCUMENT.read_text()
