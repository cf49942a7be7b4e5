"""A clinic's holidays: who sets them, that none is lost, and that the clinic is closed on them everywhere."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import Role, system_actor
from core.database.session import open_unit
from core.services import Services
from identity.clinic.holidays.federal import federal_holidays
from identity.clinic.holidays.names import in_both
from identity.clinic.hours import Opening
from identity.schemas import InBoth
from tests.conftest import new_browser
from tests.people import make_patient, make_staff, session_for, sign_in

NEW_YORK = ZoneInfo("America/New_York")
PATH = "/api/admin/holidays"


@pytest.mark.parametrize(
    ("year", "days"),
    [
        # As the Office of Personnel Management lists them; the day itself where another is observed.
        (2026, "0101 0119 0216 0525 0619 0703 0704 0907 1012 1111 1126 1225"),
        (2022, "0101 0117 0221 0530 0619 0620 0704 0905 1010 1111 1124 1225 1226"),
        (2027, "0101 0118 0215 0531 0618 0619 0704 0705 0906 1011 1111 1125 1224 1225 1231"),
        (2028, "0101 0117 0221 0529 0619 0704 0904 1009 1110 1111 1123 1225"),
        (2034, "0101 0102 0116 0220 0529 0619 0704 0904 1009 1110 1111 1123 1225"),
    ],
)
def test_the_federal_holidays_of_a_year(year: int, days: str) -> None:
    found = federal_holidays(year)
    assert " ".join(f"{day:%m%d}" for day in found) == days
    assert {day.year for day in found} == {year}


@pytest.mark.parametrize("year", range(2020, 2060))
def test_every_federal_holiday_on_a_weekend_is_observed_on_a_weekday(year: int) -> None:
    """A Saturday on the Friday before, a Sunday on the Monday after, also where that is in another year."""
    around = federal_holidays(year - 1) | federal_holidays(year) | federal_holidays(year + 1)
    named = {day: name for day, name in federal_holidays(year).items() if "(observed)" not in name}
    assert len(named) == 11
    for day, name in named.items():
        moved = {5: -1, 6: 1}.get(day.weekday(), 0)
        assert around[day + timedelta(days=moved)] == (f"{name} (observed)" if moved else name)


@pytest.mark.parametrize(
    ("written", "en", "es"),
    [
        ("New Year's Day (observed)", "New Year's Day (observed)", "Año Nuevo (trasladado)"),
        ("día de acción de gracias", "Thanksgiving Day", "Día de Acción de Gracias"),
        ("New Year\N{RIGHT SINGLE QUOTATION MARK}s  Eve", "New Year's Eve", "Nochevieja"),
        ("Founder's Day", "Founder's Day", "Founder's Day"),
    ],
)
def test_a_known_name_is_told_in_the_language_of_its_reader(written: str, en: str, es: str) -> None:
    assert in_both(written) == InBoth(en, es)


@pytest.mark.parametrize("year", [2026, 2027, 2034])
def test_every_federal_holiday_has_a_name_in_spanish(year: int) -> None:
    same = {name for name in federal_holidays(year).values() if in_both(name).es == name}
    assert same <= {"Juneteenth"}


@pytest.fixture
async def admins(services: Services, clinic_id: UUID, app: Litestar) -> list[httpx.AsyncClient]:
    """Two administrators, each signed in."""
    browsers = []
    async with open_unit(services, system_actor(clinic_id)) as unit:
        for _ in range(2):
            browser = new_browser(app)
            sign_in(browser, await session_for(unit.write, await make_staff(unit.write, Role.ADMIN)))
            browsers.append(browser)
    return browsers


def ahead(days: int) -> str:
    return (datetime.now(NEW_YORK).date() + timedelta(days=days)).isoformat()


async def listed(browser: httpx.AsyncClient) -> dict[str, str]:
    answer = await browser.get(PATH)
    assert answer.status_code == 200, answer.text
    return {each["day"]: each["name"]["en"] for each in answer.json()["holidays"]}


async def test_a_day_is_added_renamed_removed_and_put_back(admins: list[httpx.AsyncClient]) -> None:
    one, _ = admins
    day = ahead(10)
    assert (await one.post(PATH, json={"day": day, "name": " Founder's Day "})).status_code == 200
    assert await listed(one) == {day: "Founder's Day"}
    renamed = await one.put(PATH, json={"day": day, "was": "Founder's Day", "name": "Founders' Day"})
    assert renamed.status_code == 200
    gone = await one.post(f"{PATH}/remove", json={"days": [day]})
    assert gone.json()["holidays"] == []
    await one.post(PATH, json={"day": day, "name": "Founders' Day"})
    assert await listed(one) == {day: "Founders' Day"}


@pytest.mark.parametrize("seen", ["Christmas Day", "Navidad"])
async def test_a_known_holiday_is_renamed_in_the_language_that_was_on_screen(
    admins: list[httpx.AsyncClient], seen: str
) -> None:
    one, _ = admins
    year = datetime.now(NEW_YORK).year + 1
    await one.post(f"{PATH}/federal", json={"year": year})
    christmas = {"day": f"{year}-12-25", "was": seen, "name": "Winter party"}
    assert (await one.put(PATH, json=christmas)).status_code == 200
    assert (await listed(one))[f"{year}-12-25"] == "Winter party"
    assert (await one.put(PATH, json=christmas)).json()["code"] == "holiday_changed"


@pytest.mark.parametrize(
    ("days", "name", "path", "code"),
    [
        (-1, "Yesterday", "day", "day_past"),
        (365 * 6, "Far", "day", "day_too_far"),
        (20, " ", "name", "required"),
        (20, "x" * 101, "name", "too_long"),
        (30, "Again", "day", "holiday_exists"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(
    admins: list[httpx.AsyncClient], days: int, name: str, path: str, code: str
) -> None:
    one, _ = admins
    await one.post(PATH, json={"day": ahead(30), "name": "There"})
    answer = await one.post(PATH, json={"day": ahead(days), "name": name})
    assert answer.status_code == 422
    assert answer.json()["fields"] == [{"path": path, "code": code}]
    assert await listed(one) == {ahead(30): "There"}


async def test_a_thousand_days_are_closed_at_most_and_five_years_ahead(
    admins: list[httpx.AsyncClient], owner: AsyncEngine, clinic_id: UUID
) -> None:
    one, _ = admins
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO holiday (clinic_id, day, name) "
                "SELECT :id, cast('1990-01-01' AS date) + n, 'Closed' FROM generate_series(1, 999) n"
            ),
            {"id": clinic_id},
        )
    furthest = {"day": ahead(1830), "name": "x" * 100}
    too_far = await one.post(PATH, json=furthest | {"day": ahead(1831)})
    assert too_far.json()["fields"] == [{"path": "day", "code": "day_too_far"}]
    assert (await one.post(PATH, json=furthest)).status_code == 200
    one_more = await one.post(PATH, json={"day": ahead(1), "name": "One more"})
    assert (one_more.status_code, one_more.json()["code"]) == (409, "too_many_holidays")
    assert one_more.json()["data"] == {"most": 1000}


async def test_two_administrators_at_once_lose_no_change(admins: list[httpx.AsyncClient]) -> None:
    one, other = admins
    await one.post(PATH, json={"day": ahead(1), "name": "First"})
    days = [(browser, ahead(3 + place)) for place in range(10) for browser in (one, other)]
    answers = await asyncio.gather(
        *(browser.post(PATH, json={"day": day, "name": "Closed"}) for browser, day in days),
        one.post(f"{PATH}/remove", json={"days": [ahead(1)]}),
        # None of its days is one of the others, whatever day it is today.
        other.post(f"{PATH}/federal", json={"year": datetime.now(NEW_YORK).year + 2}),
    )
    # Of two who add the same day one has, and the other reads that it is there.
    assert sorted(answer.status_code for answer in answers[:20]) == [200] * 10 + [422] * 10
    found = await listed(one)
    assert {day for _, day in days} <= found.keys()
    assert ahead(1) not in found
    assert "Thanksgiving Day" in found.values()
    renames = await asyncio.gather(
        *(
            browser.put(PATH, json={"day": ahead(3), "was": "Closed", "name": name})
            for browser, name in ((one, "A"), (other, "B"))
        )
    )
    assert sorted(answer.status_code for answer in renames) == [200, 409]
    assert [a.json()["code"] for a in renames if a.status_code == 409] == ["holiday_changed"]


async def test_a_year_of_federal_holidays_is_added_once_and_keeps_what_is_there(
    admins: list[httpx.AsyncClient],
) -> None:
    one, _ = admins
    year = datetime.now(NEW_YORK).year + 1
    christmas = f"{year}-12-25"
    await one.post(PATH, json={"day": christmas, "name": "Winter party"})
    first = await one.post(f"{PATH}/federal", json={"year": year})
    assert christmas not in first.json()["added"] and len(first.json()["added"]) >= 10
    again = await one.post(f"{PATH}/federal", json={"year": year})
    assert again.json()["added"] == []
    assert {"year": year, "coming": len(first.json()["added"]) + 1, "missing": 0} in again.json()["federal"]
    assert (await listed(one))[christmas] == "Winter party"
    far = await one.post(f"{PATH}/federal", json={"year": year + 20})
    assert far.json()["fields"] == [{"path": "year", "code": "day_too_far"}]


WEEKDAYS = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def test_the_clinic_is_closed_on_a_holiday_and_opens_on_the_next_open_day() -> None:
    """Thanksgiving and the day after, before a weekend."""
    opening = Opening(WEEKDAYS, NEW_YORK, {date(2026, 11, 26): "Thanksgiving", date(2026, 11, 27): "Bridge"})
    noon = datetime(2026, 11, 26, 12, tzinfo=NEW_YORK)
    assert not opening.is_open(noon)
    assert opening.next_opening(noon) == datetime(2026, 11, 30, 9, tzinfo=NEW_YORK)
    assert opening.open_day(date(2026, 11, 26)) == date(2026, 11, 30)
    without_hours = Opening({}, NEW_YORK, opening.holidays)
    assert without_hours.open_day(date(2026, 11, 26)) == date(2026, 11, 28)
    closed = {date(2026, 11, 26) + timedelta(days=ahead): "Closed" for ahead in range(100)}
    assert Opening(WEEKDAYS, NEW_YORK, closed).open_day(date(2026, 11, 26)) is None


async def test_the_public_page_says_closed_and_why_on_a_holiday(
    admins: list[httpx.AsyncClient], client: httpx.AsyncClient, owner: AsyncEngine, clinic_id: UUID
) -> None:
    one, _ = admins
    always = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE clinic SET hours = cast(:hours AS jsonb) WHERE id = :id"),
            {"hours": json.dumps(always), "id": clinic_id},
        )
    path = f"/api/clinics/test-{clinic_id}"
    assert (await client.get(path)).json()["open_now"] is True
    await one.post(PATH, json={"day": ahead(0), "name": "Founders' Day"})
    page = (await client.get(path)).json()
    assert page["open_now"] is False
    assert page["holidays"] == [{"day": ahead(0), "name": {"en": "Founders' Day", "es": "Founders' Day"}}]
    tomorrow = datetime.fromisoformat(f"{ahead(1)}T00:00").replace(tzinfo=NEW_YORK)
    assert datetime.fromisoformat(page["opens_at"]) == tomorrow


async def test_no_time_is_offered_or_booked_on_a_holiday(
    admins: list[httpx.AsyncClient], services: Services, clinic_id: UUID, app: Litestar
) -> None:
    one, _ = admins
    async with open_unit(services, system_actor(clinic_id)) as unit:
        clinician = await make_staff(unit.write, Role.CLINICIAN)
        patient = await make_patient(unit.write)
        browser = new_browser(app)
        sign_in(browser, await session_for(unit.write, patient))
    all_week = [{"weekday": day, "starts": "00:00", "ends": "00:00", "slot_minutes": 60} for day in range(7)]
    answer = await one.put(f"/api/clinicians/{clinician.id}/hours", json={"hours": all_week})
    assert answer.status_code == 200, answer.text

    async def offered() -> dict[str, list[dict[str, Any]]]:
        found = await browser.get("/api/slots", params={"days": "4", "time_zone": "America/New_York"})
        return {each["date"]: each["slots"] for each in found.json()["days"]}

    day = ahead(2)
    [wanted, *_] = (await offered())[day]
    await one.post(PATH, json={"day": day, "name": "Founders' Day"})
    assert day not in await offered() and ahead(3) in await offered()
    body = {"reason_code": "rash", "clinician_id": wanted["clinician_id"], "starts_at": wanted["starts_at"]}
    refused = await browser.post("/api/bookings", json=body)
    assert refused.json()["fields"] == [{"path": "starts_at", "code": "slot_not_offered"}]
    await one.post(f"{PATH}/remove", json={"days": [day]})
    assert (await browser.post("/api/bookings", json=body)).status_code == 201


async def test_holidays_of_another_clinic_are_not_seen(
    admins: list[httpx.AsyncClient], client: httpx.AsyncClient, other_clinic_id: UUID
) -> None:
    one, _ = admins
    await one.post(PATH, json={"day": ahead(1), "name": "Ours"})
    assert (await client.get(f"/api/clinics/test-{other_clinic_id}")).json()["holidays"] == []


def test_hours_hold_over_a_clock_change() -> None:
    """2026-03-08 and 2026-11-01 in New York: an instant is compared with instants, never wall clock with wall clock."""
    opening = Opening({"sun": [["01:00", "04:00"]]}, NEW_YORK, {})
    assert opening.closing(date(2026, 3, 8)) == datetime(2026, 3, 8, 8, tzinfo=UTC)
    assert opening.opening(date(2026, 11, 1)) == datetime(2026, 11, 1, 5, tzinfo=UTC)
    second_one_thirty = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert opening.is_open(second_one_thirty)
    assert opening.next_opening(second_one_thirty) == datetime(2026, 11, 8, 6, tzinfo=UTC)
