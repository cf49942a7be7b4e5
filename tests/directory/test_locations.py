"""Locations of a clinic: what they have of their own, and what else follows the clinic; times, numbers and days by the
location that a visit belongs to."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import Role, system_actor
from core.database.session import open_unit
from core.ids import new_id
from core.services import Services
from directory.locations import repository
from tests.people import make_clinic, make_staff
from tests.visits.conftest import Browser, ClinicAtWork
from visits.domain import CHECK_IN_OPENS

CHICAGO = ZoneInfo("America/Chicago")
WEST = {"name": "West office", "time_zone": "America/Chicago"}


async def admin_of(clinic: ClinicAtWork) -> Browser:
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        admin = await make_staff(unit.write, Role.ADMIN, name="Ada Ortiz")
    return await clinic.browser(admin)


async def added(admin: Browser, **fields: Any) -> dict[str, Any]:
    answer = await admin.post("/api/admin/locations", json=WEST | fields)
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["locations"][-1])


async def change(admin: Browser, location: dict[str, Any], **fields: Any) -> Any:
    body = {name: value for name, value in location.items() if name != "id"} | fields
    return await admin.put(f"/api/admin/locations/{location['id']}", json=body)


async def work_at(clinic: ClinicAtWork, *locations: str | None) -> None:
    """Ruth can be booked each day from nine to ten at each of these, by its clock."""
    browser = await clinic.browser(clinic.ruth)
    hours = [
        {"weekday": day, "starts": "09:00", "ends": "10:00", "slot_minutes": 60, "location_id": each}
        for day in range(7)
        for each in locations
    ]
    answer = await browser.put(f"/api/clinicians/{clinic.ruth.id}/hours", json={"hours": hours})
    assert answer.status_code == 200, answer.text


async def open_times(browser: Browser) -> list[dict[str, Any]]:
    days = (await browser.get("/api/slots", params={"days": "4"})).json()["days"]
    return [slot for day in days for slot in day["slots"]]


async def book(browser: Browser, slot: dict[str, Any]) -> dict[str, Any]:
    wanted = {"reason_code": "rash", "clinician_id": slot["clinician_id"], "starts_at": slot["starts_at"]}
    answer = await browser.post("/api/bookings", json=wanted)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def codes(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {each["path"]: each["code"] for each in answer.json()["fields"]}


async def test_a_clinic_begins_with_one_location_that_follows_its_settings(
    services: Services, owner: AsyncEngine
) -> None:
    made = await make_clinic(owner, name="Plain Clinic", phone="+15185550199")
    async with open_unit(services, system_actor(made.id)) as unit:
        [place] = await repository.every(unit.read)
        assert (place.name, place.time_zone, place.phone) == (
            "Plain Clinic",
            "America/New_York",
            "+15185550199",
        )
        assert place.hours == made.hours
        place.clinic.time_zone = "America/Denver"
    async with open_unit(services, system_actor(made.id)) as unit:
        assert (await repository.every(unit.read))[0].time_zone == "America/Denver"


async def test_who_says_nothing_is_at_the_first_location_in_use(clinic: ClinicAtWork) -> None:
    admin = await admin_of(clinic)
    first = (await admin.get("/api/admin/locations")).json()["locations"][0]
    west = await added(admin)
    assert str((await clinic.requested()).location_id) == first["id"]
    assert (await change(admin, first, retired=True)).status_code == 200
    other = await clinic.requested(await clinic.another_patient())
    assert str(other.location_id) == west["id"]


async def test_rows_that_the_version_before_writes_are_at_the_first_location(
    clinic: ClinicAtWork, owner: AsyncEngine
) -> None:
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO working_hours (id, clinic_id, clinician_id, weekday, starts, ends, slot_minutes) "
                "VALUES (:id, :clinic, :who, 1, '09:00', '10:00', 30)"
            ),
            {"id": new_id(), "clinic": clinic.clinic_id, "who": clinic.ruth.id},
        )
    answer = await (await clinic.browser(clinic.ruth)).get(f"/api/clinicians/{clinic.ruth.id}/hours")
    [first] = answer.json()["locations"]
    assert [each["location_id"] for each in answer.json()["hours"]] == [first["id"]]


async def test_hours_at_a_location_are_by_its_clock_and_a_visit_booked_there_belongs_to_it(
    clinic: ClinicAtWork,
) -> None:
    west = await added(await admin_of(clinic), phone="(312) 555-0140 ext. 7", emergency_number="112")
    await work_at(clinic, west["id"])
    patient = await clinic.browser(clinic.patient)
    slots = await open_times(patient)
    assert {datetime.fromisoformat(each["starts_at"]).astimezone(CHICAGO).hour for each in slots} == {9}
    assert {each["location_id"] for each in slots} == {west["id"]}
    visit = await book(patient, slots[1])
    phone = "+13125550140;ext=7"
    place = {"id": west["id"], "name": "West office", "phone": phone, "time_zone": "America/Chicago"}
    assert (visit["clinic_location"], visit["emergency_number"]) == (place, "112")
    intake = (await patient.get(f"/api/visits/{visit['id']}/intake")).json()
    assert (intake["clinic_phone"], intake["numbers"]["emergency"]) == (phone, "112")


async def test_with_one_location_a_visit_shows_what_the_clinic_has(clinic: ClinicAtWork) -> None:
    await work_at(clinic, None)
    patient = await clinic.browser(clinic.patient)
    visit = await book(patient, (await open_times(patient))[1])
    assert (visit["clinic_location"], visit["emergency_number"]) == (None, None)


async def test_the_first_location_has_a_zone_of_its_own_without_a_name(clinic: ClinicAtWork) -> None:
    admin = await admin_of(clinic)
    [first] = (await admin.get("/api/admin/locations")).json()["locations"]
    assert (await change(admin, first, time_zone="America/Chicago")).status_code == 200
    await work_at(clinic, None)
    patient = await clinic.browser(clinic.patient)
    visit = await book(patient, (await open_times(patient))[1])
    place = {"id": first["id"], "name": None, "phone": None, "time_zone": "America/Chicago"}
    assert visit["clinic_location"] == place


async def test_the_queue_holds_what_is_booked_for_the_locations_own_day(
    clinic: ClinicAtWork, owner: AsyncEngine
) -> None:
    """Half past six in the evening in Honolulu is tomorrow in New York."""
    far = await added(await admin_of(clinic), name="Honolulu office", time_zone="Pacific/Honolulu")
    await work_at(clinic, far["id"])
    patient = await clinic.browser(clinic.patient)
    visit = await book(patient, (await open_times(patient))[1])
    honolulu = ZoneInfo("Pacific/Honolulu")
    now = clinic.services.clock.now()
    evening = datetime.combine(now.astimezone(honolulu).date(), time(23, 30), honolulu)
    doctor = await clinic.browser(clinic.ruth)
    tomorrow = evening + timedelta(hours=1)
    for starts_at, is_there in ((evening, True), (tomorrow, tomorrow < now + CHECK_IN_OPENS)):
        async with owner.begin() as connection:
            await connection.execute(
                text(
                    "UPDATE slot SET starts_at = :at, ends_at = cast(:at AS timestamptz) + interval '20 minutes' "
                    "WHERE id = (SELECT slot_id FROM visit WHERE id = :visit)"
                ),
                {"at": starts_at.astimezone(UTC), "visit": visit["id"]},
            )
        entries = (await doctor.get("/api/queue")).json()["entries"]
        assert (visit["id"] in {each["visit_id"] for each in entries}) == is_there


async def test_a_visit_moves_to_the_location_of_its_new_time(clinic: ClinicAtWork) -> None:
    west = await added(await admin_of(clinic))
    await work_at(clinic, None, west["id"])
    patient = await clinic.browser(clinic.patient)
    slots = await open_times(patient)
    here = [each for each in slots if each["location_id"] != west["id"]]
    there = [each for each in slots if each["location_id"] == west["id"]]
    assert len(here) >= 3 and len(there) >= 3
    visit = await book(patient, here[1])
    assert visit["clinic_location"] is None
    body = {"clinician_id": there[2]["clinician_id"], "starts_at": there[2]["starts_at"]}
    moved = await patient.put(f"/api/visits/{visit['id']}/booking", json=body)
    assert moved.json()["clinic_location"]["name"] == "West office"


async def test_a_visit_that_the_old_version_moves_is_where_its_new_time_is(
    clinic: ClinicAtWork, owner: AsyncEngine
) -> None:
    west = await added(await admin_of(clinic))
    await work_at(clinic, None, west["id"])
    patient = await clinic.browser(clinic.patient)
    slots = await open_times(patient)
    here = next(each for each in slots[1:] if each["location_id"] != west["id"])
    there = next(each for each in slots[1:] if each["location_id"] == west["id"])
    visit = await book(patient, here)
    async with owner.begin() as connection:
        moved = text(
            "WITH other AS (INSERT INTO slot (clinic_id, clinician_id, location_id, starts_at, ends_at) "
            "SELECT clinic_id, clinician_id, :west, :at, cast(:at AS timestamptz) + interval '20 minutes' "
            "FROM slot WHERE id = (SELECT slot_id FROM visit WHERE id = :visit) RETURNING id) "
            "UPDATE visit SET slot_id = other.id FROM other WHERE visit.id = :visit RETURNING location_id"
        )
        at = datetime.fromisoformat(there["starts_at"]) + timedelta(days=30)
        values = {"west": west["id"], "at": at, "visit": visit["id"]}
        location = await connection.scalar(moved, values)
    assert str(location) == west["id"]


async def test_nothing_is_offered_or_booked_on_a_closed_day_or_at_a_retired_location(
    clinic: ClinicAtWork,
) -> None:
    admin = await admin_of(clinic)
    west = await added(admin)
    await work_at(clinic, west["id"])
    patient = await clinic.browser(clinic.patient)
    slots = await open_times(patient)
    first, second = slots[1], slots[2]
    closed = datetime.fromisoformat(first["starts_at"]).astimezone(CHICAGO).date().isoformat()
    answer = await change(admin, west, closed_days=[{"day": closed, "name": "Inventory"}])
    west = answer.json()["locations"][-1]
    assert west["closed_days"] == [{"day": closed, "name": "Inventory"}]
    assert [each["starts_at"] for each in slots if each != first] == [
        each["starts_at"] for each in await open_times(patient)
    ]
    wanted = {"reason_code": "rash", "clinician_id": first["clinician_id"]}
    for slot in (first, second):
        if slot is second:
            assert (await change(admin, west, retired=True)).status_code == 200
            assert await open_times(patient) == []
        refused = await patient.post("/api/bookings", json=wanted | {"starts_at": slot["starts_at"]})
        assert codes(refused) == {"starts_at": "slot_not_offered"}


async def test_hours_overlap_by_the_clocks_of_their_locations(clinic: ClinicAtWork) -> None:
    west = await added(await admin_of(clinic))
    browser = await clinic.browser(clinic.ruth)

    def row(starts: str, ends: str, location: str | None) -> dict[str, Any]:
        return {"weekday": 0, "starts": starts, "ends": ends, "slot_minutes": 30, "location_id": location}

    async def put(*hours: dict[str, Any]) -> Any:
        return await browser.put(f"/api/clinicians/{clinic.ruth.id}/hours", json={"hours": hours})

    # Nine in Chicago is ten in New York, where the clinic is.
    assert (await put(row("09:00", "10:00", None), row("09:00", "10:00", west["id"]))).status_code == 200
    crossed = await put(row("09:00", "10:30", None), row("09:00", "10:00", west["id"]))
    assert codes(crossed) == {"hours.1.starts": "hours_overlap"}
    nowhere = await put(row("09:00", "10:00", str(new_id())))
    assert codes(nowhere) == {"hours.0.location_id": "location_unknown"}


async def test_extra_hours_are_at_a_location_and_by_its_clock(clinic: ClinicAtWork) -> None:
    west = await added(await admin_of(clinic))
    ruth = await clinic.browser(clinic.ruth)
    day = (datetime.now(UTC).astimezone(CHICAGO).date() + timedelta(days=2)).isoformat()
    body: dict[str, Any] = {
        "kind": "extra",
        "first_day": day,
        "last_day": day,
        "starts": "18:00",
        "ends": "19:00",
    }
    body |= {"slot_minutes": 60, "location_id": west["id"]}
    answer = await ruth.post(f"/api/clinicians/{clinic.ruth.id}/exceptions", json=body)
    assert answer.json()[0]["location_id"] == west["id"]
    patient = await clinic.browser(clinic.patient)
    [slot] = await open_times(patient)
    assert datetime.fromisoformat(slot["starts_at"]).astimezone(CHICAGO).hour == 18
    assert (await book(patient, slot))["clinic_location"]["name"] == "West office"
    other = await ruth.post(
        f"/api/clinicians/{clinic.ruth.id}/exceptions", json=body | {"location_id": str(new_id())}
    )
    assert codes(other) == {"location_id": "location_unknown"}


async def test_a_task_waits_until_the_location_of_its_visit_is_open(clinic: ClinicAtWork) -> None:
    weekday = datetime.now(CHICAGO).date() + timedelta(days=10)
    day = weekday - timedelta(days=weekday.weekday())
    west = await added(await admin_of(clinic), hours={"mon": [["10:00", "12:00"]]})
    await work_at(clinic, west["id"])
    patient = await clinic.browser(clinic.patient)
    visit = await book(patient, (await open_times(patient))[1])
    coordinator = await clinic.browser(clinic.coordinator)
    wanted = datetime(day.year, day.month, day.day, 8, tzinfo=CHICAGO)
    body = {
        "patient_id": str(clinic.patient.id),
        "title": "Call",
        "kind": "call",
        "due_at": wanted.isoformat(),
    }
    anywhere = (await coordinator.post("/api/tasks", json=body)).json()
    there = (await coordinator.post("/api/tasks", json=body | {"visit_id": visit["id"]})).json()
    assert datetime.fromisoformat(anywhere["task"]["due_at"]) == wanted
    assert datetime.fromisoformat(there["task"]["due_at"]).astimezone(CHICAGO).hour == 10


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"name": "test clinic"}, {"name": "location_name_taken"}),
        ({"name": ""}, {"name": "required"}),
        ({"time_zone": "Mars/Olympus"}, {"time_zone": "time_zone_unknown"}),
        ({"phone": "12"}, {"phone": "phone_invalid"}),
        ({"emergency_number": "call us"}, {"emergency_number": "phone_invalid"}),
        ({"npi": "1234567890"}, {"npi": "npi_invalid"}),
        ({"hours": {"mon": [["12:00", "10:00"]]}}, {"hours.mon.0": "ends_before_it_starts"}),
        ({"address": {"line": ["1 Road"], "city": "Gary", "state": "XX", "postalCode": "46402"}},
         {"address.state": "state_unknown"}),
        ({"closed_days": [{"day": "2027-01-04", "name": ""}, {"day": "2027-01-04", "name": "Tw\x00ice"}]},
         {"closed_days.0.name": "required", "closed_days.1.day": "closed_day_exists",
          "closed_days.1.name": "control_characters"}),
        ({"retired": True, "closed_days": [{"day": "2999-01-04", "name": "Far"}]},
         {"closed_days.0.day": "day_too_far"}),
    ],
)  # fmt: skip
async def test_what_is_wrong_with_a_location_is_said_beside_its_field(
    clinic: ClinicAtWork, fields: dict[str, Any], found: dict[str, str]
) -> None:
    admin = await admin_of(clinic)
    assert codes(await admin.post("/api/admin/locations", json=WEST | fields)) == found


async def test_the_last_location_in_use_cannot_be_retired_and_a_stale_change_is_refused(
    clinic: ClinicAtWork,
) -> None:
    admin = await admin_of(clinic)
    [first] = (await admin.get("/api/admin/locations")).json()["locations"]
    assert codes(await change(admin, first, retired=True)) == {"retired": "last_location"}
    assert (await change(admin, first, name="Main office")).status_code == 200
    stale = await change(admin, first, name="Old office")
    assert (stale.status_code, stale.json()["code"]) == (409, "location_changed")


async def test_the_order_of_locations_says_which_is_the_first(clinic: ClinicAtWork) -> None:
    admin = await admin_of(clinic)
    west = await added(admin)
    [first, _] = (await admin.get("/api/admin/locations")).json()["locations"]
    answer = await admin.put("/api/admin/locations-order", json={"ids": [west["id"], first["id"]]})
    assert [each["id"] for each in answer.json()["locations"]] == [west["id"], first["id"]]
    assert str((await clinic.requested()).location_id) == west["id"]
    answer = await admin.put("/api/admin/locations-order", json={"ids": [west["id"]]})
    assert (answer.status_code, answer.json()["code"]) == (409, "location_changed")
