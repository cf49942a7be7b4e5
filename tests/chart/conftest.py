"""A clinic at work: a clinician, a patient, a visit that was admitted; and the code tables, loaded once."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncEngine

from chart.reference import SETS
from core.actor import Actor, Role
from core.database.reference import ensure_loaded
from core.database.session import WriteSession
from identity.models import Account, Patient
from tests.conftest import ORIGIN, ActAs
from tests.people import actor_of, make_patient, make_staff, session_for, sign_in
from visits.domain import VisitKind, VisitStatus
from visits.models import Visit

INTAKE = {
    "chief_complaint": "It burns when I pee",
    "hpi_lines": ["Started two days ago", "No fever"],
    "ros": ["Denies back pain"],
    "allergies": ["Penicillin (hives)"],
    "medicines": ["Lisinopril 10 mg once a day"],
    "flags": [{"id": "x", "level": "urgent", "title": "Pregnant"}],
}


@dataclass(frozen=True)
class Scene:
    """Who is in the test's clinic."""

    clinician: Account
    patient: Patient
    visit: Visit

    @property
    def actor(self) -> Actor:
        return actor_of(self.clinician)


@pytest.fixture(scope="session")
async def terminology(owner: AsyncEngine) -> None:
    """The code tables as they ship."""
    await ensure_loaded(owner, SETS)


@pytest.fixture
async def scene(act_as: ActAs, system: Actor) -> Scene:
    async with act_as(system) as unit:
        clinician = await make_staff(unit.write, Role.CLINICIAN)
        patient = await make_patient(unit.write)
        visit = await admitted_visit(unit.write, patient, clinician)
    return Scene(clinician, patient, visit)


@pytest.fixture
def system(clinic_id: UUID) -> Actor:
    return Actor(clinic_id=clinic_id, roles=frozenset({Role.SYSTEM}))


async def admitted_visit(
    write: WriteSession, patient: Patient, clinician: Account, *, intake: dict[str, object] | None = None
) -> Visit:
    """A visit that the clinician has taken."""
    now = write.now()
    visit = Visit(
        patient_id=patient.id,
        clinician_id=clinician.id,
        kind=VisitKind.ON_DEMAND,
        reason_code="urinary",
        status=VisitStatus.ADMITTED,
        requested_at=now,
        queued_at=now,
        admitted_at=now,
        intake_summary=INTAKE if intake is None else intake,
    )
    write.add(visit)
    await write.flush()
    return visit


Browser = Callable[[Account | Patient], Awaitable[httpx.AsyncClient]]


@pytest.fixture
async def browser(app: Litestar, act_as: ActAs) -> AsyncIterator[Browser]:
    """``await browser(person)``: a client signed in as that person."""
    opened: list[httpx.AsyncClient] = []

    async def open_browser(who: Account | Patient) -> httpx.AsyncClient:
        async with act_as(Actor(clinic_id=who.clinic_id, roles=frozenset({Role.SYSTEM}))) as unit:
            token = await session_for(unit.write, who)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)  # type: ignore[arg-type]  # litestar's own ASGI types
        client = httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"origin": ORIGIN})
        opened.append(client)
        sign_in(client, token)
        return client

    yield open_browser
    for client in opened:
        await client.aclose()


@pytest.fixture
async def clinician(browser: Browser, scene: Scene) -> httpx.AsyncClient:
    """The scene's clinician at work."""
    return await browser(scene.clinician)


@pytest.fixture
async def patient(browser: Browser, scene: Scene) -> httpx.AsyncClient:
    """The scene's patient at home."""
    return await browser(scene.patient)


@pytest.fixture
async def stranger(browser: Browser, act_as: ActAs, other_clinic_id: UUID) -> httpx.AsyncClient:
    """A clinician of another clinic, to whom nothing of this one exists."""
    async with act_as(Actor(clinic_id=other_clinic_id, roles=frozenset({Role.SYSTEM}))) as unit:
        someone = await make_staff(unit.write, Role.CLINICIAN, name="Else Where")
    return await browser(someone)
