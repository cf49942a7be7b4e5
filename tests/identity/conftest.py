"""Browsers at a clinic whose clock the test moves."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pyotp
import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncEngine

from app.asgi import build_app
from core.actor import Role, system_actor
from core.clock import FrozenClock
from core.database.session import Unit, open_unit
from core.services import Services
from identity.codes import deliveries
from identity.codes.deliveries import Delivery
from identity.factors import second_factor
from identity.models import Account, Clinic
from identity.staff import invites
from tests.conftest import ORIGIN
from tests.people import make_clinic, make_staff


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
        """What the phone or mailbox receives for a code that was asked for."""
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

    async def prove(self, browser: httpx.AsyncClient, contact: str, **extra: object) -> dict[str, Any]:
        """Ask for a code and type it; what comes next."""
        asked = await self.ask(browser, contact)
        code = (await self.delivered(asked["code_id"])).code
        path = self.path(f"/codes/{asked['code_id']}/check")
        answer = await browser.post(path, json={"code": code, **extra})
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def identify(
        self, browser: httpx.AsyncClient, proof: dict[str, Any], answer: str = "Lopez", **other: object
    ) -> httpx.Response:
        """Say who one is; by default, as `make_patient` makes people."""
        said = {"registration": proof["registration"], "birth_date": "1988-02-29", "answer": answer}
        return await browser.post(self.path("/identify"), json={**said, **other})

    async def come_in(self, browser: httpx.AsyncClient, contact: str) -> None:
        """Sign in as a patient on a device that is not known."""
        answer = await self.identify(browser, await self.prove(browser, contact))
        assert answer.status_code == 200, answer.text


@pytest.fixture
async def door(still: Services, still_app: Litestar, owner: AsyncEngine) -> Door:
    """A clinic of the test's own."""
    return Door(await make_clinic(owner), still, still_app)


@pytest.fixture
async def browser(door: Door) -> AsyncIterator[httpx.AsyncClient]:
    async with door.browser() as browser:
        yield browser


PASSWORD = "tall green river 42"


@dataclass
class Member:
    """Staff of the test's clinic with a password and an authenticator app, as they come to work."""

    door: Door
    account: Account
    secret: str
    recovery_codes: list[str]

    def code(self, *, steps: int = 0) -> str:
        """What the app shows now, or `steps` half-minutes later."""
        return pyotp.TOTP(self.secret).at(self.door.services.clock.now() + timedelta(seconds=30 * steps))

    async def password(self, browser: httpx.AsyncClient, password: str = PASSWORD) -> httpx.Response:
        return await browser.post(
            self.door.path("/staff/password"), json={"email": self.account.email, "password": password}
        )

    async def challenge(self, browser: httpx.AsyncClient) -> str:
        """The token that awaits the second factor."""
        answer = await self.password(browser)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["challenge"])

    async def sign_in(self, browser: httpx.AsyncClient, *, steps: int = 0) -> httpx.Response:
        challenge = await self.challenge(browser)
        return await browser.post(
            self.door.path("/staff/totp"), json={"challenge": challenge, "code": self.code(steps=steps)}
        )


async def enrol(door: Door, *roles: Role, email: str | None = None) -> Member:
    """Make staff whose app's codes of now have not been used yet."""
    async with door.inside() as unit:
        account = await make_staff(unit.write, *roles, email=email)
        await invites.set_password(unit.write, account, PASSWORD)
        made = await second_factor.start(unit.write, account)
        before = pyotp.TOTP(made.secret).at(unit.write.now() - timedelta(seconds=30))
        recovery = await second_factor.confirm(unit.write, account.id, before)
    assert recovery is not None
    return Member(door, account, made.secret, recovery)


@pytest.fixture
async def member(door: Door) -> Member:
    return await enrol(door)
