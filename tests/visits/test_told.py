"""Whoever has booked hears of it by SMS or e-mail: the right time, in their language, nothing about their health."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from core.actor import system_actor
from core.database.session import open_unit
from identity.models import Patient
from messaging.notices.demo_outbox import OutboxItem, newest
from messaging.notices.when import in_words
from tests.conftest import Deliver
from tests.people import make_patient
from tests.visits.conftest import Browser, ClinicAtWork
from tests.visits.test_booking import open_hours, times, wish

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("at", "zone", "locale", "words"),
    [
        ("2026-12-01T20:30Z", "America/New_York", "en", "Tuesday, December 1, 2026, 3:30 PM EST"),
        ("2026-12-01T20:30Z", "America/New_York", "es", "martes, 1 de diciembre de 2026, 3:30 p.m. EST"),
        ("2026-07-01T04:30Z", "America/Los_Angeles", "en", "Tuesday, June 30, 2026, 9:30 PM PDT"),
        ("2026-12-01T20:30Z", "America/Phoenix", "en", "Tuesday, December 1, 2026, 1:30 PM MST"),
        ("2026-12-01T20:30Z", "Asia/Kolkata", "en", "Wednesday, December 2, 2026, 2:00 AM India Standard Time"),
        ("2026-12-01T20:30Z", "America/Sao_Paulo", "pt", "Tuesday, December 1, 2026, 5:30 PM Brasilia Standard Time"),
        ("2026-12-01T20:30Z", "UTC", "fr", "Tuesday, December 1, 2026, 8:30 PM UTC"),
    ],
)  # fmt: skip
def test_a_time_is_said_on_the_readers_clock_in_the_readers_language(
    at: str, zone: str, locale: str, words: str
) -> None:
    assert in_words(datetime.fromisoformat(at), ZoneInfo(zone), locale) == words


async def _notices(clinic: ClinicAtWork, patient: Patient) -> list[OutboxItem]:
    """What went to the patient, the oldest first."""
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        return [each for each in await newest(unit.read) if each.to == patient.phone][::-1]


async def _patient(clinic: ClinicAtWork, zone: str | None, language: str) -> tuple[Patient, Browser]:
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        patient = await make_patient(unit.write, given="Marked", language=language)
        patient.time_zone = zone
    return patient, await clinic.browser(patient)


@pytest.mark.parametrize(
    ("zone", "language"), [("America/Los_Angeles", "en"), ("Europe/Madrid", "es"), (None, "en")]
)
async def test_booking_moving_and_calling_off_are_told(
    clinic: ClinicAtWork, deliver: Deliver, zone: str | None, language: str
) -> None:
    await open_hours(clinic, clinic.ruth)
    patient, browser = await _patient(clinic, zone, language)
    first, second = (await times(browser))[20:22]
    visit = (await browser.post("/api/bookings", json=wish(first))).json()["id"]
    await deliver()
    await browser.put(
        f"/api/visits/{visit}/booking", json={k: second[k] for k in ("clinician_id", "starts_at")}
    )
    await deliver()
    staff = await clinic.browser(clinic.coordinator)
    assert (await staff.post(f"/api/visits/{visit}/cancel", json={"reason": "Ill"})).status_code == 200
    for _ in range(2):
        await deliver()
    told = await _notices(clinic, patient)
    assert [each.kind for each in told] == ["booked", "rescheduled", "cancelled"]
    for notice, slot in zip(told, (first, second, second), strict=True):
        at = datetime.fromisoformat(slot["starts_at"])
        assert in_words(at, ZoneInfo(zone) if zone else NEW_YORK, language) in notice.text
        assert not [
            word for word in ("Rash", "rash", "Marked", "Lopez", "Ruth", "Ill") if word in notice.text
        ]
    assert visit in told[0].text and visit not in told[2].text


async def test_what_was_called_off_before_it_could_be_told_is_told_as_such_alone(
    clinic: ClinicAtWork, deliver: Deliver
) -> None:
    await open_hours(clinic, clinic.ruth)
    patient, browser = await _patient(clinic, None, "en")
    visit = (await browser.post("/api/bookings", json=wish((await times(browser))[5]))).json()["id"]
    await browser.post(f"/api/visits/{visit}/cancel", json={})
    await deliver()
    assert [each.kind for each in await _notices(clinic, patient)] == ["cancelled"]


async def test_a_visit_on_demand_has_no_time_to_tell_of(clinic: ClinicAtWork, deliver: Deliver) -> None:
    patient, browser = await _patient(clinic, None, "en")
    visit = (await browser.post("/api/visits", json={"reason_code": "rash"})).json()["id"]
    await browser.post(f"/api/visits/{visit}/cancel", json={})
    await deliver()
    assert await _notices(clinic, patient) == []


async def test_todays_booked_visits_stand_in_the_queue_by_time_after_those_who_wait(
    clinic: ClinicAtWork,
) -> None:
    await open_hours(clinic, clinic.ruth)
    doctor = await clinic.browser(clinic.ruth)
    visits: dict[str, UUID] = {}
    for name, hours in (("late", 22), ("noon", 12), ("tomorrow", 25), ("past", 1), ("yesterday", -12)):
        visits[name] = await _booked(clinic, hours)
    waiting = await clinic.waiting()
    entries = (await doctor.get("/api/queue")).json()["entries"]
    names = {str(visit): name for name, visit in visits.items()} | {str(waiting.id): "waiting"}
    assert [names[each["visit_id"]] for each in entries] == ["waiting", "past", "noon", "late"]
    assert all(each["slot_starts_at"] for each in entries[1:])


async def _booked(clinic: ClinicAtWork, hours: int) -> UUID:
    """A visit booked for so many hours after the clinic's midnight."""
    _, browser = await _patient(clinic, None, "en")
    slot = (await times(browser, days="2"))[30]
    visit: UUID = (await browser.post("/api/bookings", json=wish(slot))).json()["id"]
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        await unit.write.execute(
            text(
                "UPDATE slot SET starts_at = :at, ends_at = CAST(:at AS timestamptz) + interval '30 minutes' "
                "WHERE id = (SELECT slot_id FROM visit WHERE id = :visit)"
            ),
            {"at": _midnight(clinic, hours), "visit": visit},
        )
    return visit


def _midnight(clinic: ClinicAtWork, hours: int) -> datetime:
    today = clinic.services.clock.now().astimezone(NEW_YORK)
    local = today.replace(hour=0, minute=0, second=0, microsecond=0)
    return datetime.fromtimestamp(local.timestamp() + hours * 3600, UTC)
