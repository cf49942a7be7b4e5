"""Where real people are treated, nothing shows codes to whoever asks."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import msgspec
import pytest

from app.asgi import build_app
from core.config import Settings, SettingsError, load_settings
from core.services import open_services
from tests.conftest import new_browser


@pytest.fixture
async def anyone(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of nobody, at an installation with carriers of its own."""
    real = msgspec.structs.replace(settings, demo=False, smtp_url="smtp://localhost")
    async with open_services(real) as services, new_browser(build_app(services)) as browser:
        yield browser


async def test_nobody_reads_what_was_sent_or_the_staffs_codes(
    anyone: httpx.AsyncClient, client: httpx.AsyncClient, clinic_id: UUID
) -> None:
    for path in ("/api/demo/outbox", f"/api/demo/outbox?clinic=test-{clinic_id}", "/api/demo/people"):
        answer = await anyone.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    assert (await anyone.get(f"/api/clinics/test-{clinic_id}")).json()["demo"] is False
    assert (await client.get(f"/api/demo/outbox?clinic=test-{clinic_id}")).status_code == 200, "in a demo"


@pytest.mark.parametrize(
    "carrier",
    [{"CARETHREAD_SMTP_URL": "smtp://localhost"}, {"CARETHREAD_TWILIO_ACCOUNT_SID": "AC1"}],
)
def test_no_installation_is_a_demo_and_sends_real_messages(
    environment: dict[str, str], carrier: dict[str, str]
) -> None:
    with pytest.raises(SettingsError, match="CARETHREAD_DEMO"):
        load_settings({**environment, "CARETHREAD_DEMO": "1", **carrier})
    assert load_settings({**environment, **carrier}).demo is False
