"""Whoever names a visit need not wait for whoever changes it: the two would wait for each other."""

import asyncio

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from chart.domain import Source
from chart.record import store
from chart.record.building import Asserter
from chart.record.types import allergy_intolerance
from core.ids import new_id
from tests.chart.conftest import Scene
from tests.chart.notes.test_signing import ready
from tests.conftest import ActAs
from tests.patience import PATIENCE

WAITING = text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")


async def test_finishing_a_visit_and_writing_into_its_chart_both_go_through(
    terminology: None, clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs, owner: AsyncEngine
) -> None:
    """As when a pharmacy answers in the very moment: it has the chart, and the other has the visit."""
    _, shown = await ready(clinician, scene)
    latex = allergy_intolerance.build(
        "Latex", Asserter(Source.CLINICIAN, new_id(), scene.clinician.id, scene.visit.requested_at)
    )
    async with act_as(scene.actor) as unit:
        await store.put(unit.write, scene.patient.id, latex)
        finishing = asyncio.create_task(
            clinician.post(f"/api/visits/{scene.visit.id}/finish-visit", json={"sha256": shown["sha256"]})
        )
        await somebody_waits(owner)
        await store.put(unit.write, scene.patient.id, latex, visit_id=scene.visit.id)
    answer = await finishing
    assert answer.status_code == 200, answer.text


async def somebody_waits(owner: AsyncEngine) -> None:
    """Until the other transaction stands before a lock."""
    async with asyncio.timeout(PATIENCE), owner.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        while not await connection.scalar(WAITING):  # noqa: ASYNC110  another process gives no event
            await asyncio.sleep(0.02)
