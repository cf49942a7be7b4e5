"""The follow-up queue: nothing that was promised is made twice, lost, or changed behind someone's back."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from chart.prescribing.domain import Failure
from chart.prescribing.events import PrescriptionFailed
from core.actor import Role, system_actor
from core.database.session import WriteSession, open_unit
from core.events.outbox import Delivery
from core.ids import new_id
from core.services import Services
from followup import service
from followup.domain import TaskKind, TaskPriority, TaskSource, TaskStatus
from followup.models import Task
from followup.tasks import task_of_failed_prescription
from identity.models import Account, Patient
from tests.chart.conftest import admitted_visit
from tests.conftest import Deliver
from tests.decisions import decision
from tests.people import actor_of, make_patient, make_staff, session_for, sign_in
from visits import service as visits
from visits.domain import Priority


@pytest.fixture
async def coordinator(services: Services, clinic_id: UUID, client: httpx.AsyncClient) -> Account:
    """A coordinator, signed in on ``client``."""
    async with open_unit(services, system_actor(clinic_id)) as unit:
        account = await make_staff(unit.write, Role.COORDINATOR, name="Kim Cole")
        sign_in(client, await session_for(unit.write, account))
        return account


@pytest.fixture
async def patient(services: Services, clinic_id: UUID) -> Patient:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        return await make_patient(unit.write)


async def _make(
    client: httpx.AsyncClient,
    patient: Patient,
    title: str = "Call about the rash",
    visit_id: str | None = None,
) -> dict[str, str]:
    due = datetime.now(UTC) + timedelta(days=1)
    body = {
        "patient_id": str(patient.id),
        "visit_id": visit_id,
        "title": title,
        "kind": "call",
        "due_at": due.isoformat(),
    }
    answer = await client.post("/api/tasks", json=body, headers={"idempotency-key": str(new_id())})
    assert answer.status_code == 201, answer.text
    task: dict[str, str] = answer.json()["task"]
    return task


async def test_an_attempt_that_waited_on_the_device_says_when_it_was_made(
    client: httpx.AsyncClient, coordinator: Account, patient: Patient
) -> None:
    """Never before its task or in the future, whatever the device's clock says."""
    task = await _make(client, patient)
    made, before = datetime.fromisoformat(task["created_at"]), datetime.now(UTC)
    said = (made + (before - made) / 2, datetime(2000, 1, 1, tzinfo=UTC), before + timedelta(days=9))
    for at in said:
        body = {"channel": "phone", "outcome": "no_answer", "made_at": at.isoformat()}
        answer = await client.post(f"/api/tasks/{task['id']}/outreach", json=body)
        assert answer.status_code == 201, answer.text
    then, long_ago, in_future = (datetime.fromisoformat(each["at"]) for each in answer.json()["outreach"])
    assert (then, long_ago) == (said[0], made)
    assert before <= in_future <= datetime.now(UTC)


async def test_an_attempt_that_waited_moves_no_clock_that_somebody_has_set_since(
    client: httpx.AsyncClient, coordinator: Account, patient: Patient
) -> None:
    task = await _make(client, patient)
    path, now = f"/api/tasks/{task['id']}", datetime.now(UTC)
    soon = await client.post(
        f"{path}/put-off", json={"due_at": (now + timedelta(hours=2)).isoformat(), "version": 1}
    )
    due = soon.json()["task"]["due_at"]
    waited = {"channel": "phone", "outcome": "no_answer", "made_at": now.isoformat()}
    later, past = ((now + timedelta(days=days)).isoformat() for days in (9, -1))
    for body in ({"next_try_at": later, "version": 1}, {"next_try_at": past, "version": 2}):
        kept = await client.post(f"{path}/outreach", json=waited | body)
        assert kept.status_code == 201, kept.text
        assert kept.json()["task"]["due_at"] == due
    assert kept.json()["task"]["tries"] == 2


async def test_the_same_event_makes_one_task(db: WriteSession) -> None:
    patient = await make_patient(db)
    source = new_id()

    async def make() -> UUID | None:
        return await service.create(
            db,
            patient_id=patient.id,
            visit_id=None,
            source=TaskSource.PLAN,
            source_id=source,
            kind=TaskKind.CALL,
            title="Call",
            due_at=db.now(),
        )

    assert await make() is not None
    assert await make() is None


