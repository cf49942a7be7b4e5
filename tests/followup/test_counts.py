"""The counts of the queue's views are those of its tasks, whatever is done to them, by whom, at once or undone."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from core.actor import Role, system_actor
from core.database.session import open_unit
from core.services import Services
from followup.domain import TaskKind
from followup.page import View
from identity.models import Account, Patient
from tests.people import make_patient, make_staff, session_for, sign_in

KINDS = [str(kind) for kind in TaskKind]
OPEN_VIEWS = [view for view in View if view is not View.DONE]
IN_CLINIC = text("SELECT set_config('carethread.clinic_id', :clinic, false)")
DRIFT = text("SELECT * FROM task_count_drift WHERE clinic_id = :clinic")
TRUE_COUNTS = text("""
    SELECT count(*) AS open, count(*) FILTER (WHERE assignee_id = :me) AS mine,
           count(*) FILTER (WHERE assignee_id IS NULL) AS unassigned,
           count(*) FILTER (WHERE due_at < :moment) AS overdue, count(*) FILTER (WHERE due_at < :tomorrow) AS today
      FROM task WHERE clinic_id = :clinic AND status = 'open' AND (cast(:kind AS text) IS NULL OR kind = :kind)
""")
KEPT_COUNTS = text("SELECT task_counts(:me, :moment, :tomorrow, :kind)")
ADD = text("""
    INSERT INTO task (clinic_id, patient_id, source, source_id, kind, title, due_at, assignee_id, status, closed_at)
    SELECT :clinic, :patient, 'manual', uuidv7(), :kind, 'Call', cast(:due AS timestamptz) + i * interval '7 hours',
           cast(:assignee AS uuid), :status, CASE WHEN :status <> 'open' THEN now() END
      FROM generate_series(1, cast(:rows AS integer)) i
