"""An appointment keeps its own life and history beside the visit: no earlier time is lost."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import system_actor
from core.database.session import open_unit
from tests.visits.conftest import HOME, PHONE, Browser, ClinicAtWork
from tests.visits.test_booking import open_hours, times, wish
from visits import service
from visits.appointments.domain import AppointmentStatus, behind
from visits.appointments.models import Appointment, AppointmentStep
from visits.appointments.tasks import catch_up
from visits.domain import VisitStatus


async def booked(clinic: ClinicAtWork) -> tuple[Browser, UUID, list[dict[str, Any]]]:
    """A patient's browser, their booked visit, and the open times that there were."""
    await open_hours(clinic, clinic.ruth)
    patient = await clinic.browser(clinic.patient)
    open_times = await times(patient)
    answer = await patient.post("/api/bookings", json=wish(open_times[5]))
    assert answer.status_code == 201, answer.text
    return patient, UUID(answer.json()["id"]), open_times


async def history(browser: Browser, visit_id: UUID) -> tuple[str, list[dict[str, Any]]]:
    answer = await browser.get(f"/api/visits/{visit_id}/appointments")
    assert answer.status_code == 200, answer.text
    [found] = answer.json()
    return found["status"], found["history"]


async def test_every_earlier_time_stays_visible(clinic: ClinicAtWork) -> None:
    patient, visit_id, open_times = await booked(clinic)
    for slot in (open_times[8], open_times[11]):
        body = {"clinician_id": slot["clinician_id"], "starts_at": slot["starts_at"]}
        moved = await patient.put(f"/api/visits/{visit_id}/booking", json=body)
        assert moved.status_code == 200, moved.text
    status, steps = await history(patient, visit_id)
    assert (status, [each["kind"] for each in steps]) == ("booked", ["booked", "moved", "moved"])
    assert [each["starts_at"] for each in steps] == [open_times[place]["starts_at"] for place in (5, 8, 11)]
    assert {each["by"] for each in steps} == {"Maria Lopez"}
    assert {each["clinician"] for each in steps} == {"Ruth Adler"}


async def test_the_clinic_sees_a_patients_booked_times_with_who_changed_them(clinic: ClinicAtWork) -> None:
    patient, first, open_times = await booked(clinic)
    assert (await patient.post("/api/bookings", json=wish(open_times[9]))).status_code == 201
    assert (await patient.post(f"/api/visits/{first}/cancel", json={})).status_code == 200
    desk = await clinic.browser(clinic.ruth)
    url = f"/api/patients/{clinic.patient.id}/appointments"
    found = (await desk.get(url)).json()
    assert [each["status"] for each in found] == ["booked", "cancelled"], "the one furthest ahead first"
    assert [(step["kind"], step["by"]) for step in found[1]["history"]] == [
        ("booked", "Maria Lopez"),
        ("cancelled", "Maria Lopez"),
    ]
    assert (await patient.get(url)).status_code == 403
    stranger = await clinic.another_patient()
    assert (await desk.get(f"/api/patients/{stranger.id}/appointments")).json() == []


async def test_a_move_that_is_refused_leaves_no_trace(clinic: ClinicAtWork) -> None:
    patient, visit_id, open_times = await booked(clinic)
    other = await clinic.browser(await clinic.another_patient())
    assert (await other.post("/api/bookings", json=wish(open_times[8]))).status_code == 201
    body = {"clinician_id": open_times[8]["clinician_id"], "starts_at": open_times[8]["starts_at"]}
    assert (await patient.put(f"/api/visits/{visit_id}/booking", json=body)).status_code == 409
    status, steps = await history(patient, visit_id)
    assert (status, len(steps)) == ("booked", 1)


async def test_a_cancelled_appointment_says_so_once(clinic: ClinicAtWork) -> None:
    patient, visit_id, _ = await booked(clinic)
    for code in (200, 409):
        answer = await patient.post(f"/api/visits/{visit_id}/cancel", json={"reason": "Better now"})
        assert answer.status_code == code
    status, steps = await history(patient, visit_id)
    assert (status, [each["kind"] for each in steps]) == ("cancelled", ["booked", "cancelled"])


async def test_it_arrives_and_is_fulfilled_with_its_visit(clinic: ClinicAtWork) -> None:
    patient, visit_id, _ = await booked(clinic)
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        earlier = text(
            "UPDATE slot SET starts_at = now() + interval '20 minutes', ends_at = now() + interval '50 minutes' "
            "WHERE id = (SELECT slot_id FROM visit WHERE id = :visit)"
        )
        await unit.write.execute(earlier, {"visit": visit_id})
    await clinic.act(clinic.patient, visit_id, service.make_ready, location=HOME, callback_phone=PHONE)
    assert (await history(patient, visit_id))[0] == "arrived"
    await clinic.act(clinic.ruth, visit_id, service.admit)
    await clinic.act(clinic.ruth, visit_id, service.put_back)
    await clinic.act(clinic.ruth, visit_id, service.admit)
    await clinic.act(clinic.ruth, visit_id, service.finish)
    status, steps = await history(patient, visit_id)
    assert (status, [each["kind"] for each in steps]) == ("fulfilled", ["booked", "arrived", "fulfilled"])


async def test_who_does_not_come_is_a_no_show(clinic: ClinicAtWork) -> None:
    patient, visit_id, _ = await booked(clinic)
    await clinic.act(clinic.ruth, visit_id, service.mark_no_show)
    assert (await history(patient, visit_id))[0] == "noshow"


