"""When tasks are due: at a time when the clinic is open, over weekends, holidays, clock changes and odd hours."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core import json
from core.actor import Role, system_actor
from core.database.session import open_unit
from core.events.outbox import Delivery, Event
from core.ids import new_id
from core.services import Services
from followup.domain import OFFERED_DAYS, in_days, within_hours
from followup.tasks import task_of_account_not_mine, task_of_no_show, task_of_suspected_duplicate
from identity.clinic.hours import Opening
from identity.events import AccountNotMine, DuplicateSuspected
from identity.models import Account, Patient
from tests.chart.conftest import admitted_visit
from tests.people import make_patient, make_staff, session_for, sign_in
from visits.events import VisitNoShow

NEW_YORK = ZoneInfo("America/New_York")
WEEK = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
SATURDAYS = {**WEEK, "sat": [["10:00", "14:00"]]}
NIGHTS = {"sun": [["01:00", "03:00"], ["20:00", "24:00"]]}
THANKSGIVING = {date(2026, 11, 26): "Thanksgiving", date(2026, 11, 27): "The day after"}


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("now", "days", "hours", "holidays", "due"),
    [
        # Wednesday before Thanksgiving, the day after closed as well: Monday, at the same time of day.
        ("2026-11-25T10:30", 1, WEEK, THANKSGIVING, "2026-11-30T10:30"),
        ("2026-11-25T10:30", 1, WEEK, {}, "2026-11-26T10:30"),
        # Friday: over the weekend; a clinic that opens on Saturdays from ten to two.
        ("2026-05-01T15:00", 1, WEEK, {}, "2026-05-04T15:00"),
        ("2026-05-01T15:00", 1, SATURDAYS, {}, "2026-05-02T14:00"),
        ("2026-05-01T09:30", 1, SATURDAYS, {}, "2026-05-02T10:00"),
        ("2026-05-01T15:00", 3, WEEK, {}, "2026-05-04T15:00"),
        # Pressed at noon, before opening and late at night.
        ("2026-05-05T12:30", 1, WEEK, {}, "2026-05-06T13:00"),
        ("2026-05-05T06:00", 1, WEEK, {}, "2026-05-06T09:00"),
        ("2026-05-05T23:50", 1, WEEK, {}, "2026-05-06T17:00"),
        ("2026-05-01T23:50", 1, WEEK, {}, "2026-05-04T17:00"),
        # New Year's Eve into a year that begins with a holiday, on a Friday.
        ("2026-12-31T11:00", 1, WEEK, {date(2027, 1, 1): "New Year"}, "2027-01-04T11:00"),
        # February 29.
        ("2028-02-28T11:00", 1, WEEK, {}, "2028-02-29T11:00"),
        # The clock is the clinic's: a day of 23 and one of 25 hours later it shows the same time.
        ("2026-03-07T15:00", 1, {}, {}, "2026-03-08T15:00"),
        ("2026-10-31T15:00", 1, {}, {}, "2026-11-01T15:00"),
        # 02:30 does not exist on March 8; 01:30 comes twice on November 1.
        ("2026-03-07T02:30", 1, {}, {}, "2026-03-08T03:30"),
        ("2026-10-31T01:30", 1, NIGHTS, {}, "2026-11-01T01:30"),
        ("2026-10-31T22:00", 1, NIGHTS, {}, "2026-11-01T22:00"),
        # Without hours it opens daily, but for holidays.
        ("2026-05-01T22:00", 1, {}, {}, "2026-05-02T22:00"),
        ("2026-11-25T22:00", 1, {}, THANKSGIVING, "2026-11-28T22:00"),
        # Hours with empty days are none.
        ("2026-05-01T22:00", 1, {"mon": []}, {}, "2026-05-02T22:00"),
    ],
)
def test_so_many_days_on_is_an_open_day(
    now: str, days: int, hours: dict[str, Any], holidays: dict[date, str], due: str
) -> None:
    found = in_days(days, at(now), Opening(hours, NEW_YORK, holidays))
    assert found is not None
    assert found.astimezone(NEW_YORK).isoformat()[:16] == due


@pytest.mark.parametrize(
    ("wanted", "now", "due"),
    [
        # A no-show at two is called until five; one at half past four on the next morning.
        ("2026-05-05T18:00", "2026-05-05T14:00", "2026-05-05T17:00"),
        ("2026-05-05T20:30", "2026-05-05T16:30", "2026-05-06T11:00"),
        ("2026-05-01T20:30", "2026-05-01T16:30", "2026-05-04T11:00"),
        ("2026-11-25T20:30", "2026-11-25T16:30", "2026-11-30T11:00"),
        # Open then: it stays.
        ("2026-05-05T16:59", "2026-05-05T12:59", "2026-05-05T16:59"),
        ("2026-05-05T17:00", "2026-05-05T13:00", "2026-05-05T17:00"),
        # At night, over a weekend, in the lunch break.
        ("2026-05-05T04:00", "2026-05-05T00:00", "2026-05-05T09:00"),
        ("2026-05-02T12:00", "2026-05-02T08:00", "2026-05-04T13:00"),
        ("2026-05-05T12:30", "2026-05-05T08:30", "2026-05-05T13:00"),
    ],
)
def test_what_comes_by_itself_is_due_while_the_clinic_is_open(wanted: str, now: str, due: str) -> None:
    found = within_hours(at(wanted), at(now), Opening(WEEK, NEW_YORK, THANKSGIVING))
    assert found is not None
    assert found.astimezone(NEW_YORK).isoformat()[:16] == due


def test_a_clinic_that_stays_closed_has_no_day() -> None:
    closed = {date(2026, 5, 1) + timedelta(days=ahead): "Closed" for ahead in range(200)}
    for hours in ({}, WEEK):
        assert in_days(1, at("2026-05-01T10:00"), Opening(hours, NEW_YORK, closed)) is None
        assert (
            within_hours(at("2026-05-01T20:00"), at("2026-05-01T16:00"), Opening(hours, NEW_YORK, closed))
            is None
        )
    # Open on one Sunday two months on.
    late = Opening(
        {"sun": [["10:00", "11:00"]]}, NEW_YORK, {d: n for d, n in closed.items() if d != date(2026, 6, 28)}
    )
    found = in_days(1, at("2026-05-01T10:30"), late)
    assert found == at("2026-06-28T10:30")


SPANS = st.sampled_from(
    [[], [["09:00", "17:00"]], [["00:00", "24:00"]], [["01:30", "03:30"], ["22:00", "24:00"]]]
)


@given(
    st.integers(1_767_000_000, 1_830_000_000).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.sampled_from(OFFERED_DAYS),
    st.fixed_dictionaries({day: SPANS for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}),
    st.sets(st.integers(0, 70), max_size=40),
    st.sampled_from(["America/New_York", "Pacific/Kiritimati", "America/St_Johns", "Australia/Lord_Howe"]),
)
def test_at_any_time_of_any_clinic_it_is_open_and_not_over(
    now: datetime, days: int, hours: dict[str, Any], off: set[int], zone: str
) -> None:
    today = now.astimezone(ZoneInfo(zone)).date()
    opening = Opening(hours, ZoneInfo(zone), {today + timedelta(days=ahead): "Closed" for ahead in off})
    due = in_days(days, now, opening)
    if due is None:
        wanted = today + timedelta(days=days)
        assert not any(opening.opens_on(wanted + timedelta(days=ahead)) for ahead in range(50))
        return
    assert due > now
    if any(hours.values()):
        before = due - timedelta(seconds=1)
        assert opening.is_open(due) or opening.is_open(before)
    else:
        assert due.astimezone(ZoneInfo(zone)).date() not in opening.holidays


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
