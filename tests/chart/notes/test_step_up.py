"""Signing wants a second factor that was shown lately enough (case 39)."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx
import pyotp
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from identity.factors import second_factor
from tests.chart.conftest import Scene
from tests.chart.notes.test_signing import ready as note_ready
from tests.chart.prescribing.conftest import begin, sign
from tests.chart.prescribing.conftest import ready as ready
from tests.conftest import ActAs

Signing = Callable[[], Awaitable[httpx.Response]]
Prepare = Callable[[httpx.AsyncClient, Scene], Awaitable[Signing]]


async def prescription(client: httpx.AsyncClient, scene: Scene) -> Signing:
    draft = await begin(client, scene.visit.id)
    return lambda: sign(client, draft)


async def note(client: httpx.AsyncClient, scene: Scene) -> Signing:
    note_id, shown = await note_ready(client, scene)
    return lambda: client.post(f"/api/notes/{note_id}/sign", json={"sha256": shown["sha256"]})


async def visit(client: httpx.AsyncClient, scene: Scene) -> Signing:
    _, shown = await note_ready(client, scene)
    path = f"/api/visits/{scene.visit.id}/finish-visit"
    return lambda: client.post(path, json={"sha256": shown["sha256"]})


async def addendum(client: httpx.AsyncClient, scene: Scene) -> Signing:
    note_id, shown = await note_ready(client, scene)
    signed = await client.post(f"/api/notes/{note_id}/sign", json={"sha256": shown["sha256"]})
    assert signed.status_code == 200, signed.text
    return lambda: client.post(f"/api/notes/{note_id}/addenda", json={"text": "Culture came back clean"})


async def last_shown(owner: AsyncEngine, scene: Scene, ago: str | None) -> None:
    """The clinician's second factor was last shown so long ago, or never in this sign-in."""
    when = "NULL" if ago is None else f"now() - interval '{ago}'"
    async with owner.begin() as connection:
        await connection.execute(
            text(f"UPDATE auth_session SET stepped_up_at = {when} WHERE account_id = :id"),  # noqa: S608  ours
            {"id": scene.clinician.id},
        )


@pytest.mark.parametrize(
    ("prepare", "ago"),
    [
        *((prepare, ago) for prepare in (note, visit, addendum) for ago in ("13 hours", None)),
        *((prescription, ago) for ago in ("16 minutes", None)),
    ],
)
async def test_nothing_is_signed_on_an_old_second_factor_until_it_is_shown_again(
    terminology: None,
    clinician: httpx.AsyncClient,
    ready: Scene,
    owner: AsyncEngine,
    act_as: ActAs,
    prepare: Prepare,
    ago: str | None,
) -> None:
    async with act_as(ready.actor) as unit:
        app = pyotp.TOTP((await second_factor.start(unit.write, ready.clinician)).secret)
        at = unit.write.now()
        assert await second_factor.confirm(unit.write, ready.clinician.id, app.at(at))
    signing = await prepare(clinician, ready)
    await last_shown(owner, ready, ago)
    refused = await signing()
    assert (refused.status_code, refused.json()["code"]) == (403, "step_up_required")
    shown = await clinician.post("/api/session/step-up", json={"code": app.at(at + timedelta(seconds=30))})
    assert shown.status_code == 200, shown.text
    assert (await signing()).is_success, "and the very same request is taken now"


@pytest.mark.parametrize(
    ("prepare", "ago"), [(prescription, "14 minutes"), (note, "11 hours"), (visit, "11 hours")]
)
async def test_an_ordinary_day_is_not_interrupted(
    terminology: None,
    clinician: httpx.AsyncClient,
    ready: Scene,
    owner: AsyncEngine,
    prepare: Prepare,
    ago: str,
) -> None:
    signing = await prepare(clinician, ready)
    await last_shown(owner, ready, ago)
    assert (await signing()).is_success


async def test_a_clinic_may_ask_more_often(
    terminology: None, clinician: httpx.AsyncClient, ready: Scene, owner: AsyncEngine
) -> None:
    signing = await prescription(clinician, ready)
    await last_shown(owner, ready, "10 minutes")
    await _settings(owner, ready, {"step_up_minutes": 5})
    refused = await signing()
    assert (refused.status_code, refused.json()["code"]) == (403, "step_up_required")
    await _settings(owner, ready, {"step_up_minutes": 15})
    assert (await signing()).status_code == 200


async def _settings(owner: AsyncEngine, scene: Scene, part: dict[str, Any]) -> None:
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE clinic SET settings = settings || cast(:part AS jsonb) WHERE id = :id"),
            {"part": json.dumps(part), "id": scene.patient.clinic_id},
        )
