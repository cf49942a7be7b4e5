"""One account writes only so much in a minute; what comes to nothing is free, and so is signing out."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import msgspec
import pytest

from app.asgi import build_app
from core.actor import system_actor
from core.clock import FrozenClock
from core.database.session import open_unit
from core.guard import writes
from core.ids import new_id
from core.services import Services, make_redis
from tests.conftest import new_browser
from tests.patience import PATIENCE
from tests.people import make_patient, make_staff, session_for, sign_in
from tests.ports import free_ports

MAX_WRITES = 5
JSON = {"content-type": "application/json"}


@dataclass
class Pair:
    """Two patients' browsers, and the clock that stands at 20 seconds past the minute."""

    one: httpx.AsyncClient
    other: httpx.AsyncClient
    clock: FrozenClock


async def two_patients(services: Services, clinic_id: UUID) -> AsyncIterator[Pair]:
    clock = FrozenClock(datetime.now(UTC).replace(second=20, microsecond=0))
    settings = msgspec.structs.replace(services.settings, writes_per_minute=MAX_WRITES * writes.PATIENTS_PART)
    app = build_app(replace(services, settings=settings, clock=clock))
    async with open_unit(services, system_actor(clinic_id)) as unit:
        tokens = [await session_for(unit.write, await make_patient(unit.write)) for _ in range(2)]
    async with new_browser(app) as one, new_browser(app) as other:
        sign_in(one, tokens[0])
        sign_in(other, tokens[1])
        yield Pair(one, other, clock)


@pytest.fixture
async def pair(services: Services, clinic_id: UUID, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pair]:
    # On a busy machine Valkey is only late.
    monkeypatch.setattr(writes, "_WITHIN_SECONDS", PATIENCE)
    async for made in two_patients(services, clinic_id):
        yield made


async def test_staff_write_more_than_patients(services: Services, clinic_id: UUID) -> None:
    """What a patient writes shows on the screens of all staff."""
    clock = FrozenClock(datetime.now(UTC).replace(second=20, microsecond=0))
    settings = msgspec.structs.replace(services.settings, writes_per_minute=writes.PATIENTS_PART)
    app = build_app(replace(services, settings=settings, clock=clock))
    async with open_unit(services, system_actor(clinic_id)) as unit:
        patient = await session_for(unit.write, await make_patient(unit.write))
        doctor = await session_for(unit.write, await make_staff(unit.write))
    for token, expected in ((patient, [204, 429]), (doctor, [204, 204])):
        async with new_browser(app) as browser:
            sign_in(browser, token)
            assert await written(browser, 2) == expected


async def test_who_has_written_too_much_still_searches(services: Services, clinic_id: UUID) -> None:
    clock = FrozenClock(datetime.now(UTC).replace(second=20, microsecond=0))
    settings = msgspec.structs.replace(services.settings, writes_per_minute=1)
    app = build_app(replace(services, settings=settings, clock=clock))
    async with open_unit(services, system_actor(clinic_id)) as unit:
        doctor = await session_for(unit.write, await make_staff(unit.write))
    async with new_browser(app) as browser:
        sign_in(browser, doctor)
        assert await written(browser, 2) == [204, 429]
        assert (await browser.post("/api/patients/search", json={"q": "Lopez"})).status_code == 200


async def written(browser: httpx.AsyncClient, times: int) -> list[int]:
    """The answers to so many writes."""
    return [(await browser.post("/api/session/keep-alive")).status_code for _ in range(times)]


async def test_whoever_writes_too_much_waits_for_the_next_minute(pair: Pair) -> None:
    assert await written(pair.one, MAX_WRITES) == [204] * MAX_WRITES
    refused = await pair.one.post("/api/session/keep-alive")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_writes")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["retry-after"] == "40"
    assert (await pair.one.get("/api/session")).status_code == 200, "reading goes on"
    assert await written(pair.other, 1) == [204], "others are not held back"
    pair.clock.advance(timedelta(seconds=40))
    assert await written(pair.one, 1) == [204]
    assert await written(pair.one, MAX_WRITES) == [204] * (MAX_WRITES - 1) + [429]
    assert (await pair.one.post("/api/session/end")).status_code == 204, "and signing out always works"


async def test_a_replay_and_what_comes_to_nothing_count_for_nothing(pair: Pair) -> None:
    thread = {"subject": "My rash", "body": "Is it catching?", "client_id": str(new_id())}
    key = {"idempotency-key": str(new_id())}
    answers = [await pair.one.post("/api/threads", json=thread, headers=key) for _ in range(2 * MAX_WRITES)]
    assert {each.status_code for each in answers} == {201}
    assert len({each.text for each in answers}) == 1
    for _ in range(2 * MAX_WRITES):
        assert (await pair.one.post("/api/threads", json={})).status_code == 422
        assert (await pair.one.post("/api/threads", content=b"{", headers=JSON)).status_code == 400
    assert await written(pair.one, MAX_WRITES) == [204] * (MAX_WRITES - 1) + [429]


async def test_without_valkey_care_goes_on(services: Services, clinic_id: UUID) -> None:
    away = make_redis(f"redis://127.0.0.1:{free_ports()}")
    async for pair in two_patients(replace(services, redis=away), clinic_id):
        assert await written(pair.one, 3 * MAX_WRITES) == [204] * (3 * MAX_WRITES)
    await away.aclose()
