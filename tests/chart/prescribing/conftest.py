"""A clinic that may prescribe: an address, pharmacies, and a patient who has one of them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from chart.prescribing import directory
from core.actor import Actor
from core.ids import new_id
from core.services import Services
from identity.models import Patient
from tests.chart.conftest import Scene
from tests.chart.prescribing.pharmacy import PharmacyProcess, running_pharmacy
from tests.conftest import ActAs

Json = dict[str, Any]
AMOXICILLIN = "amoxicillin-500-mg-capsule"


@pytest.fixture
async def ready(scene: Scene, owner: AsyncEngine, act_as: ActAs, system: Actor) -> Scene:
    """The scene with all that a pharmacy would ask for."""
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "UPDATE clinic SET phone = '+16175550100', address = cast(:address AS jsonb) WHERE id = :id"
            ),
            {
                "id": scene.patient.clinic_id,
                "address": '{"line": ["1 Harbor Way"], "city": "Boston", "state": "MA", "postalCode": "02116"}',
            },
        )
    async with act_as(system) as unit:
        pharmacies = await directory.load_demo(unit.write)
        patient = (await unit.write.scalars(select(Patient).where(Patient.id == scene.patient.id))).one()
        patient.preferred_pharmacy_id = pharmacies[0]
    return scene


@pytest.fixture(scope="session")
async def pharmacy(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PharmacyProcess]:
    """One simulator for all tests; each prescription has a MessageID of its own."""
    async with running_pharmacy(Path(tmp_path_factory.mktemp("pharmacy"))) as process:
        yield process


@pytest.fixture
async def wired(services: Services, pharmacy: PharmacyProcess) -> Services:
    """The services of a worker that reaches the simulator, which behaves."""
    await pharmacy.behave("normal")
    settings = msgspec.structs.replace(services.settings, pharmacy_url=pharmacy.url)
    return replace(services, settings=settings)


async def begin(client: httpx.AsyncClient, visit_id: UUID, drug_id: str = AMOXICILLIN) -> Json:
    """A draft."""
    answer = await client.post(
        f"/api/visits/{visit_id}/prescriptions",
        json={"drug_id": drug_id},
        headers={"idempotency-key": str(new_id())},
    )
    assert answer.status_code == 201, answer.text
    draft: Json = answer.json()
    return draft


async def sign(
    client: httpx.AsyncClient, draft: Json, reasons: dict[str, str] | None = None
) -> httpx.Response:
    return await client.post(
        f"/api/prescriptions/{draft['line']['id']}/sign",
        json={"sha256": draft["sha256"], "reasons": reasons or {}},
    )


async def acknowledge(client: httpx.AsyncClient, draft: Json, *, shown: str | None = None) -> httpx.Response:
    """The clinician has read what the check did not understand, as it is in this draft."""
    return await client.put(
        f"/api/prescriptions/{draft['line']['id']}/acknowledgement",
        json={"sha256": shown or draft["unread_sha256"]},
    )


async def signed(client: httpx.AsyncClient, visit_id: UUID, drug_id: str = AMOXICILLIN) -> Json:
    """A prescription that has just been signed; the answer to its signing."""
    answer = await sign(client, await begin(client, visit_id, drug_id))
    assert answer.status_code == 200, answer.text
    body: Json = answer.json()
    return body


async def state_of(client: httpx.AsyncClient, prescription_id: str) -> Json:
    """A prescription as its list shows it."""
    answer = await client.get(f"/api/prescriptions/{prescription_id}")
    assert answer.status_code == 200, answer.text
    line: Json = answer.json()["line"]
    return line


Verify = Callable[[str], Awaitable[httpx.Response]]


@pytest.fixture
def verify(client: httpx.AsyncClient, pharmacy: PharmacyProcess) -> Verify:
    """Carries the pharmacy's Verify of a message to the clinic, as the simulator would."""

    async def carry(message_id: str) -> httpx.Response:
        message = (await pharmacy.http.get(f"/script/{message_id}")).content
        return await client.post("/api/script", content=message, headers=dict(pharmacy.http.headers))

    return carry