""")
# A task that the other connection has in hand is left alone.
SOME = "SELECT id FROM task WHERE clinic_id = :clinic ORDER BY md5(id::text || :dice) LIMIT 2 FOR UPDATE SKIP LOCKED"
CHANGES = [
    "UPDATE task SET assignee_id = :assignee WHERE id IN (some)",
    "UPDATE task SET status = 'done', closed_at = now() WHERE id IN (some)",
    "UPDATE task SET status = 'open', closed_at = NULL WHERE id IN (some)",
    "UPDATE task SET due_at = :due WHERE id IN (some)",
    "UPDATE task SET kind = :kind, due_at = :due, assignee_id = NULL WHERE id IN (some)",
    "UPDATE task SET title = 'Call again' WHERE id IN (some)",
    "DELETE FROM task WHERE id IN (some)",
]


@pytest.fixture
async def coordinator(services: Services, clinic_id: UUID, client: httpx.AsyncClient) -> Account:
    """A coordinator, signed in on ``client``."""
    async with open_unit(services, system_actor(clinic_id)) as unit:
        account = await make_staff(unit.write, Role.COORDINATOR)
        sign_in(client, await session_for(unit.write, account))
        return account


@pytest.fixture
async def patient(services: Services, clinic_id: UUID) -> Patient:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        return await make_patient(unit.write)


class Hand:
    """One connection that does things to tasks, in transactions and savepoints of its own."""

    def __init__(
        self, connection: AsyncConnection, dice: random.Random, patient: Patient, team: list[UUID]
    ) -> None:
        self.connection, self.dice, self.patient, self.team = connection, dice, patient, team

    async def act(self) -> None:
        """One step of any kind. What is not committed in the end is rolled back."""
        step = self.dice.random()
        if step < 0.12:
            await self.connection.commit()
        elif step < 0.2:
            await self.connection.rollback()
        elif step < 0.3:
            savepoint = await self.connection.begin_nested()
            await self._change()
            await (savepoint.rollback() if self.dice.random() < 0.6 else savepoint.commit())
        elif step < 0.38:
            await self.connection.execute(IN_CLINIC, {"clinic": str(self.patient.clinic_id)})
            await self.connection.execute(text("SELECT fold_task_counts()"))
        else:
            await self._change()

    async def _change(self) -> None:
        values: dict[str, Any] = {
            "clinic": self.patient.clinic_id,
            "patient": self.patient.id,
            "kind": self.dice.choice(KINDS),
            "due": datetime.now(UTC) + timedelta(minutes=self.dice.randint(-4000, 4000)),
            "assignee": self.dice.choice([None, *self.team]),
            "status": self.dice.choice(["open", "open", "done"]),
            "rows": self.dice.randint(1, 3),
            "dice": str(self.dice.random()),
        }
        statement = ADD if self.dice.random() < 0.4 else text(self.dice.choice(CHANGES).replace("some", SOME))
        names = statement.compile().params.keys()
        await self.connection.execute(statement, {name: values[name] for name in names})


@pytest.mark.parametrize("seed", range(6))
async def test_any_steps_of_two_at_once_keep_every_count_right(
    owner: AsyncEngine, services: Services, patient: Patient, coordinator: Account, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311  the same steps each time
    team = [coordinator.id]
    async with owner.connect() as first, owner.connect() as second, owner.connect() as onlooker:
        hands = [Hand(each, dice, patient, team) for each in (first, second)]
        for _ in range(60):
            await dice.choice(hands).act()
            assert (await onlooker.execute(DRIFT, {"clinic": patient.clinic_id})).all() == []
            await onlooker.rollback()
        await first.commit()
        await second.rollback()
        assert (await onlooker.execute(DRIFT, {"clinic": patient.clinic_id})).all() == []
    await _agree(services, owner, patient.clinic_id, coordinator.id, dice)


async def _agree(
    services: Services, owner: AsyncEngine, clinic_id: UUID, me: UUID, dice: random.Random
) -> None:
    """The views' counts at many moments, a microsecond around due times, quarters and days among them."""
    async with owner.connect() as connection:
        due = list(
            await connection.scalars(text("SELECT due_at FROM task WHERE clinic_id = :c"), {"c": clinic_id})
        )
        day = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        edges = [*dice.sample(due, min(4, len(due))), day, day + timedelta(minutes=45)]
        moments = [edge + timedelta(microseconds=off) for edge in edges for off in (-1, 0, 1)]
        for moment in moments:
            for kind in (None, dice.choice(KINDS)):
                values = {"me": me, "moment": moment, "tomorrow": moment + timedelta(hours=9), "kind": kind}
                true = (
                    (await connection.execute(TRUE_COUNTS, {**values, "clinic": clinic_id})).one()._asdict()
                )
                async with services.engine.connect() as app:
                    await app.execute(IN_CLINIC, {"clinic": str(clinic_id)})
                    assert await app.scalar(KEPT_COUNTS, values) == true, (moment, kind)
                    await app.execute(text("SELECT set_config('carethread.clinic_id', '', false)"))


async def test_each_view_says_how_many_it_shows_on_all_its_pages(
    client: httpx.AsyncClient, coordinator: Account, owner: AsyncEngine, patient: Patient
) -> None:
    dice = random.Random(0)  # noqa: S311  the same tasks each time
    async with owner.connect() as connection:
        hand = Hand(connection, dice, patient, [coordinator.id])
        for _ in range(120):
            await hand._change()
        await connection.commit()
    for kind in (None, "call", "lab"):
        for view in OPEN_VIEWS:
            seen, after = [], None
            while True:
                asked = {"view": view, "kind": kind, "after": after}
                page = (await client.get("/api/tasks", params={k: v for k, v in asked.items() if v})).json()
                seen += [task["id"] for task in page["tasks"]]
                assert all(kind in (None, task["kind"]) for task in page["tasks"])
                after = page["next"]
                if after is None:
                    break
            assert len(seen) == len(set(seen)) == page["counts"][view], (view, kind)


