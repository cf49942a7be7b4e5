"""Tasks that are put off, made by hand or made by themselves are due while the clinic is open."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core import json
from core.actor import Role, system_actor
from core.database.session import open_unit
from core.events.outbox import Delivery, Event
from core.ids import new_id
from core.services import Services
from followup.domain import OFFERED_DAYS
from followup.tasks import task_of_account_not_mine, task_of_no_show, task_of_suspected_duplicate
from identity.events import AccountNotMine, DuplicateSuspected
from identity.models import Account, Patient
from tests.chart.conftest import admitted_visit
from tests.people import make_patient, make_staff, session_for, sign_in
from visits.events import VisitNoShow

NEW_YORK = ZoneInfo("America/New_York")
WEEK = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.fixture
async def patient(services: Services, clinic_id: UUID) -> Patient:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        return await make_patient(unit.write)


@pytest.fixture
async def coordinator(services: Services, clinic_id: UUID, client: httpx.AsyncClient) -> Account:
    """A coordinator, signed in on ``client``."""
    async with open_unit(services, system_actor(clinic_id)) as unit:
        account = await make_staff(unit.write, Role.COORDINATOR)
        sign_in(client, await session_for(unit.write, account))
        return account


async def close(owner: AsyncEngine, clinic_id: UUID, *, hours: dict[str, Any], days: int) -> list[date]:
    """The clinic has these hours, and is closed for so many days from tomorrow on."""
    today = datetime.now(NEW_YORK).date()
    holidays = [today + timedelta(days=ahead) for ahead in range(1, days + 1)]
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE clinic SET hours = cast(:hours AS jsonb) WHERE id = :id"),
            {"hours": json.encode_text(hours), "id": clinic_id},
        )
        for day in holidays:
            await connection.execute(
                text("INSERT INTO holiday (clinic_id, day, name) VALUES (:id, :day, 'Closed')"),
                {"id": clinic_id, "day": day},
            )
    return holidays


def day_of(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(NEW_YORK).date()


async def test_putting_off_trying_again_and_adding_land_on_the_next_open_day_and_undo_puts_back(
    client: httpx.AsyncClient, coordinator: Account, owner: AsyncEngine, patient: Patient
) -> None:
    closed = await close(owner, patient.clinic_id, hours={}, days=2)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    next_open = closed[-1] + timedelta(days=1)
    offered = {each["days"]: each["due_at"] for each in (await client.get("/api/tasks/days")).json()}
    assert set(offered) == set(OFFERED_DAYS)
    assert day_of(offered[1]) == next_open

    body = {"patient_id": str(patient.id), "title": "Call", "due_at": tomorrow}
    made = (await client.post("/api/tasks", json=body, headers={"idempotency-key": str(new_id())})).json()
    assert day_of(made["task"]["due_at"]) == next_open
    path = f"/api/tasks/{made['task']['id']}"
    tried = await client.post(
        f"{path}/outreach", json={"channel": "phone", "outcome": "no_answer", "next_try_at": tomorrow}
    )
    assert day_of(tried.json()["task"]["due_at"]) == next_open
    assert day_of(tried.json()["outreach"][0]["next_try_at"]) == next_open
    moved = await client.post(
        f"{path}/put-off", json={"due_at": tomorrow, "version": tried.json()["task"]["version"]}
    )
    assert day_of(moved.json()["task"]["due_at"]) == next_open
    back = await client.post(
        f"{path}/put-off",
        json={"due_at": tomorrow, "version": moved.json()["task"]["version"], "as_it_is": True},
    )
    assert datetime.fromisoformat(back.json()["task"]["due_at"]) == datetime.fromisoformat(tomorrow)

    urgent = await client.post(
        "/api/tasks", json={**body, "priority": 2}, headers={"idempotency-key": str(new_id())}
    )
    assert datetime.fromisoformat(urgent.json()["task"]["due_at"]) == datetime.fromisoformat(tomorrow)


async def test_a_clinic_that_is_closed_for_months_says_so(
    client: httpx.AsyncClient, coordinator: Account, owner: AsyncEngine, patient: Patient
) -> None:
    await close(owner, patient.clinic_id, hours=WEEK, days=120)
    offered = (await client.get("/api/tasks/days")).json()
    assert {each["due_at"] for each in offered} == {None}
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    body = {"patient_id": str(patient.id), "title": "Call", "due_at": tomorrow}
    refused = await client.post("/api/tasks", json=body, headers={"idempotency-key": str(new_id())})
    assert refused.json()["fields"] == [{"path": "due_at", "code": "no_open_day"}]


async def test_what_the_clinic_makes_by_itself_waits_for_an_open_day_unless_it_is_urgent(
    client: httpx.AsyncClient,
    coordinator: Account,
    owner: AsyncEngine,
    services: Services,
    patient: Patient,
) -> None:
    """A patient who does not come late at night before two closed days."""
    closed = await close(owner, patient.clinic_id, hours={}, days=2)
    night = datetime.combine(closed[0] - timedelta(days=1), datetime.min.time(), NEW_YORK).replace(hour=22)
    async with open_unit(services, system_actor(patient.clinic_id)) as unit:
        clinician = await make_staff(unit.write, Role.CLINICIAN)
        visit = await admitted_visit(unit.write, patient, clinician)
        no_show = VisitNoShow(visit_id=visit.id, patient_id=patient.id)
        duplicate = DuplicateSuspected(patient_id=patient.id)
        not_mine = AccountNotMine(account_id=patient.account_id or new_id(), patient_id=patient.id)

        def at_night(event: Event) -> Delivery[Event]:
            return Delivery(new_id(), patient.clinic_id, night, event)

        await task_of_no_show.handle(unit.write, at_night(no_show))
        await task_of_suspected_duplicate.handle(unit.write, at_night(duplicate))
        await task_of_account_not_mine.handle(unit.write, at_night(not_mine))
    tasks = (await client.get("/api/tasks")).json()["tasks"]
    due = {task["source"]: day_of(task["due_at"]) for task in tasks}
    assert due["no_show"] == due["duplicate"] == closed[-1] + timedelta(days=1)
    [urgent] = [task for task in tasks if task["source"] == "not_me"]
    assert datetime.fromisoformat(urgent["due_at"]) == night + timedelta(hours=2)
