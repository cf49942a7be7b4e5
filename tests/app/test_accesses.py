"""'Who viewed my record': each look at a list with the patient is there, by person and day, and drowns nothing."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import Role
from core.services import Services
from tests.app.every_route.stage import Stage, set_stage

_FILL = text("""
    INSERT INTO audit_event (clinic_id, at, account_id, roles, request_id, action, patients)
    SELECT :clinic, CAST(:from AS timestamptz) + n * CAST(:every AS interval), :account, '{coordinator}', 'test',
           'queue.read', ARRAY[CAST(:patient AS uuid)]
      FROM generate_series(0, :rows - 1) n
""")


@pytest.fixture
async def stage(services: Services, app: Litestar, owner: AsyncEngine) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        yield await set_stage(services, app, owner, stack)


async def looks(stage: Stage, **query: str) -> list[dict[str, Any]]:
    answer = await stage.browsers[Role.PATIENT].get("/api/me/accesses", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


async def seen(owner: AsyncEngine, stage: Stage, start: str, every: timedelta, rows: int) -> None:
    """The coordinator has the queue open, in which the patient stands."""
    async with owner.begin() as connection:
        await connection.execute(
            _FILL,
            {
                "clinic": stage.clinic.id,
                "from": datetime.fromisoformat(start),
                "every": every,
                "account": stage.staff[Role.COORDINATOR].id,
                "patient": stage.patient.id,
                "rows": rows,
            },
        )


async def test_whoever_had_my_name_in_a_list_is_there_with_each_list_and_how_often(stage: Stage) -> None:
    await stage.visit()
    coordinator = stage.browsers[Role.COORDINATOR]
    for _ in range(3):
        assert str(stage.patient.id) in (await coordinator.get("/api/queue")).text
    await coordinator.post("/api/patients/search", json={"q": stage.patient.family})
    await stage.browsers[Role.CLINICIAN].get(f"/api/patients/{stage.patient.id}/summary")
    found = await looks(stage)
    listed = {each["what"]: each["times"] for each in found if each["listed"]}
    assert listed == {"queue.read": 3, "patient.search": 1}
    assert "chart.read" in {each["what"] for each in found if not each["listed"]}


async def test_a_list_is_counted_by_the_days_of_the_reader(stage: Stage, owner: AsyncEngine) -> None:
    """40 looks from 22:00 to 23:18 in New York, and on the next day there two of them by Madrid's clock only."""
    await seen(owner, stage, "2026-11-20T22:00:00-05:00", timedelta(minutes=2), 40)
    [there] = await looks(stage, time_zone="America/New_York")
    assert (there["times"], there["listed"]) == (40, True)
    assert datetime.fromisoformat(there["since"]) == datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    assert datetime.fromisoformat(there["at"]) == datetime(2026, 11, 21, 4, 18, tzinfo=UTC)
    await seen(owner, stage, "2026-11-20T23:58:00-05:00", timedelta(minutes=4), 2)
    assert [each["times"] for each in await looks(stage, time_zone="America/New_York")] == [1, 41]
    assert [each["times"] for each in await looks(stage, time_zone="Europe/Madrid")] == [42]
    refused = await stage.browsers[Role.PATIENT].get("/api/me/accesses", params={"time_zone": "Mars/Base"})
    assert (refused.status_code, refused.json()["fields"][0]["path"]) == (422, "time_zone")


async def test_lists_of_years_push_out_no_look_at_the_chart(stage: Stage, owner: AsyncEngine) -> None:
    await stage.browsers[Role.CLINICIAN].get(f"/api/patients/{stage.patient.id}/summary")
    await seen(owner, stage, "2024-01-01T12:00:00Z", timedelta(days=1), 600)
    found = await looks(stage)
    assert [each["what"] for each in found if not each["listed"]] == ["chart.read"]
    assert len(found) > 500


async def test_another_clinics_lists_are_not_told(stage: Stage, owner: AsyncEngine) -> None:
    """The lookup runs as the owner, past row-level security: it names the clinic itself."""
    async with owner.begin() as connection:
        await connection.execute(
            _FILL,
            {
                "clinic": "00000000-0000-7000-8000-000000000001",
                "from": datetime(2026, 11, 20, tzinfo=UTC),
                "every": timedelta(minutes=1),
                "account": stage.staff[Role.COORDINATOR].id,
                "patient": stage.patient.id,
                "rows": 5,
            },
        )
    assert await looks(stage) == []


async def test_what_was_done_before_anybody_signed_in_has_a_role_that_can_be_told(
    stage: Stage, owner: AsyncEngine
) -> None:
    async with owner.begin() as connection:
        await connection.execute(
            text("""
                INSERT INTO audit_event (clinic_id, at, roles, request_id, action, patient_id)
                VALUES (:clinic, now(), '{}', 'test', 'patients.register', :patient)
            """),
            {"clinic": stage.clinic.id, "patient": stage.patient.id},
        )
    assert ("", "none") in [(look["who"], look["role"]) for look in await looks(stage)]
