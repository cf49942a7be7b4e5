"""Booking over HTTP: what is offered, races (case 28), clock changes (case 29), moving and cancelling."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import Role, system_actor
from core.database.session import open_unit
from identity.models import Account
from tests.people import make_staff
from tests.visits.conftest import HOME, PHONE, Browser, ClinicAtWork
from visits import service
from visits.models import Slot

ALL_WEEK = [{"weekday": day, "starts": "00:00", "ends": "00:00", "slot_minutes": 30} for day in range(7)]


async def open_hours(clinic: ClinicAtWork, who: Account) -> None:
    browser = await clinic.browser(who)
    answer = await browser.put(f"/api/clinicians/{who.id}/hours", json={"hours": ALL_WEEK})
    assert answer.status_code == 200, answer.text


async def times(browser: Browser, **query: str) -> list[dict[str, Any]]:
    answer = await browser.get("/api/slots", params={"days": "3", **query})
    assert answer.status_code == 200, answer.text
    return [slot for day in answer.json()["days"] for slot in day["slots"]]


def wish(slot: dict[str, Any]) -> dict[str, Any]:
    return {"reason_code": "rash", "clinician_id": slot["clinician_id"], "starts_at": slot["starts_at"]}


async def test_of_fifty_who_race_for_a_time_one_has_it(clinic: ClinicAtWork) -> None:
    await open_hours(clinic, clinic.ruth)
    patients = [clinic.patient] + [await clinic.another_patient() for _ in range(49)]
    browsers = [await clinic.browser(patient) for patient in patients]
    slot = (await times(browsers[0]))[5]
    answers = await asyncio.gather(*(each.post("/api/bookings", json=wish(slot)) for each in browsers))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 49
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"slot_taken"}
    assert slot not in await times(browsers[0])


async def test_the_database_itself_refuses_a_time_that_overlaps(clinic: ClinicAtWork) -> None:
    start = datetime(2030, 1, 7, 9, tzinfo=ZoneInfo("UTC"))

    async def insert(begins: datetime, minutes: int) -> None:
        async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
            ends = begins + timedelta(minutes=minutes)
            unit.write.add(Slot(clinician_id=clinic.ruth.id, starts_at=begins, ends_at=ends))

    await insert(start, 30)
    with pytest.raises(IntegrityError, match="slot_taken_once"):
        await insert(start + timedelta(minutes=29), 30)
    await insert(start + timedelta(minutes=30), 30)


async def test_times_come_by_day_in_the_readers_zone_with_the_clinics_beside_it(clinic: ClinicAtWork) -> None:
    await open_hours(clinic, clinic.ruth)
    browser = await clinic.browser(clinic.patient)
    answer = (await browser.get("/api/slots", params={"time_zone": "Asia/Tokyo", "days": "2"})).json()
    assert (answer["time_zone"], answer["clinic_time_zone"]) == ("Asia/Tokyo", "America/New_York")
    assert answer["clinicians"] == [{"id": str(clinic.ruth.id), "name": "Ruth Adler", "title": None}]
    for day in answer["days"]:
        for slot in day["slots"]:
            local = datetime.fromisoformat(slot["starts_at"]).astimezone(ZoneInfo("Asia/Tokyo"))
            assert local.date().isoformat() == day["date"]


async def test_a_booked_visit_can_move_and_be_called_off_and_its_time_is_free_again(
    clinic: ClinicAtWork,
) -> None:
    await open_hours(clinic, clinic.ruth)
    browser = await clinic.browser(clinic.patient)
    first, second = (await times(browser))[4:6]
    booked = (await browser.post("/api/bookings", json=wish(first))).json()
    assert (booked["kind"], booked["clinician"]["name"]) == ("booked", "Ruth Adler")
    assert booked["slot"]["starts_at"] == first["starts_at"]
    where = f"/api/visits/{booked['id']}"
    moved = await browser.put(
        f"{where}/booking", json={"clinician_id": second["clinician_id"], "starts_at": second["starts_at"]}
    )
    assert moved.json()["slot"]["starts_at"] == second["starts_at"]
    free = await times(browser)
    assert first in free and second not in free
    assert (await browser.post(f"{where}/cancel", json={})).json()["status"] == "cancelled"
    assert second in await times(browser)


async def test_a_failed_move_leaves_the_booking_as_it_was(clinic: ClinicAtWork) -> None:
    await open_hours(clinic, clinic.ruth)
    browser, other = (
        await clinic.browser(clinic.patient),
        await clinic.browser(await clinic.another_patient()),
    )
    mine, theirs = (await times(browser))[4:6]
    booked = (await browser.post("/api/bookings", json=wish(mine))).json()
    await other.post("/api/bookings", json=wish(theirs))
    body = {"clinician_id": theirs["clinician_id"], "starts_at": theirs["starts_at"]}
    refused = await browser.put(f"/api/visits/{booked['id']}/booking", json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    kept = await browser.get(f"/api/visits/{booked['id']}")
    assert kept.json()["slot"]["starts_at"] == mine["starts_at"]
    assert mine not in await times(browser)


async def test_nobody_is_booked_in_two_places_at_once(clinic: ClinicAtWork) -> None:
    for doctor in (clinic.ruth, clinic.omar):
        await open_hours(clinic, doctor)
    browser = await clinic.browser(clinic.patient)
    one, other = (await times(browser))[4:6]
    assert one["starts_at"] == other["starts_at"] and one["clinician_id"] != other["clinician_id"]
    booked = await browser.post("/api/bookings", json=wish(one))
    refused = await browser.post("/api/bookings", json=wish(other))
    assert (refused.status_code, refused.json()["code"]) == (409, "already_booked_then")
    assert refused.json()["data"]["visit_id"] == booked.json()["id"]


@pytest.mark.parametrize(
    ("starts_at", "zone", "code"),
    [
        ("2027-03-14T02:30", "America/New_York", "time_does_not_exist"),
        ("2027-11-07T01:30", "America/New_York", "time_comes_twice"),
        ("2027-03-01T09:00", None, "time_zone_needed"),
        ("next Tuesday", "America/New_York", "time_malformed"),
        ("0001-01-01T00:00", "Asia/Tokyo", "time_malformed"),
        ("2027-02-29T09:00", "America/New_York", "time_malformed"),
        ("2020-03-01T09:00:00Z", None, "slot_too_soon"),
        ("2099-03-01T09:00:00Z", None, "slot_too_far"),
    ],
)
async def test_a_time_that_cannot_be_says_why_beside_the_field(
    clinic: ClinicAtWork, starts_at: str, zone: str | None, code: str
) -> None:
    browser = await clinic.browser(clinic.patient)
    body = {
        "reason_code": "rash",
        "clinician_id": str(clinic.ruth.id),
        "starts_at": starts_at,
        "time_zone": zone,
    }
    answer = await browser.post("/api/bookings", json=body)
    assert answer.status_code == 422
    assert [(f["path"], f["code"]) for f in answer.json()["fields"]] == [("starts_at", code)]


async def test_a_time_off_the_grid_or_of_someone_without_hours_is_not_offered(clinic: ClinicAtWork) -> None:
    await open_hours(clinic, clinic.ruth)
    browser = await clinic.browser(clinic.patient)
    slot = (await times(browser))[4]
    crooked = datetime.fromisoformat(slot["starts_at"]) + timedelta(minutes=7)
    for change in ({"starts_at": crooked.isoformat()}, {"clinician_id": str(clinic.omar.id)}):
        answer = await browser.post("/api/bookings", json={**wish(slot), **change})
        assert [(f["path"], f["code"]) for f in answer.json()["fields"]] == [
            ("starts_at", "slot_not_offered")
        ]


async def test_bad_queries_are_told_apart(clinic: ClinicAtWork) -> None:
    browser = await clinic.browser(clinic.patient)
    for query, path in (
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"first_day": "9999-12-31", "days": "31"}, "first_day"),
        ({"first_day": "yesterday"}, "first_day"),
        ({"days": "0"}, "days"),
    ):
        answer = await browser.get("/api/slots", params=query)
        assert answer.status_code == 422, query
        assert [f["path"] for f in answer.json()["fields"]] == [path]


async def test_hours_that_overlap_or_hold_no_slot_are_refused_beside_their_row(clinic: ClinicAtWork) -> None:
    browser = await clinic.browser(clinic.ruth)
    hours = [
        {"weekday": 0, "starts": "09:00", "ends": "12:00", "slot_minutes": 20},
        {"weekday": 0, "starts": "11:30", "ends": "13:00", "slot_minutes": 20},
        {"weekday": 2, "starts": "09:00", "ends": "09:10", "slot_minutes": 20},
    ]
    answer = await browser.put(f"/api/clinicians/{clinic.ruth.id}/hours", json={"hours": hours})
    assert answer.status_code == 422
    assert {(f["path"], f["code"]) for f in answer.json()["fields"]} == {
        ("hours.1.starts", "hours_overlap"),
        ("hours.2.ends", "hours_too_short"),
    }


async def test_hours_are_ones_own_or_the_admins_to_set(clinic: ClinicAtWork) -> None:
    body = {"hours": [{"weekday": 6, "starts": "23:00", "ends": "01:00", "slot_minutes": 30}]}
    path = f"/api/clinicians/{clinic.ruth.id}/hours"
    colleague, coordinator = await clinic.browser(clinic.omar), await clinic.browser(clinic.coordinator)
    names = [each["name"] for each in (await coordinator.get("/api/clinicians")).json()]
    assert names == ["Omar Haddad", "Ruth Adler"]
    for other in (colleague, coordinator):
        refused = await other.put(path, json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_your_hours")
    assert (await coordinator.get(path)).json()["hours"] == [], "to be read by all who book"
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        manager = await make_staff(unit.write, Role.ADMIN)
    admin = await clinic.browser(manager)
    for allowed in (await clinic.browser(clinic.ruth), admin):
        assert (await allowed.put(path, json=body)).json()["hours"][0]["ends"] == "01:00"
    nobody = await admin.put(f"/api/clinicians/{clinic.coordinator.id}/hours", json=body)
    assert nobody.status_code == 404


async def test_a_coordinator_books_for_a_patient_and_only_of_this_clinic(
    clinic: ClinicAtWork, elsewhere: ClinicAtWork
) -> None:
    await open_hours(clinic, clinic.ruth)
    browser = await clinic.browser(clinic.coordinator)
    slot = (await times(browser))[4]
    booked = await browser.post("/api/bookings", json={**wish(slot), "patient_id": str(clinic.patient.id)})
    assert booked.json()["patient_id"] == str(clinic.patient.id)
    foreign = await browser.post(
        "/api/bookings", json={**wish(slot), "patient_id": str(elsewhere.patient.id)}
    )
    assert foreign.status_code == 404


async def test_a_booked_patient_answers_ahead_and_is_checked_in_when_the_time_is_near(
    clinic: ClinicAtWork, owner: AsyncEngine
) -> None:
    await open_hours(clinic, clinic.ruth)
    browser = await clinic.browser(clinic.patient)
    slot = (await times(browser))[8]
    visit = (await browser.post("/api/bookings", json=wish(slot))).json()
    visit_id = (await clinic.fetch(visit["id"])).id
    await clinic.act(clinic.patient, visit_id, service.make_ready, location=HOME, callback_phone=PHONE)
    assert (await browser.post(f"/api/visits/{visit_id}/here", json={"page": "tab-1"})).status_code == 204
    assert (await clinic.fetch(visit_id)).status == "intake"
    async with owner.begin() as connection:
        earlier = "UPDATE slot SET starts_at = now() + interval '20 minutes' WHERE id = :slot"
        await connection.execute(text(earlier), {"slot": (await clinic.fetch(visit_id)).slot_id})
    await browser.post(f"/api/visits/{visit_id}/here", json={"page": "tab-1"})
    checked_in = await clinic.fetch(visit_id)
    assert checked_in.status == "waiting"
    assert checked_in.queued_at and checked_in.ready_at and checked_in.queued_at > checked_in.ready_at


async def test_one_patient_cannot_take_every_time_that_there_is(clinic: ClinicAtWork) -> None:
    """Not one by one, and not all at once."""
    await open_hours(clinic, clinic.ruth)
    browser = await clinic.browser(clinic.patient)
    offered = await times(browser)
    answers = await asyncio.gather(*(browser.post("/api/bookings", json=wish(slot)) for slot in offered[:12]))
    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [409] * 7
    refused = await browser.post("/api/bookings", json=wish(offered[20]))
    assert (refused.json()["code"], refused.json()["data"]) == ("too_many_booked", {"most": 5})
    booked = next(answer.json() for answer in answers if answer.status_code == 201)
    moved = await browser.put(f"/api/visits/{booked['id']}/booking", json=_other_time(offered[21]))
    assert moved.status_code == 200, moved.text
    await browser.post(f"/api/visits/{booked['id']}/cancel", json={})
    assert (await browser.post("/api/bookings", json=wish(offered[22]))).status_code == 201


def _other_time(slot: dict[str, Any]) -> dict[str, Any]:
    return {name: slot[name] for name in ("clinician_id", "starts_at")}