@pytest.mark.parametrize("view", list(View))
async def test_both_ways_of_asking_give_the_same_page(
    client: httpx.AsyncClient, coordinator: Account, owner: AsyncEngine, patient: Patient, view: View
) -> None:
    """A query that the quick way does not know takes the ordinary one."""
    async with owner.connect() as connection:
        hand = Hand(connection, random.Random(1), patient, [coordinator.id])  # noqa: S311  the same tasks each time
        for _ in range(40):
            await hand._change()
        await connection.commit()
    quick = await client.get(f"/api/tasks?view={view}&kind=call")
    ordinary = await client.get(f"/api/tasks?view={view}&kind=call&x=1")
    assert quick.status_code == ordinary.status_code == 200, ordinary.text
    assert quick.json() == ordinary.json()
    shown = {task["patient_id"] for task in quick.json()["tasks"]}
    rows = text("SELECT patients, detail FROM audit_event WHERE clinic_id = :c AND action = 'task.list'")
    async with owner.connect() as connection:
        found = (await connection.execute(rows, {"c": patient.clinic_id})).all()
    assert len(found) == 2
    for patients, detail in found:
        assert {str(each) for each in patients or []} == shown
        assert detail == {"view": view, "count": len(quick.json()["tasks"])}


@pytest.mark.parametrize(
    ("query", "status"), [("view=mine2", 422), ("kind=x", 422), ("after=x", 400), ("patient_id=1", 422)]
)
async def test_what_is_no_view_kind_or_cursor_is_refused(
    client: httpx.AsyncClient, coordinator: Account, query: str, status: int
) -> None:
    assert (await client.get(f"/api/tasks?{query}")).status_code == status


async def test_many_additions_are_summed_up_by_readers_who_do_not_wait_for_each_other(
    client: httpx.AsyncClient, coordinator: Account, owner: AsyncEngine, patient: Patient
) -> None:
    unfolded = text("SELECT count(*) FROM task_count WHERE clinic_id = :c AND NOT folded")
    values = {
        "clinic": patient.clinic_id,
        "patient": patient.id,
        "kind": "call",
        "status": "open",
        "rows": 2000,
    }
    async with owner.begin() as connection:
        await connection.execute(ADD, {**values, "due": datetime.now(UTC), "assignee": None})
    async with owner.connect() as connection:
        assert await connection.scalar(unfolded, {"c": patient.clinic_id}) > 1000
        await connection.rollback()
        while await connection.scalar(unfolded, {"c": patient.clinic_id}) > 1000:
            await connection.rollback()
            answers = await asyncio.gather(*(client.get("/api/tasks") for _ in range(8)))
            assert {answer.json()["counts"]["open"] for answer in answers} == {2000}
        assert (await connection.execute(DRIFT, {"clinic": patient.clinic_id})).all() == []


async def test_a_count_that_somebody_changed_is_named_and_can_be_mended(
    owner: AsyncEngine, settings_of_system: str, patient: Patient
) -> None:
    clinic = {"clinic": patient.clinic_id}
    values = {**clinic, "patient": patient.id, "kind": "call", "status": "open", "rows": 3, "assignee": None}
    async with owner.begin() as connection:
        await connection.execute(ADD, {**values, "due": datetime.now(UTC)})
        await connection.execute(text("UPDATE task_count SET n = n + 1 WHERE clinic_id = :clinic"), clinic)
    system = await asyncpg.connect(settings_of_system)
    query = "SELECT facet, kept - counted FROM task_count_drift WHERE clinic_id = $1"
    assert {tuple(row) for row in await system.fetch(query, patient.clinic_id)} >= {
        ("assignee", 1),
        ("quarter", 1),
    }
    await system.execute("SELECT recount_tasks()")
    assert await system.fetch(query, patient.clinic_id) == []
    await system.close()


@pytest.fixture
def settings_of_system(environment: dict[str, str]) -> str:
    return environment["CARETHREAD_SYSTEM_DATABASE_URL"]


async def test_the_application_reads_its_clinics_counts_and_writes_none(
    services: Services, owner: AsyncEngine, patient: Patient, other_clinic_id: UUID
) -> None:
    values = {"clinic": patient.clinic_id, "patient": patient.id, "kind": "call", "status": "open", "rows": 1}
    async with owner.begin() as connection:
        await connection.execute(ADD, {**values, "due": datetime.now(UTC), "assignee": None})
    for clinic_id, seen in ((patient.clinic_id, 3), (other_clinic_id, 0)):
        async with open_unit(services, system_actor(clinic_id)) as unit:
            assert await unit.read.scalar(text("SELECT count(*) FROM task_count")) == seen
    with pytest.raises(ProgrammingError, match="permission denied"):
        async with open_unit(services, system_actor(patient.clinic_id)) as unit:
            await unit.read.execute(text("UPDATE task_count SET n = 0"))