async def test_a_prescription_that_fails_again_opens_its_closed_task_again(db: WriteSession) -> None:
    patient = await make_patient(db)
    visit = await admitted_visit(db, patient, await make_staff(db, Role.CLINICIAN))
    event = PrescriptionFailed(
        prescription_id=new_id(), visit_id=visit.id, patient_id=patient.id, failure=Failure.REJECTED
    )
    failed = Delivery(new_id(), db.clinic_id, db.now(), event)
    await task_of_failed_prescription.handle(db, failed)
    task: Task = (await db.scalars(select(Task).where(Task.patient_id == patient.id))).one()
    await service.close(db, task.id, TaskStatus.DONE, "Sent again", task.version)

    tomorrow = failed.occurred_at + timedelta(days=1)
    await task_of_failed_prescription.handle(db, replace(failed, occurred_at=tomorrow))

    assert (task.status, task.due_at) == (TaskStatus.OPEN, tomorrow + timedelta(hours=2))


@pytest.mark.parametrize("flagged", [True, False])
async def test_whoever_told_of_danger_and_went_away_is_called(
    client: httpx.AsyncClient,
    coordinator: Account,
    services: Services,
    patient: Patient,
    deliver: Deliver,
    flagged: bool,
) -> None:
    async with open_unit(services, actor_of(patient)) as unit:
        visit = await visits.request(unit.write, patient.id, "mood")
        if flagged:
            await visits.raise_priority(unit.write, visit, [(decision("suicide"), Priority.EMERGENCY)])
        await visits.cancel(unit.write, visit)
    await deliver()
    tasks = (await client.get("/api/tasks")).json()["tasks"]
    found = [(each["source"], each["visit_id"], each["priority"]) for each in tasks]
    assert found == ([("red_flag", str(visit.id), TaskPriority.URGENT)] if flagged else [])


@pytest.mark.parametrize("changed", [True, False])
async def test_a_task_for_who_told_of_danger_says_of_what_and_when_the_answer_changed(
    client: httpx.AsyncClient,
    coordinator: Account,
    services: Services,
    patient: Patient,
    deliver: Deliver,
    changed: bool,
) -> None:
    async with open_unit(services, actor_of(patient)) as unit:
        visit = await visits.request(unit.write, patient.id, "mood")
        await visits.raise_priority(unit.write, visit, [(decision("suicide"), Priority.EMERGENCY)])
        when = unit.write.now()
        if changed:
            await visits.mark_flags_changed(unit.write, visit, {"suicide": when})
        await visits.cancel(unit.write, visit)
    await deliver()
    [task] = (await client.get("/api/tasks")).json()["tasks"]
    assert (await client.get(f"/api/tasks/{task['id']}")).json()["task"]["red_flags"] == task["red_flags"]
    [flag] = task["red_flags"]
    assert (flag["code"], flag["level"]) == ("suicide", "emergency")
    told = datetime.fromisoformat(flag["changed_at"]) if flag["changed_at"] else None
    assert told == (when if changed else None)
    assert not (await _make(client, patient))["red_flags"]


async def test_the_thread_of_a_visit_says_that_its_task_was_closed(
    client: httpx.AsyncClient, coordinator: Account, services: Services, patient: Patient
) -> None:
    async with open_unit(services, system_actor(patient.clinic_id)) as unit:
        visit = await admitted_visit(unit.write, patient, await make_staff(unit.write, Role.CLINICIAN))
    task = await _make(client, patient, visit_id=str(visit.id))
    done = await client.post(f"/api/tasks/{task['id']}/complete", json={"version": 1, "outcome": "Reached"})
    assert done.status_code == 200, done.text
    steps = (await client.get(f"/api/visits/{visit.id}/thread")).json()["steps"]
    assert [(step["kind"], step["ref"]) for step in steps] == [("task.closed", task["id"])]


