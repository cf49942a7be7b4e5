"""Browsers at a clinic whose clock the test moves."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncEngine

from app.asgi import build_app
from core.actor import system_actor
from core.clock import FrozenClock
from core.db import Unit, open_unit
from core.services import Services
from identity import deliveries
from identity.deliveries import Delivery
from identity.models import Clinic
from tests.conftest import ORIGIN
from tests.people import make_clinic


@pytest.fixture(scope="session")
def clock() -> FrozenClock:
    """Stands still unless a test moves it. It starts now, because Redis counts in real time."""
    return FrozenClock(datetime.now(UTC))


@pytest.fixture(scope="session")
def still(services: Services, clock: FrozenClock) -> Services:
    """The services, with the clock that stands still."""
    return replace(services, clock=clock)


@pytest.fixture(scope="session")
def still_app(still: Services) -> Litestar:
    return build_app(still)


@dataclass
class Door:
    """A clinic as a browser finds it: its routes, its people, and what its messages say."""

    clinic: Clinic
    services: Services
    app: Litestar

    def browser(self, **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)  # type: ignore[arg-type]  # litestar's own ASGI types
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"origin": ORIGIN, **headers})

    def path(self, rest: str) -> str:
        return f"/api/clinics/{self.clinic.slug}{rest}"

    def inside(self) -> AbstractAsyncContextManager[Unit]:
        """A committed transaction of the system in this clinic."""
        return open_unit(self.services, system_actor(self.clinic.id))

    async def delivered(self, code_id: str) -> Delivery:
        """What the telephone or mailbox receives for a code that was asked for."""
        async with self.inside() as unit:
            found = await deliveries.take_code(unit.write, UUID(code_id))
        assert found is not None
        return found

    async def ask(self, browser: httpx.AsyncClient, contact: str) -> dict[str, Any]:
        """Ask for a code; the answer."""
        answer = await browser.post(self.path("/codes"), json={"contact": contact})
        assert answer.status_code == 201, answer.text
        body: dict[str, Any] = answer.json()
        return body


@pytest.fixture
async def door(still: Services, still_app: Litestar, owner: AsyncEngine) -> Door:
    """A clinic of the test's own."""
    return Door(await make_clinic(owner), still, still_app)


@pytest.fixture
async def browser(door: Door) -> AsyncIterator[httpx.AsyncClient]:
    async with door.browser() as browser:
        yield browser
