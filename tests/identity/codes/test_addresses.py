"""Guessing from addresses that the client makes up, over several API processes (case 38)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import httpx
import msgspec
import pytest

from app.asgi import build_app
from core.config import Settings
from core.services import open_services
from tests.identity.conftest import Door, Member

PROXY_SAW = "198.51.100.7"


@asynccontextmanager
async def worker_behind_a_proxy(settings: Settings, door: Door) -> AsyncIterator[Door]:
    """The same clinic, served by another process: nothing is shared but PostgreSQL and Valkey."""
    behind = msgspec.structs.replace(settings, trusted_proxies=1)
    async with open_services(behind, door.services.clock) as services:
        yield replace(door, services=services, app=build_app(services))


@pytest.fixture
async def workers(settings: Settings, door: Door) -> AsyncIterator[list[Door]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(worker_behind_a_proxy(settings, door)) for _ in range(2)]


def forged(number: int, seen: str = PROXY_SAW) -> list[tuple[str, str]]:
    """What the client made up, and beneath it what the proxy added."""
    made_up = f"203.0.113.{number}, 10.0.0.{number}"
    return [("x-forwarded-for", made_up), ("x-forwarded-for", seen), ("x-real-ip", f"203.0.113.{number}")]


async def test_an_address_is_counted_once_however_many_it_claims_to_be(workers: list[Door]) -> None:
    statuses = []
    for number in range(62):
        worker = workers[number % 2]
        async with worker.browser() as one:
            asked = await one.post(
                worker.path("/codes"),
                json={"contact": f"+1212555{number:04d}"},
                headers=httpx.Headers(forged(number)),
            )
        statuses.append(asked.status_code)
    assert statuses == [201] * 60 + [429] * 2
    # Somebody else behind the same proxy goes on.
    async with workers[0].browser() as other:
        asked = await other.post(
            workers[0].path("/codes"),
            json={"contact": "+12125559999"},
            headers=httpx.Headers(forged(1, "198.51.100.8")),
        )
    assert asked.status_code == 201


async def test_an_account_is_guessed_ten_times_over_all_workers(workers: list[Door], member: Member) -> None:
    statuses = []
    for number in range(12):
        worker = workers[number % 2]
        async with worker.browser() as one:
            guess = await one.post(
                worker.path("/staff/password"),
                json={"email": member.account.email, "password": "guess number one"},
                headers=httpx.Headers(forged(number, f"198.51.100.{number}")),
            )
        statuses.append(guess.status_code)
    assert statuses == [422] * 10 + [429] * 2


async def test_who_has_reached_the_own_limit_uses_up_no_tries_of_others(workers: list[Door]) -> None:
    """Else one machine could keep any number of patients from signing in for a day."""
    worker, victim = workers[0], "+12125557777"
    flood, home = httpx.Headers(forged(1, "198.51.100.20")), httpx.Headers(forged(1, "198.51.100.21"))
    async with worker.browser() as one:
        for number in range(60):
            contact = f"+1212556{number:04d}"
            await one.post(worker.path("/codes"), json={"contact": contact}, headers=flood)
        for _ in range(20):
            asked = await one.post(worker.path("/codes"), json={"contact": victim}, headers=flood)
            assert asked.status_code == 429
        asked = await one.post(worker.path("/codes"), json={"contact": victim}, headers=home)
    assert asked.status_code == 201, asked.text
