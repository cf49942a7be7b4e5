"""Ways to reach a patient: what they sign in by comes first and is proven, the rest is told; FHIR both ways."""

from datetime import timedelta
from typing import Any

import pytest
from fhir.resources.R4B.contactpoint import ContactPoint as FhirContactPoint
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import Actor, Role, system_actor
from core.database.session import open_unit
from core.ids import new_id
from directory.contact_points import repository
from directory.contact_points.domain import ContactKind, Way
from directory.contact_points.fhir import from_fhir, to_fhir
from directory.contact_points.models import ContactPoint
from identity.models import Account, Patient
from identity.privacy import service as privacy
from identity.privacy.domain import Why
from tests.visits.conftest import PHONE, Browser, ClinicAtWork

HOME = {"kind": "home", "value": "(518) 555-0177 ext. 12", "may_leave_message": False, "note": "After six"}


def path(patient: Patient, contact: str = "") -> str:
    return f"/api/patients/{patient.id}/contacts" + (f"/{contact}" if contact else "")


async def add(browser: Browser, patient: Patient, **fields: Any) -> list[dict[str, Any]]:
    answer = await browser.post(path(patient), json=HOME | fields)
    assert answer.status_code == 201, answer.text
    return list(answer.json())


def code_of(answer: Any) -> tuple[str, str]:
    [field] = answer.json()["fields"]
    return field["path"], field["code"]


async def test_a_patient_adds_a_phone_that_the_care_team_sees_beside_the_one_for_codes(
    clinic: ClinicAtWork,
) -> None:
    own = await clinic.browser(clinic.patient)
    await add(own, clinic.patient)
    staff = await clinic.browser(clinic.coordinator)
    first, second = (await staff.get(path(clinic.patient))).json()
    assert (first["value"], first["signs_in"], first["id"]) == (clinic.patient.phone, True, None)
    assert (second["value"], second["extension"]) == ("+15185550177", "12")
    assert second["dialed"] == "+15185550177;ext=12"
    assert (second["may_leave_message"], second["note"], second["signs_in"]) == (False, "After six", False)
    looked = (await own.get("/api/me/accesses")).json()
    assert "contact.read" in {each["what"] for each in looked}


async def test_the_preferred_way_is_one_and_comes_first(clinic: ClinicAtWork) -> None:
    own = await clinic.browser(clinic.patient)
    await add(own, clinic.patient, preferred=True)
    found = await add(own, clinic.patient, value="(518) 555-0178", kind="work", preferred=True)
    assert [(each["kind"], each["preferred"]) for each in found] == [
        ("work", True),
        ("mobile", False),
        ("home", False),
    ]


async def test_of_the_phone_for_codes_only_what_else_is_known_of_it_is_changed(clinic: ClinicAtWork) -> None:
    staff = await clinic.browser(clinic.coordinator)
    form = {"kind": "mobile", "value": clinic.patient.phone, "may_leave_message": False}
    [line] = (await staff.post(path(clinic.patient), json=form)).json()
    assert (line["signs_in"], line["may_leave_message"]) == (True, False)
    other = await staff.put(path(clinic.patient, line["id"]), json=form | {"value": PHONE, "version": 1})
    assert code_of(other) == ("value", "contact_signs_in")
    kept = await staff.put(
        path(clinic.patient, line["id"]), json=form | {"note": "Works nights", "version": 1}
    )
    assert kept.json()[0]["note"] == "Works nights"
    stale = await staff.put(path(clinic.patient, line["id"]), json=form | {"version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "contact_changed")
    ended = await staff.delete(path(clinic.patient, line["id"]))
    assert [(each["value"], each["may_leave_message"]) for each in ended.json()] == [
        (clinic.patient.phone, True)
    ]


async def test_a_phone_that_was_for_codes_is_no_way_to_the_patient_any_more(clinic: ClinicAtWork) -> None:
    staff = await clinic.browser(clinic.coordinator)
    await staff.post(
        path(clinic.patient), json={"kind": "mobile", "value": clinic.patient.phone, "note": "His"}
    )
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        for model, of in ((Patient, Patient.id), (Account, Account.id)):
            whose = clinic.patient.id if model is Patient else clinic.patient.account_id
            await unit.write.execute(update(model).where(of == whose).values(phone=PHONE))
    found = (await staff.get(path(clinic.patient))).json()
    assert [(each["value"], each["signs_in"]) for each in found] == [(PHONE, True)]


async def test_a_contact_in_dispute_is_marked(clinic: ClinicAtWork) -> None:
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        disputed = update(Account).where(Account.id == clinic.patient.account_id)
        await unit.write.execute(disputed.values(phone_disputed_at=unit.write.now()))
    staff = await clinic.browser(clinic.coordinator)
    assert [each["disputed"] for each in (await staff.get(path(clinic.patient))).json()] == [True]
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        assert await repository.phone_of(unit.read, clinic.patient) is None


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"value": ""}, ("value", "required")),
        ({"value": "12"}, ("value", "phone_invalid")),
        ({"value": "nobody at home", "kind": "email"}, ("value", "email_invalid")),
        ({"value": "(518) 555-0177 ext. 12"}, ("value", "contact_exists")),
        ({"value": "(518) 555-0178", "note": "a\u202eb"}, ("note", "control_characters")),
    ],
)
async def test_what_is_wrong_with_a_contact_is_said_beside_its_field(
    clinic: ClinicAtWork, fields: dict[str, Any], found: tuple[str, str]
) -> None:
    own = await clinic.browser(clinic.patient)
    await add(own, clinic.patient)
    answer = await own.post(path(clinic.patient), json=HOME | fields)
    assert (answer.status_code, code_of(answer)) == (422, found)


