"""A slow renderer or store holds no connection to the database."""

import asyncio
import threading
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from app.asgi import build_app
from app.registry import all_subscribers
from chart.aftervisit import pdf
from core.actor import system_actor
from core.config import Settings
from core.database.session import open_unit
from core.events.relay import drain
from core.files.store import FileStore
from core.services import Services, open_services
from tests.chart.conftest import Scene
from tests.chart.notes.test_signing import ready
from tests.conftest import Deliver, new_browser
from tests.connections import none_in_use
from tests.people import session_for, sign_in


@pytest.fixture
async def own(settings: Settings) -> AsyncIterator[Services]:
    """A process of the test's own, so that every connection in use is one of what it does."""
    async with open_services(settings) as services:
        yield services


async def finish(clinician: httpx.AsyncClient, scene: Scene) -> None:
    _, shown = await ready(clinician, scene)
    answer = await clinician.post(
        f"/api/visits/{scene.visit.id}/finish-visit", json={"sha256": shown["sha256"]}
    )
    assert answer.status_code == 200, answer.text


async def test_a_slow_renderer(
    terminology: None,
    clinician: httpx.AsyncClient,
    scene: Scene,
    own: Services,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, go_on = asyncio.Event(), threading.Event()
    loop, render = asyncio.get_running_loop(), pdf.render

    def held(*arguments: object) -> bytes:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait()
        return render(*arguments)  # type: ignore[arg-type]  # as they came

    monkeypatch.setattr(pdf, "render", held)
    await finish(clinician, scene)
    making = asyncio.create_task(drain(own, all_subscribers(), scene.patient.clinic_id))
    try:
        await begun.wait()
        await none_in_use(own)
    finally:
        go_on.set()
    assert await making > 0


async def test_a_slow_store(
    terminology: None,
    clinician: httpx.AsyncClient,
    scene: Scene,
    own: Services,
    deliver: Deliver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await finish(clinician, scene)
    await deliver()
    begun, go_on, read = asyncio.Event(), asyncio.Event(), FileStore.read

    async def held(self: FileStore, clinic_id: UUID, file_id: UUID) -> AsyncIterator[bytes]:
        begun.set()
        await go_on.wait()
        async for piece in read(self, clinic_id, file_id):
            yield piece

    monkeypatch.setattr(FileStore, "read", held)
    async with open_unit(own, system_actor(scene.patient.clinic_id)) as unit:
        token = await session_for(unit.write, scene.patient)
    async with new_browser(build_app(own)) as patient:
        sign_in(patient, token)
        asking = asyncio.create_task(patient.get(f"/api/visits/{scene.visit.id}/summary.pdf"))
        await begun.wait()
        await none_in_use(own)
        go_on.set()
        assert (await asking).content.startswith(b"%PDF-")
