"""A prepared summary is served in the shape of this release, and ends with every change of what it shows."""

import re
from collections.abc import AsyncIterator

import httpx
import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from chart import summary as chart_summary
from chart.record.importing import import_patient
from chart.schemas import ChartSummary
from core.services import Services
from tests.chart.conftest import Scene
from tests.chart.record.test_store import bundle
from tests.chart.test_summary import summary
from tests.conftest import ActAs

_TOUCHED = text("""
SELECT c.relname FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
 WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND c.relkind = 'r'
   AND c.relnamespace = 'public'::regnamespace
""")
_WATCHED = text("""
SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
 WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'
   AND p.prosrc ~ '(chart_summary SET stamp|stamp = chart_summary.stamp|chart_reference SET stamp) *'
""")
KEPT = {"chart_summary", "chart_reference"}


async def test_every_table_that_the_summary_is_made_from_says_when_it_changes(
    services: Services, scene: Scene
) -> None:
    """The list is PostgreSQL's own: the tables that it locks to run the builder, functions included."""
    async with services.engine.connect() as connection:
        await connection.execute(
            text("SELECT set_config('carethread.clinic_id', :clinic, true)"),
            {"clinic": str(scene.patient.clinic_id)},
        )
        before = set(await connection.scalars(_TOUCHED))
        parameters = {"patient": scene.patient.id, "vitals": ["8867-4"], "labs": ["4548-4"], "points": 1}
        await connection.execute(chart_summary._BUILD, parameters)
        sources = set(await connection.scalars(_TOUCHED)) - before - KEPT
        watched = set(await connection.scalars(_WATCHED))
    assert {"patient", "record", "visit", "account", "prescription", "pharmacy", "lay_term"} <= sources
    assert sources - watched == set()


async def test_what_is_served_is_a_chart_summary(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs
) -> None:
    """Freshly built, and kept; of an empty chart, and a full one. No field more, none less."""
    async with act_as(scene.actor) as unit:
        full = await import_patient(unit.write, bundle("type2_diabetes"))
    for patient in (scene.patient, full):
        for _ in range(2):
            answer = await clinician.get(f"/api/patients/{patient.id}/summary")
            read = msgspec.json.decode(answer.content, type=ChartSummary)
            assert _names(msgspec.to_builtins(read)) == _names(msgspec.json.decode(answer.content))


def _names(node: object) -> object:
    if isinstance(node, dict):
        return {name: _names(value) for name, value in node.items()}
    return [_names(each) for each in node] if isinstance(node, list) else None


async def test_a_renamed_clinician_has_the_new_name(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs
) -> None:
    assert (await summary(clinician, scene))["visits"][0]["clinician"] == scene.clinician.name
    async with act_as(scene.actor) as unit:
        await unit.write.execute(
            text("UPDATE account SET name = 'Dr. Newly Wed' WHERE id = :id"), {"id": scene.clinician.id}
        )
    for _ in range(2):
        assert (await summary(clinician, scene))["visits"][0]["clinician"] == "Dr. Newly Wed"


@pytest.fixture
async def lay_term(owner: AsyncEngine, terminology: None) -> AsyncIterator[str]:
    async with owner.begin() as connection:
        kept = await connection.scalar(text("SELECT en FROM lay_term WHERE code = 'I10'"))
    yield "I10"
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE lay_term SET en = :en WHERE code = 'I10'"), {"en": kept})


async def test_new_words_for_a_code_show_at_once(
    clinician: httpx.AsyncClient, scene: Scene, owner: AsyncEngine, lay_term: str
) -> None:
    await clinician.post(f"/api/patients/{scene.patient.id}/problems", json={"code": lay_term})
    assert (await summary(clinician, scene))["problems"][0]["plain"]["en"] != "pressure"
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE lay_term SET en = 'pressure' WHERE code = 'I10'"))
    assert (await summary(clinician, scene))["problems"][0]["plain"]["en"] == "pressure"


async def test_what_two_build_at_once_is_kept(scene: Scene, act_as: ActAs) -> None:
    """Both found nothing kept. Whoever comes second must not undo what the first kept, nor make others build again."""
    for _ in range(2):
        async with act_as(scene.actor) as unit:
            await chart_summary._build(unit.read, scene.patient.id)
    async with act_as(scene.actor) as unit:
        key = await unit.read.scalar(
            text("SELECT key FROM chart_summary WHERE patient_id = :id"), {"id": scene.patient.id}
        )
    assert key is not None


async def test_another_release_s_body_is_not_served(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither one of another shape, nor one that the release before writes meanwhile beside this one."""
    first = await summary(clinician, scene)
    stale = text("UPDATE chart_summary SET body = :body, built = stamp WHERE patient_id = :id")
    async with act_as(scene.actor) as unit:
        await unit.write.execute(stale, {"body": b'{"old": 1}', "id": scene.patient.id})
    assert await summary(clinician, scene) == first
    async with act_as(scene.actor) as unit:
        await unit.write.execute(
            text("UPDATE chart_summary SET body = :body, key = key || '' WHERE patient_id = :id"),
            {"body": b'{"old": 2}', "id": scene.patient.id},
        )
    assert await summary(clinician, scene) == first
    monkeypatch.setattr(chart_summary, "shape", lambda: "the next release")
    assert await summary(clinician, scene) == first
    async with act_as(scene.actor) as unit:
        key = await unit.read.scalar(
            text("SELECT key FROM chart_summary WHERE patient_id = :id"), {"id": scene.patient.id}
        )
    assert re.fullmatch(r"the next release:\d+:\d+", str(key))


def test_the_shape_follows_from_what_makes_the_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = {chart_summary.shape()}
    changes: tuple[tuple[str, object], ...] = (
        ("POINTS", chart_summary.POINTS + 1),
        ("_BUILD", text(f"{chart_summary._BUILD.text} -- another")),
        ("head", lambda: "9999_another"),
    )
    for name, value in changes:
        with monkeypatch.context() as patch:
            patch.setattr(chart_summary, name, value)
            shapes.add(chart_summary.shape.__wrapped__())
    assert len(shapes) == 1 + len(changes)