async def test_twenty_ways_are_enough(clinic: ClinicAtWork) -> None:
    own = await clinic.browser(clinic.patient)
    for number in range(19):
        await add(own, clinic.patient, value=f"(518) 555-01{number:02}")
    answer = await own.post(path(clinic.patient), json=HOME | {"value": "(518) 555-0190"})
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_contacts")


async def test_nobody_else_reads_or_writes_them(clinic: ClinicAtWork) -> None:
    own = await clinic.browser(clinic.patient)
    contact = (await add(own, clinic.patient))[1]["id"]
    stranger = await clinic.browser(await clinic.another_patient())
    assert (await stranger.get(path(clinic.patient))).status_code == 404
    assert (await stranger.post(path(clinic.patient), json=HOME)).status_code == 404
    assert (await stranger.delete(path(clinic.patient, contact))).status_code == 404
    other = await clinic.another_patient()
    staff = await clinic.browser(clinic.coordinator)
    assert (await staff.delete(path(other, contact))).status_code == 404


async def test_the_queue_says_that_nobody_is_to_leave_a_message(clinic: ClinicAtWork) -> None:
    await clinic.waiting()
    staff = await clinic.browser(clinic.coordinator)
    assert [each["no_message"] for each in (await staff.get("/api/queue")).json()["entries"]] == [False]
    await add(staff, clinic.patient, kind="mobile", value=PHONE)
    assert [each["no_message"] for each in (await staff.get("/api/queue")).json()["entries"]] == [True]


async def test_nobody_leaves_a_message_for_a_closed_chart_in_danger(
    clinic: ClinicAtWork, owner: AsyncEngine
) -> None:
    """Who has no part in the care sees the number to call, and not what the patient said of messages."""
    visit = await clinic.waiting()
    async with owner.begin() as connection:
        await connection.execute(text("UPDATE visit SET priority = 1 WHERE id = :id"), {"id": visit.id})
    staff = await clinic.browser(clinic.coordinator)
    await add(staff, clinic.patient, kind="mobile", value=PHONE)
    desk = Actor(
        clinic.clinic_id, frozenset({Role.COORDINATOR}), account_id=clinic.coordinator.id, name="Desk"
    )
    async with open_unit(clinic.services, desk) as unit:
        until = clinic.services.clock.now() + timedelta(days=1)
        await privacy.restrict(unit.write, clinic.patient.id, Why.STAFF, "Works at the desk", until, [])
    [entry] = (await staff.get("/api/queue")).json()["entries"]
    assert entry["restricted"] and entry["callback_phone"]
    assert entry["no_message"]


def way(**fields: Any) -> Way:
    point = ContactPoint(id=new_id(), **{"may_leave_message": True, "preferred": False, "note": ""} | fields)
    return Way(point.kind, point.value, point.extension, point)


def test_fhir_has_all_of_a_contact_and_gives_it_back() -> None:
    known = [
        way(kind="home", value="+15185550177", extension="12", may_leave_message=False, note="After six"),
        way(kind="mobile", value="+15185550100", extension="", preferred=True),
        way(kind="other", value="+15185550101", extension=""),
        way(kind="email", value="maya@mail.example", extension=""),
    ]
    telecom = [to_fhir(each) for each in known]
    for each in telecom:
        FhirContactPoint.model_validate(each)
    assert telecom[1] == {"system": "phone", "value": "+15185550100", "use": "mobile", "rank": 1}
    back = from_fhir(telecom)
    assert [(str(each.kind), each.may_leave_message, each.preferred, each.note) for each in back] == [
        ("home", False, False, "After six"),
        ("mobile", True, True, ""),
        ("other", True, False, ""),
        ("email", True, False, ""),
    ]
    assert back[0].value == "+15185550177 ext. 12"


def test_what_of_fhir_reaches_nobody_is_left_out() -> None:
    telecom = [
        {"system": "phone", "value": "call my sister"},
        {"system": "phone", "value": "(518) 555-0177", "use": "old"},
        {"system": "fax", "value": "(518) 555-0178"},
        {"system": "phone"},
        {"system": "sms", "value": "(518) 555-0179"},
        {"system": "phone", "value": "+1 518 555 0179", "use": "home"},
    ]
    assert [(each.kind, each.value) for each in from_fhir(telecom)] == [
        (ContactKind.MOBILE, "(518) 555-0179")
    ]
