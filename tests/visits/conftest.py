"""A clinic at work: a patient, two clinicians, a coordinator, and their signed-in browsers."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar

from core.actor import Role, system_actor
from core.database.session import open_unit
from core.services import Services
from identity.models import Account, Patient
from signaling.room import Rules
from signaling.server import Config, listening
from tests.conftest import ORIGIN
from tests.patience import PATIENCE
from tests.people import actor_of, make_patient, make_staff, session_for, sign_in
from visits import repository, service
from visits.models import Visit

HOME = {"line": "12 Elm Street", "city": "Albany", "state": "NY", "zip": "12207", "country": "US"}
PHONE = "+12125550142"

Browser = httpx.AsyncClient


@dataclass
class ClinicAtWork:
    """One clinic, its people, and what they do through the service in transactions of their own."""

    services: Services
    app: Litestar
    clinic_id: UUID
    patient: Patient
    ruth: Account
    omar: Account
    coordinator: Account
    stack: AsyncExitStack = field(repr=False)

    async def browser(self, who: Account | Patient) -> Browser:
        """A browser in which this person is signed in."""
        async with open_unit(self.services, system_actor(self.clinic_id)) as unit:
            token = await session_for(unit.write, who)
        return await self.anonymous(token)

    async def anonymous(self, token: str | None = None) -> Browser:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)  # type: ignore[arg-type]  # litestar's own ASGI types
        client = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"origin": ORIGIN})
        if token:
            sign_in(client, token)
        return await self.stack.enter_async_context(client)

    async def another_patient(self, given: str = "Ana") -> Patient:
        async with open_unit(self.services, system_actor(self.clinic_id)) as unit:
            return await make_patient(unit.write, given=given)

    async def act(
        self,
        who: Account | Patient,
        visit_id: UUID,
        verb: Callable[..., Awaitable[None]],
        *args: Any,
        **named: Any,
    ) -> None:
        """Let someone do something to a visit, in a committed transaction."""
        async with open_unit(self.services, actor_of(who)) as unit:
            await verb(unit.write, await repository.for_update(unit.write, visit_id), *args, **named)

    async def requested(self, patient: Patient | None = None) -> Visit:
        """A visit on demand, still in intake."""
        patient = patient or self.patient
        async with open_unit(self.services, actor_of(patient)) as unit:
            return await service.request(unit.write, patient.id, "cough")

    async def waiting(self, patient: Patient | None = None, location: Mapping[str, str] = HOME) -> Visit:
        """A patient in the waiting room, who is in Albany, New York, unless another place is given."""
        patient = patient or self.patient
        visit = await self.requested(patient)
        await self.act(patient, visit.id, service.make_ready, location=location, callback_phone=PHONE)
        return visit

    async def admitted(self, patient: Patient | None = None) -> Visit:
        """A visit that Ruth has admitted."""
        visit = await self.waiting(patient)
        await self.act(self.ruth, visit.id, service.admit)
        return visit

    async def finished(self, minutes: float) -> Visit:
        """A visit of another patient with Ruth that took so long and is over."""
        visit = await self.admitted(await self.another_patient())
        await self.act(self.ruth, visit.id, service.finish)
        async with open_unit(self.services, system_actor(self.clinic_id)) as unit:
            over = await repository.for_update(unit.write, visit.id)
            assert over.finished_at
            over.admitted_at = over.finished_at - timedelta(minutes=minutes)
        return visit

    async def fetch(self, visit_id: UUID) -> Visit:
        async with open_unit(self.services, system_actor(self.clinic_id)) as unit:
            return await repository.get_visible(unit.read, visit_id)


MakeClinic = Callable[[UUID], Awaitable[ClinicAtWork]]


@pytest.fixture
async def make_clinic_at_work(services: Services, app: Litestar) -> AsyncIterator[MakeClinic]:
    async with AsyncExitStack() as stack:

        async def make(clinic_id: UUID) -> ClinicAtWork:
            async with open_unit(services, system_actor(clinic_id)) as unit:
                return ClinicAtWork(
                    services=services,
                    app=app,
                    clinic_id=clinic_id,
                    patient=await make_patient(unit.write),
                    ruth=await make_staff(unit.write, Role.CLINICIAN, name="Ruth Adler"),
                    omar=await make_staff(unit.write, Role.CLINICIAN, name="Omar Haddad"),
                    coordinator=await make_staff(unit.write, Role.COORDINATOR, name="Cleo Park"),
                    stack=stack,
                )

        yield make


@pytest.fixture
async def clinic(make_clinic_at_work: MakeClinic, clinic_id: UUID) -> ClinicAtWork:
    return await make_clinic_at_work(clinic_id)


@pytest.fixture
async def elsewhere(make_clinic_at_work: MakeClinic, other_clinic_id: UUID) -> ClinicAtWork:
    """Another clinic, none of whose visits may be seen."""
    return await make_clinic_at_work(other_clinic_id)


@pytest.fixture
async def signaling(services: Services) -> AsyncIterator[str]:
    """The address of the real signaling server, on the Valkey of the platform."""
    settings = services.settings
    config = Config(
        redis_url=settings.redis_url,
        ticket_key=settings.ticket_key,
        origins=frozenset({ORIGIN}),
        port=0,
        # Nobody's heart beats in these tests.
        rules=Rules(heartbeat_seconds=PATIENCE),
    )
    async with listening(config) as port:
        yield f"ws://127.0.0.1:{port}"


def soon() -> datetime:
    """An instant of today, to the second."""
    return datetime.now(UTC).replace(microsecond=0)
