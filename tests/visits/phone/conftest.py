"""A visit in a clinic whose telephones are at a double of twilio, which our real client talks to over HTTP."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
import uvicorn
from litestar import Litestar
from sqlalchemy import text

from app.asgi import build_app
from app.registry import all_subscribers
from core.clock import FrozenClock
from core.config import Settings
from core.crypto import NoSigner
from core.database.engine import no_engine
from core.events.relay import deliver, drain
from core.services import Services
from tests.conftest import ORIGIN
from tests.patience import PATIENCE
from tests.visits.conftest import Browser, ClinicAtWork, MakeClinic
from visits.phone import tasks
from visits.phone.account import DEMO_SID
from visits.phone.simulator.calls import Call
from visits.phone.simulator.exchange import Exchange
from visits.phone.simulator.server import Double, build

TOKEN = "the account's token"
OWN = "+15185550190"
JSON = dict[str, Any]
_DUE = text("SELECT id FROM outbox WHERE clinic_id = :clinic AND done_at IS NULL ORDER BY seq")


@dataclass
class Telephony:
    """The running double, and the services of a clinic that rings by it."""

    double: Double
    url: str
    services: Services
    app: Litestar

    @property
    def exchange(self) -> Exchange:
        return self.double.exchange


@asynccontextmanager
async def serving(app: Litestar) -> AsyncIterator[str]:
    """The address of an application that listens."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", ws="none"))
    task = asyncio.create_task(server.serve([listening]))
    # What connects before the server accepts waits in the socket's queue; only its lifespan has to have begun.
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        await client.get(url)
    yield url
    server.should_exit = True
    await task


@pytest.fixture(scope="module")
async def running(services: Services, settings: Settings) -> AsyncIterator[Telephony]:
    made: list[Litestar] = []

    async def to_the_clinic(scope: Any, receive: Any, send: Any) -> None:
        await made[0](scope, receive, send)

    transport = httpx.ASGITransport(to_the_clinic, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as posting:
        double = build(DEMO_SID, TOKEN, pace=0, http=posting)
        async with serving(double) as url:
            pointed = msgspec.structs.replace(settings, twilio_auth_token=TOKEN, twilio_api_url=url)
            ours = replace(services, settings=pointed)
            system, signer = no_engine("the system's database"), NoSigner("the audit's key")
            made.append(build_app(replace(ours, system=system, audit_signer=signer)))
            yield Telephony(double.state.double, url, ours, made[0])


@pytest.fixture
async def telephony(running: Telephony) -> AsyncIterator[Telephony]:
    """The double, of which no telephone has been rung yet."""
    yield running
    exchange = running.exchange
    await exchange.stop()
    for kept in (exchange.calls, exchange.conferences, exchange.habits, exchange.told):
        kept.clear()
    running.double.fault = ""


@dataclass
class OnPhone:
    """A visit that Ruth has admitted, her browser and the patient's, and what becomes of its telephone calls."""

    clinic: ClinicAtWork
    telephony: Telephony
    visit_id: UUID
    doctor: Browser
    patient: Browser
    number: str

    @property
    def exchange(self) -> Exchange:
        return self.telephony.exchange

    async def begin(self, browser: Browser | None = None, **body: str) -> httpx.Response:
        return await self._post("", {"own_number": OWN, **body}, browser)

    async def ring(self, side: str, **body: str) -> httpx.Response:
        return await self._post("/ring", {"side": side, **body})

    async def end(self) -> httpx.Response:
        return await self._post("/end", None)

    async def _post(self, verb: str, body: JSON | None, browser: Browser | None = None) -> httpx.Response:
        return await (browser or self.doctor).post(f"/api/visits/{self.visit_id}/phone{verb}", json=body)

    async def seen(self, browser: Browser | None = None) -> JSON:
        answer = await (browser or self.doctor).get(f"/api/visits/{self.visit_id}/phone")
        assert answer.status_code == 200, answer.text
        found: JSON = answer.json()
        return found

    async def legs(self) -> dict[str, str]:
        """The status of each side in the newest call."""
        call = (await self.seen())["calls"][-1]
        return {leg["side"]: leg["status"] for leg in call["legs"]}

    async def work(self) -> None:
        """The worker's part: every event of the clinic is delivered."""
        await drain(self.telephony.services, all_subscribers(), self.clinic.clinic_id)

    async def try_all(self, later: timedelta = timedelta()) -> None:
        """The worker tries every event once, after a while, whatever becomes of it; then it looks after the legs."""
        services = self.telephony.services
        then = replace(services, clock=FrozenClock(services.clock.now() + later))
        async with then.system.connect() as connection:
            due = await connection.scalars(_DUE, {"clinic": self.clinic.clinic_id})
            events = list(due)
        for event_id in events:
            await deliver(then, all_subscribers(), event_id)
        await tasks.look_after(then)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.exchange.until(holds)

    def newest(self, number: str) -> Call:
        return self.exchange.to(number)[0]

    async def both_talk(self) -> None:
        """Both telephones are rung and answered."""
        self.exchange.habits |= {self.number: "answer", OWN: "answer"}
        begun = await self.begin()
        assert begun.status_code == 200, begun.text
        await self.work()
        await self.until(lambda: all(self.newest(each).conference for each in (self.number, OWN)))

    async def until_over(self, number: str) -> None:
        await self.until(lambda: bool(self.exchange.to(number)) and self.newest(number).done)

    async def steps(self) -> list[str]:
        """The telephone's steps in the visit's timeline."""
        answer = await self.doctor.get(f"/api/visits/{self.visit_id}/thread")
        kinds = [step["kind"].removeprefix("visit.") for step in answer.json()["steps"]]
        return [kind for kind in kinds if kind.startswith("phone_")]


@pytest.fixture
async def phone(telephony: Telephony, make_clinic_at_work: MakeClinic, clinic_id: UUID) -> OnPhone:
    clinic = await make_clinic_at_work(clinic_id)
    clinic.app, clinic.services = telephony.app, telephony.services
    visit = await clinic.fetch((await clinic.admitted()).id)
    assert visit.callback_phone
    doctor, patient = await clinic.browser(clinic.ruth), await clinic.browser(clinic.patient)
    return OnPhone(clinic, telephony, visit.id, doctor, patient, visit.callback_phone)
