"""Where real people are treated, nothing shows codes to whoever asks."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.asgi import build_app
from app.demo.cast.people import SLUG
from core.actor import Role, system_actor
from core.config import Settings, SettingsError, load_settings
from core.database.session import open_unit
from core.services import Services, open_services
from tests.conftest import Deliver, new_browser
from tests.notices import notices_of
from tests.people import make_staff, session_for, sign_in


@pytest.fixture
async def anyone(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of nobody, at an installation with carriers of its own."""
    real = msgspec.structs.replace(settings, demo=False, smtp_url="smtp://localhost")
    async with open_services(real) as services, new_browser(build_app(services)) as browser:
        yield browser


async def test_nobody_reads_what_was_sent_or_the_staffs_codes(
    anyone: httpx.AsyncClient, client: httpx.AsyncClient, clinic_id: UUID
) -> None:
    for path in ("/api/demo/outbox", "/api/demo/people"):
        answer = await anyone.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    assert (await anyone.get(f"/api/clinics/test-{clinic_id}")).json()["demo"] is False
    assert (await client.get("/api/demo/outbox")).status_code == 200, "in a demo"


async def test_a_demo_shows_the_codes_of_its_own_clinic_only(
    client: httpx.AsyncClient, owner: AsyncEngine, services: Services, deliver: Deliver, clinic_id: UUID
) -> None:
    """A real clinic that is set up beside the demo's, whatever it calls itself, and however it is asked for."""
    other = f"test-{clinic_id}"
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE clinic SET demo = false WHERE id = :id"), {"id": clinic_id})
    asked = await client.post(f"/api/clinics/{other}/codes", json={"contact": "+12125550177"})
    assert asked.status_code == 201
    await deliver()
    assert len(await notices_of(services, clinic_id)) == 1
    for path in ("/api/demo/outbox", f"/api/demo/outbox?clinic={other}"):
        assert "+12125550177" not in (await client.get(path)).text
    assert (await client.get(f"/api/clinics/{other}")).json()["demo"] is False

    async with owner.begin() as connection:
        renamed = text("UPDATE clinic SET slug = :slug WHERE id = :id")
        await connection.execute(renamed, {"slug": SLUG, "id": clinic_id})
    try:
        assert (await client.get("/api/demo/people")).status_code == 404
    finally:
        async with owner.begin() as connection:
            await connection.execute(renamed, {"slug": other, "id": clinic_id})


async def test_the_links_of_a_clinic_beside_the_demos_are_handed_over(
    client: httpx.AsyncClient, owner: AsyncEngine, services: Services, clinic_id: UUID
) -> None:
    """No page shows its messages, so whoever invites sees the link."""
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE clinic SET demo = false WHERE id = :id"), {"id": clinic_id})
    async with open_unit(services, system_actor(clinic_id)) as unit:
        sign_in(client, await session_for(unit.write, await make_staff(unit.write, Role.ADMIN)))
    form = {"given": "Kai", "family": "Moss", "email": "kai@clinic.example", "roles": ["coordinator"]}
    invited = await client.post("/api/admin/people", json=form)
    assert invited.json()["link"].startswith(f"{services.settings.public_url}/c/test-{clinic_id}/invite#")


@pytest.mark.parametrize(
    "real",
    [
        {"CARETHREAD_SMTP_URL": "smtp://localhost"},
        {"CARETHREAD_TWILIO_ACCOUNT_SID": "AC1"},
        {"CARETHREAD_PUBLIC_URL": "https://clinic.example"},
        {"CARETHREAD_PUBLIC_URL": " HTTPS://clinic.example"},
        {"CARETHREAD_PUBLIC_URL": "https://localhost"},
        {"CARETHREAD_EXTRA_ORIGINS": "http://localhost:5173, https://clinic.example"},
        {"CARETHREAD_SIGNALING_URL": "wss://clinic.example/signaling"},
        {"CARETHREAD_PHARMACY_URL": "https://network.example"},
    ],
    ids=str,
)
def test_no_installation_is_a_demo_and_real(environment: dict[str, str], real: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=f"CARETHREAD_DEMO.*{next(iter(real))}"):
        load_settings({**environment, "CARETHREAD_DEMO": "1", **real})
    assert load_settings({**environment, **real}).demo is False
