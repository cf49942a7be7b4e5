"""Visit types are the clinic's own: renamed, timed, limited to ages and clinicians, retired, put in order."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import Role, system_actor
from core.database.session import open_unit
from core.services import Services
from tests.people import make_clinic, make_staff
from tests.visits.conftest import Browser, ClinicAtWork
from tests.visits.test_booking import open_hours, times
from visits.visit_types import repository

CODES = [
    "cough", "sore-throat", "urinary", "rash", "headache", "stomach", "back-pain", "allergy", "mood", "refill",
    "follow-up", "other",
]  # fmt: skip


async def admin_of(clinic: ClinicAtWork) -> Browser:
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        admin = await make_staff(unit.write, Role.ADMIN, name="Ada Ortiz")
    return await clinic.browser(admin)


async def change(admin: Browser, code: str, **fields: Any) -> dict[str, Any]:
    """Change one type; the answer's type."""
    types = (await admin.get("/api/admin/visit-types")).json()["types"]
    before = next(each for each in types if each["code"] == code)
    body = {name: value for name, value in before.items() if name not in ("id", "code")} | fields
    answer = await admin.put(f"/api/admin/visit-types/{before['id']}", json=body)
    assert answer.status_code == 200, answer.text
    return next(each for each in answer.json()["types"] if each["code"] == code)


async def offered(browser: Browser, **query: str) -> list[str]:
    answer = await browser.get("/api/visit-types", params=query)
    return [each["code"] for each in answer.json() if each["offered"]]


async def test_a_new_clinic_offers_what_every_clinic_begins_with(
    services: Services, owner: AsyncEngine
) -> None:
    plain = await make_clinic(owner)
    picky = await make_clinic(owner, settings={"reasons_off": ["mood", "cough"]})
    async with open_unit(services, system_actor(plain.id)) as unit:
        assert [each.code for each in await repository.every(unit.read)] == CODES
        assert all(each.questionnaire == each.code for each in await repository.every(unit.read))
    async with open_unit(services, system_actor(picky.id)) as unit:
        retired = {each.code for each in await repository.every(unit.read) if each.retired_at}
        assert retired == {"mood", "cough"}


async def test_one_clinics_changes_are_not_anothers(clinic: ClinicAtWork, elsewhere: ClinicAtWork) -> None:
    await change(await admin_of(clinic), "rash", title_en="Skin", title_es="Piel", retired=True)
    there = await (await elsewhere.browser(elsewhere.patient)).get("/api/visit-types")
    assert next(each for each in there.json() if each["code"] == "rash")["title"]["en"] != "Skin"
    assert "rash" in await offered(await elsewhere.browser(elsewhere.patient))


async def test_a_retired_type_is_not_offered_and_names_the_visits_that_it_had(clinic: ClinicAtWork) -> None:
    patient = await clinic.browser(clinic.patient)
    visit = (await patient.post("/api/visits", json={"reason_code": "rash"})).json()
    await change(await admin_of(clinic), "rash", title_en="Skin", retired=True)
    assert "rash" not in await offered(patient)
    public = await patient.get("/api/intake/reasons", params={"clinic": f"test-{clinic.clinic_id}"})
    assert "rash" not in [each["code"] for each in public.json()]
    again = await patient.post("/api/visits", json={"reason_code": "rash"})
    assert again.status_code == 422
    assert again.json()["fields"][0]["code"] == "reason_not_offered"
    names = {each["code"]: each["title"]["en"] for each in (await patient.get("/api/visit-types")).json()}
    assert names[(await patient.get(f"/api/visits/{visit['id']}")).json()["reason_code"]] == "Skin"


async def test_ages_are_obeyed_in_what_is_offered_and_in_what_is_asked_for(clinic: ClinicAtWork) -> None:
    patient, desk = await clinic.browser(clinic.patient), await clinic.browser(clinic.coordinator)
    await change(await admin_of(clinic), "mood", max_years=17)
    assert "mood" not in await offered(patient)
    assert "mood" not in await offered(desk, patient_id=str(clinic.patient.id))
    assert "mood" in await offered(desk)
    refused = await patient.post("/api/visits", json={"reason_code": "mood"})
    assert refused.json()["fields"][0]["code"] == "reason_not_for_age"


