"""A clinician's days away and extra hours, in what is offered and in what can be booked."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.patience import PATIENCE
from tests.visits.conftest import Browser, ClinicAtWork
from tests.visits.test_booking import open_hours, times, wish
from visits.booking import exceptions

ZONE = ZoneInfo("America/New_York")


def day(ahead: int) -> str:
    return (datetime.now(UTC).astimezone(ZONE).date() + timedelta(days=ahead)).isoformat()


def local_day(slot: dict[str, Any]) -> str:
    return datetime.fromisoformat(slot["starts_at"]).astimezone(ZONE).date().isoformat()


async def except_for(browser: Browser, clinician: object, **body: Any) -> list[dict[str, Any]]:
    answer = await browser.post(f"/api/clinicians/{clinician}/exceptions", json=body)
    assert answer.status_code == 201, answer.text
    return list(answer.json())


async def test_who_is_away_cannot_be_booked_and_stays_booked(clinic: ClinicAtWork) -> None:
    await open_hours(clinic, clinic.ruth)
    patient, ruth = await clinic.browser(clinic.patient), await clinic.browser(clinic.ruth)
    tomorrow = [slot for slot in await times(patient) if local_day(slot) == day(1)]
    booked = await patient.post("/api/bookings", json=wish(tomorrow[3]))
    assert booked.status_code == 201
    [away] = await except_for(ruth, clinic.ruth.id, kind="away", first_day=day(1), last_day=day(1))
    assert day(1) not in {local_day(slot) for slot in await times(patient)}
    assert day(2) in {local_day(slot) for slot in await times(patient)}
    refused = await patient.post("/api/bookings", json=wish(tomorrow[7]))
    assert refused.json()["fields"][0]["code"] == "slot_not_offered"
    kept = await patient.get(f"/api/visits/{booked.json()['id']}")
    assert kept.json()["slot"]["starts_at"] == tomorrow[3]["starts_at"]
    gone = await ruth.delete(f"/api/clinicians/{clinic.ruth.id}/exceptions/{away['id']}")
    assert (gone.status_code, gone.json()) == (200, [])
    assert day(1) in {local_day(slot) for slot in await times(patient)}


async def test_extra_hours_can_be_booked_also_by_who_has_no_weekly_ones(clinic: ClinicAtWork) -> None:
    patient, omar = await clinic.browser(clinic.patient), await clinic.browser(clinic.omar)
    hours = {"first_day": day(2), "last_day": day(2), "starts": "18:00", "ends": "19:00"}
    await except_for(omar, clinic.omar.id, kind="extra", slot_minutes=20, **hours)
    answer = (await patient.get("/api/slots", params={"days": "4"})).json()
    assert [each["name"] for each in answer["clinicians"]] == ["Omar Haddad"]
    found = [slot for each in answer["days"] for slot in each["slots"]]
    clocks = [f"{datetime.fromisoformat(slot['starts_at']).astimezone(ZONE):%H:%M}" for slot in found]
    assert clocks == ["18:00", "18:20", "18:40"]
    assert (await patient.post("/api/bookings", json=wish(found[1]))).status_code == 201
    assert [slot["starts_at"] for slot in await times(patient, days="4")] == [
        found[0]["starts_at"],
        found[2]["starts_at"],
    ]


async def test_one_changes_ones_own_and_an_administrator_anyones(clinic: ClinicAtWork) -> None:
    body = {"kind": "away", "first_day": day(1), "last_day": day(3)}
    omar = await clinic.browser(clinic.omar)
    refused = await omar.post(f"/api/clinicians/{clinic.ruth.id}/exceptions", json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_hours")
    ruth = await clinic.browser(clinic.ruth)
    [mine] = await except_for(ruth, clinic.ruth.id, **body)
    stolen = await omar.delete(f"/api/clinicians/{clinic.omar.id}/exceptions/{mine['id']}")
    assert stolen.status_code == 404
    shown = await ruth.get(f"/api/clinicians/{clinic.ruth.id}/hours")
    assert [each["id"] for each in shown.json()["exceptions"]] == [mine["id"]]


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"kind": "away", "first_day": day(3), "last_day": day(1)}, "ends", "ends_before_it_starts"),
        ({"kind": "away", "first_day": day(-3), "last_day": day(-2)}, "last_day", "day_past"),
        ({"kind": "away", "first_day": day(900), "last_day": day(901)}, "first_day", "day_too_far"),
        ({"kind": "away", "first_day": day(9), "last_day": "9999-12-31"}, "last_day", "day_too_far"),
        ({"kind": "away", "first_day": "9999-12-31", "last_day": day(9)}, "last_day", "day_too_far"),
        ({"kind": "extra", "first_day": day(1), "last_day": day(1)}, "slot_minutes", "required"),
        (
            {"kind": "extra", "first_day": day(1), "last_day": day(4), "slot_minutes": 20},
            "last_day",
            "extra_too_long",
        ),
    ],
)
async def test_what_is_wrong_is_said_by_field(
    clinic: ClinicAtWork, body: dict[str, Any], field: str, code: str
) -> None:
    ruth = await clinic.browser(clinic.ruth)
    answer = await ruth.post(f"/api/clinicians/{clinic.ruth.id}/exceptions", json=body)
    assert answer.status_code == 422
    assert [(each["path"], each["code"]) for each in answer.json()["fields"]] == [(field, code)]


async def test_two_at_once_do_not_pass_the_most_that_there_may_be(
    clinic: ClinicAtWork, owner: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exceptions, "MAXIMUM", 2)
    ruth = await clinic.browser(clinic.ruth)
    body = {"kind": "away", "first_day": day(5), "last_day": day(5)}
    await except_for(ruth, clinic.ruth.id, **body)
    url = f"/api/clinicians/{clinic.ruth.id}/exceptions"
    async with owner.connect() as holding:
        # Whoever adds one names the clinician's row and waits here, so that both have counted before either adds.
        await holding.execute(text("SELECT 1 FROM account WHERE id = :id FOR UPDATE"), {"id": clinic.ruth.id})
        both = [asyncio.create_task(ruth.post(url, json=body)) for _ in range(2)]
        async with asyncio.timeout(PATIENCE):
            while await waiting(owner) < 2:
                pass
        await holding.rollback()
    answers = await asyncio.gather(*both)
    assert sorted(each.status_code for each in answers) == [201, 409]


async def waiting(owner: AsyncEngine) -> int:
    """How many of the application's transactions wait for a lock."""
    async with owner.connect() as connection:
        return int(
            await connection.scalar(
                text(
                    "SELECT count(DISTINCT pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
                    "WHERE NOT l.granted AND a.usename = 'carethread_app'"
                )
            )
            or 0
        )