async def test_a_visit_on_demand_has_no_appointment(clinic: ClinicAtWork) -> None:
    visit = await clinic.requested()
    answer = await (await clinic.browser(clinic.patient)).get(f"/api/visits/{visit.id}/appointments")
    assert (answer.status_code, answer.json()) == (200, [])


async def test_what_another_release_booked_gets_its_appointment_with_the_next_step(
    clinic: ClinicAtWork, owner: AsyncEngine
) -> None:
    patient, visit_id, open_times = await booked(clinic)
    # As the release before writes it: the visit and its slot, and no appointment.
    async with owner.begin() as connection:
        mine = select(Appointment.id).where(Appointment.visit_id == visit_id)
        await connection.execute(delete(AppointmentStep).where(AppointmentStep.appointment_id.in_(mine)))
        await connection.execute(delete(Appointment).where(Appointment.visit_id == visit_id))
    body = {"clinician_id": open_times[8]["clinician_id"], "starts_at": open_times[8]["starts_at"]}
    assert (await patient.put(f"/api/visits/{visit_id}/booking", json=body)).status_code == 200
    status, steps = await history(patient, visit_id)
    assert (status, [each["kind"] for each in steps]) == ("booked", ["booked"])
    assert datetime.fromisoformat(steps[0]["starts_at"]) == datetime.fromisoformat(open_times[8]["starts_at"])


ENDED = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


async def as_before(owner: AsyncEngine, *statements: str, visit_id: UUID) -> None:
    """What the release before appointments writes."""
    async with owner.begin() as connection:
        for statement in statements:
            values = {"visit": visit_id, "at": ENDED}
            await connection.execute(
                text(statement), {k: v for k, v in values.items() if f":{k}" in statement}
            )


STEP = (
    "INSERT INTO visit_step (clinic_id, visit_id, kind, at) "
    "SELECT clinic_id, id, '{}', :at FROM visit WHERE id = :visit"
)


async def test_what_another_release_ends_is_caught_up_with_at_the_time_at_which_it_ended(
    clinic: ClinicAtWork, owner: AsyncEngine
) -> None:
    patient, visit_id, _ = await booked(clinic)
    cancel = "UPDATE visit SET status = 'cancelled' WHERE id = :visit"
    await as_before(owner, cancel, STEP.format("visit.cancelled"), visit_id=visit_id)
    assert (await history(patient, visit_id))[0] == "booked"
    for _ in range(2):
        await catch_up(clinic.services)
        status, steps = await history(patient, visit_id)
        assert status == "cancelled"
        [ended] = [each for each in steps if each["kind"] == "cancelled"]
        assert datetime.fromisoformat(ended["at"]) == ENDED


async def test_what_another_release_moves_and_finishes_has_its_new_time_and_has_arrived(
    clinic: ClinicAtWork, owner: AsyncEngine
) -> None:
    patient, visit_id, _ = await booked(clinic)
    await as_before(
        owner,
        "WITH s AS (INSERT INTO slot (clinic_id, clinician_id, starts_at, ends_at) SELECT s.clinic_id, s.clinician_id, "
        "s.starts_at + interval '90 days', s.ends_at + interval '90 days' FROM visit v JOIN slot s ON s.id = v.slot_id "
        "WHERE v.id = :visit RETURNING id) UPDATE visit SET slot_id = s.id FROM s WHERE visit.id = :visit",
        STEP.format("visit.rescheduled"),
        STEP.format("visit.ready"),
        "UPDATE visit SET status = 'finished', finished_at = :at WHERE id = :visit",
        STEP.format("visit.finished"),
        visit_id=visit_id,
    )
    before = (await history(patient, visit_id))[1]
    await catch_up(clinic.services)
    status, steps = await history(patient, visit_id)
    assert status == "fulfilled"
    assert {"booked", "moved", "arrived", "fulfilled"} == {each["kind"] for each in steps}
    moved = next(each for each in steps if each["kind"] == "moved")
    was = datetime.fromisoformat(before[0]["starts_at"])
    assert datetime.fromisoformat(moved["starts_at"]) - was == timedelta(days=90)


async def test_what_another_release_booked_is_found_without_another_step(
    clinic: ClinicAtWork, owner: AsyncEngine
) -> None:
    patient, visit_id, open_times = await booked(clinic)
    mine = "SELECT id FROM appointment WHERE visit_id = :visit"
    await as_before(
        owner,
        f"DELETE FROM appointment_step WHERE appointment_id IN ({mine})",  # noqa: S608
        "DELETE FROM appointment WHERE visit_id = :visit",
        visit_id=visit_id,
    )
    await catch_up(clinic.services)
    status, [step] = await history(patient, visit_id)
    assert (status, step["kind"], step["by"]) == ("booked", "booked", "Maria Lopez")
    assert datetime.fromisoformat(step["starts_at"]) == datetime.fromisoformat(open_times[5]["starts_at"])


async def test_who_was_put_back_into_the_intake_has_arrived_all_the_same(clinic: ClinicAtWork) -> None:
    """There is nothing to catch up with in what this release writes."""
    patient, visit_id, _ = await booked(clinic)
    await catch_up(clinic.services)
    assert len((await history(patient, visit_id))[1]) == 1
    assert (VisitStatus.INTAKE, AppointmentStatus.ARRIVED) not in behind()
    assert (VisitStatus.CANCELLED, AppointmentStatus.ARRIVED) in behind()