async def test_length_and_buffers_are_kept_between_booked_times(clinic: ClinicAtWork) -> None:
    await open_hours(clinic, clinic.ruth)
    await change(await admin_of(clinic), "mood", minutes=50, buffer_before=10, buffer_after=30)
    patient = await clinic.browser(clinic.patient)
    other = await clinic.browser(await clinic.another_patient())
    before = await starts(other, reason_code="rash")
    slot = (await times(patient, reason_code="mood"))[5]
    begins = datetime.fromisoformat(slot["starts_at"])
    assert datetime.fromisoformat(slot["ends_at"]) - begins == timedelta(minutes=50)
    body = {"reason_code": "mood", "clinician_id": slot["clinician_id"], "starts_at": slot["starts_at"]}
    booked = await patient.post("/api/bookings", json=body)
    assert booked.status_code == 201, booked.text
    # Half an hour from 30 minutes before would meet the 10 that stay free, one from 60 after the 30 that do.
    gone = {begins + timedelta(minutes=minutes) for minutes in (-30, 0, 30, 60)}
    assert before - await starts(other, reason_code="rash") == gone
    late = {**body, "reason_code": "rash", "starts_at": (begins + timedelta(minutes=60)).isoformat()}
    taken = await other.post("/api/bookings", json=late)
    assert (taken.status_code, taken.json()["code"]) == (409, "slot_taken")


async def starts(browser: Browser, **query: str) -> set[datetime]:
    return {datetime.fromisoformat(each["starts_at"]) for each in await times(browser, **query)}


async def test_only_who_offers_a_type_can_be_booked_for_it(clinic: ClinicAtWork) -> None:
    await open_hours(clinic, clinic.ruth)
    await open_hours(clinic, clinic.omar)
    await change(await admin_of(clinic), "mood", offered_by=[str(clinic.omar.id)])
    patient = await clinic.browser(clinic.patient)
    found = await times(patient, reason_code="mood")
    assert {each["clinician_id"] for each in found} == {str(clinic.omar.id)}
    wanted = {"reason_code": "mood", "clinician_id": str(clinic.ruth.id), "starts_at": found[5]["starts_at"]}
    refused = await patient.post("/api/bookings", json=wanted)
    assert refused.json()["fields"][0]["code"] == "clinician_does_not_offer"


async def test_of_two_administrators_the_second_sees_the_first_ones_change(clinic: ClinicAtWork) -> None:
    admin = await admin_of(clinic)
    types = (await admin.get("/api/admin/visit-types")).json()["types"]
    first = types[0]
    body = {name: value for name, value in first.items() if name not in ("id", "code")}
    address = f"/api/admin/visit-types/{first['id']}"
    assert (await admin.put(address, json={**body, "title_en": "Lungs"})).status_code == 200
    late = await admin.put(address, json={**body, "title_en": "Chest"})
    assert (late.status_code, late.json()["code"]) == (409, "visit_type_changed")


async def test_types_are_added_and_put_in_order(clinic: ClinicAtWork) -> None:
    admin, patient = await admin_of(clinic), await clinic.browser(clinic.patient)
    body = {"title_en": "Travel advice", "title_es": "Consejos de viaje", "questionnaire": "other"}
    added = (await admin.post("/api/admin/visit-types", json=body)).json()["types"]
    ids = [each["id"] for each in added]
    assert added[-1]["title_en"] == "Travel advice"
    short = await admin.put("/api/admin/visit-types-order", json={"ids": ids[1:]})
    assert short.json()["code"] == "visit_type_changed"
    turned = await admin.put("/api/admin/visit-types-order", json={"ids": ids[::-1]})
    assert [each["id"] for each in turned.json()["types"]] == ids[::-1]
    assert await offered(patient) == [each["code"] for each in added[::-1]]
    visit = await patient.post("/api/visits", json={"reason_code": added[-1]["code"]})
    assert visit.status_code == 201
    form = await patient.get(f"/api/visits/{visit.json()['id']}/intake")
    assert form.json()["questionnaire"]["id"] == "other"


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"title_es": " "}, "title_es", "required"),
        ({"min_years": 18, "max_years": 4}, "max_years", "ages_reversed"),
        ({"questionnaire": "horoscope"}, "questionnaire", "unknown_option"),
        (
            {"offered_by": ["01a21cde-27e9-77cf-883b-3941313c9133"]},
            "offered_by",
            "clinician_unknown",
        ),
    ],
)
async def test_what_is_wrong_is_said_by_field(
    clinic: ClinicAtWork, fields: dict[str, Any], field: str, code: str
) -> None:
    body = {"title_en": "Travel", "title_es": "Viaje"} | fields
    answer = await (await admin_of(clinic)).post("/api/admin/visit-types", json=body)
    assert answer.status_code == 422
    assert [(each["path"], each["code"]) for each in answer.json()["fields"]] == [(field, code)]


async def test_questions_do_not_change_while_somebody_answers_them(clinic: ClinicAtWork) -> None:
    patient = await clinic.browser(clinic.patient)
    visit = (await patient.post("/api/visits", json={"reason_code": "rash"})).json()
    address = f"/api/visits/{visit['id']}/intake"
    form = (await patient.get(address)).json()
    body = {"version": 0, "step": "identity", "language": "en", "draft": form["draft"], "acknowledged": []}
    saved = await patient.put(address, json=body)
    assert saved.status_code == 200, saved.text
    await change(await admin_of(clinic), "rash", questionnaire="cough")
    assert (await patient.get(address)).json()["questionnaire"]["id"] == "rash"