async def test_a_task_goes_from_the_queue_to_done_and_back(
    client: httpx.AsyncClient, coordinator: Account, patient: Patient
) -> None:
    task = await _make(client, patient)
    page = (await client.get("/api/tasks?view=unassigned")).json()
    assert [each["id"] for each in page["tasks"]] == [task["id"]]
    assert page["counts"] == {
        "open": 1,
        "mine": 0,
        "unassigned": 1,
        "overdue": 0,
        "today": page["counts"]["today"],
    }
    path = f"/api/tasks/{task['id']}"
    answer = await client.post(f"{path}/assign", json={"assignee_id": str(coordinator.id), "version": 1})
    assert answer.json()["task"]["assignee_name"] == "Kim Cole"
    answer = await client.post(
        f"{path}/outreach", json={"channel": "phone", "outcome": "no_answer", "note": "Rang out"}
    )
    assert answer.json()["task"]["tries"] == 1
    assert answer.json()["outreach"][0]["by"] == "Kim Cole"
    version = answer.json()["task"]["version"]
    answer = await client.post(f"{path}/complete", json={"version": version, "outcome": "Reached, better"})
    assert answer.json()["task"]["status"] == "done"
    assert (await client.get("/api/tasks?view=open")).json()["tasks"] == []
    assert (await client.get("/api/tasks?view=done")).json()["tasks"][0]["outcome"] == "Reached, better"
    answer = await client.post(f"{path}/reopen", json={"version": answer.json()["task"]["version"]})
    assert answer.json()["task"]["status"] == "open"


async def test_two_coordinators_cannot_change_a_task_unknowingly(
    client: httpx.AsyncClient, coordinator: Account, patient: Patient
) -> None:
    task = await _make(client, patient)
    path = f"/api/tasks/{task['id']}/complete"
    answers = await asyncio.gather(*(client.post(path, json={"version": 1}) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409, 409]
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"task_changed"}


async def test_logging_an_attempt_twice_by_a_double_click_logs_it_once(
    client: httpx.AsyncClient, coordinator: Account, patient: Patient
) -> None:
    task = await _make(client, patient)
    body = {"channel": "phone", "outcome": "left_message"}
    path, key = f"/api/tasks/{task['id']}/outreach", {"idempotency-key": str(new_id())}
    first, second = await asyncio.gather(*(client.post(path, json=body, headers=key) for _ in range(2)))
    assert first.json() == second.json()
    assert len((await client.get(f"/api/tasks/{task['id']}")).json()["outreach"]) == 1
    changed = await client.post(path, json={**body, "outcome": "reached"}, headers=key)
    assert changed.status_code == 422
    assert changed.json()["code"] == "idempotency_key_reused"


async def test_times_without_a_zone_and_in_the_past_are_refused(
    client: httpx.AsyncClient, coordinator: Account, patient: Patient
) -> None:
    task = await _make(client, patient)
    path = f"/api/tasks/{task['id']}/put-off"
    without = await client.post(path, json={"due_at": "2030-01-01T10:00:00", "version": 1})
    assert without.json()["fields"] == [{"path": "due_at", "code": "zone_missing"}]
    past = await client.post(path, json={"due_at": "2020-01-01T10:00:00Z", "version": 1})
    assert past.json()["fields"] == [{"path": "due_at", "code": "in_the_past"}]


async def test_a_task_for_someone_elses_patient_cannot_be_made(
    client: httpx.AsyncClient, coordinator: Account, services: Services, other_clinic_id: UUID
) -> None:
    async with open_unit(services, system_actor(other_clinic_id)) as unit:
        stranger = await make_patient(unit.write)
    body = {"patient_id": str(stranger.id), "title": "x", "due_at": datetime.now(UTC).isoformat()}
    assert (await client.post("/api/tasks", json=body)).status_code == 404


async def test_work_is_given_to_the_care_team_only(
    client: httpx.AsyncClient, coordinator: Account, patient: Patient
) -> None:
    task = await _make(client, patient)
    answer = await client.post(
        f"/api/tasks/{task['id']}/assign", json={"assignee_id": str(patient.account_id), "version": 1}
    )
    assert answer.json()["fields"] == [{"path": "assignee_id", "code": "not_in_care_team"}]


async def test_no_move_but_those_of_the_table_is_made(
    client: httpx.AsyncClient, coordinator: Account, patient: Patient
) -> None:
    task = await _make(client, patient)
    path = f"/api/tasks/{task['id']}"
    assert (await client.post(f"{path}/reopen", json={"version": 1})).json()["code"] == "task_is_open"
    without_reason = await client.post(f"{path}/cancel", json={"version": 1, "outcome": " "})
    assert without_reason.json()["fields"] == [{"path": "outcome", "code": "required"}]
    done = (await client.post(f"{path}/cancel", json={"version": 1, "outcome": "Moved away"})).json()["task"]
    assert done["status"] == TaskStatus.CANCELLED
    again = await client.post(f"{path}/complete", json={"version": done["version"]})
    assert again.json()["code"] == "task_is_cancelled"
