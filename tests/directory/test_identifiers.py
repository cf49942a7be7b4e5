"""What others know a patient by: typed, masked where it opens doors, found exactly as typed; FHIR both ways."""

from typing import Any

import pytest
from fhir.resources.R4B.identifier import Identifier as FhirIdentifier

from chart.record.importing import import_patient
from core.actor import system_actor
from core.database.session import open_unit
from directory.contact_points.repository import ways_to
from directory.identifiers import repository
from directory.identifiers.fhir import from_fhir, of_mrn, to_fhir
from identity.models import Patient
from tests.statements import counted
from tests.visits.conftest import Browser, ClinicAtWork

MEMBER = {"kind": "MB", "issuer": "Acme Health", "value": "W 1234-5678"}
LICENSE = {"kind": "DL", "issuer": "New York", "value": "512 843 991"}


def path(patient: Patient, *more: str) -> str:
    return "/".join((f"/api/patients/{patient.id}/identifiers", *more))


async def add(browser: Browser, patient: Patient, form: dict[str, Any], **fields: Any) -> dict[str, Any]:
    answer = await browser.post(path(patient), json=form | fields)
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["identifiers"][-1])


async def found_by(browser: Browser, query: str) -> list[str]:
    answer = await browser.post("/api/patients/search", json={"q": query})
    return [each["id"] for each in answer.json()["items"]]


async def test_a_license_is_masked_until_somebody_asks_and_the_audit_says_who(clinic: ClinicAtWork) -> None:
    staff, own = await clinic.browser(clinic.coordinator), await clinic.browser(clinic.patient)
    license = await add(staff, clinic.patient, LICENSE)
    assert (license["value"], license["masked"]) == ("••• 3991", True)
    member = await add(staff, clinic.patient, MEMBER)
    assert (member["value"], member["masked"]) == ("W 1234-5678", False)
    listed = (await own.get(path(clinic.patient))).json()
    assert listed["mrn"] == clinic.patient.mrn
    assert LICENSE["value"] not in str(listed)
    whole = await staff.post(path(clinic.patient, license["id"], "reveal"))
    assert whole.json() == {"value": "512 843 991"}
    looked = (await own.get("/api/me/accesses")).json()
    assert "identifier.reveal" in {each["what"] for each in looked}


async def test_a_number_that_is_masked_is_not_shown_by_calling_it_something_else(
    clinic: ClinicAtWork,
) -> None:
    staff = await clinic.browser(clinic.coordinator)
    made = await add(staff, clinic.patient, LICENSE)
    body = {"kind": "other", "issuer": "New York", "version": 1}
    refused = await staff.put(path(clinic.patient, made["id"]), json=body)
    assert (refused.status_code, refused.json()["fields"][0]["path"]) == (422, "value")
    assert LICENSE["value"] not in (await staff.get(path(clinic.patient))).text


@pytest.mark.parametrize(
    ("system", "kind"),
    [
        ("urn:oid:2.16.840.1.113883.4.3.36", "DL"),
        ("urn:oid:2.16.840.1.113883.4.330.840", "PPN"),
        ("http://hl7.org/fhir/sid/passport-USA", "PPN"),
        ("http://plan.example", "other"),
    ],
)
def test_a_system_tells_the_kind_where_no_type_does(system: str, kind: str) -> None:
    [found] = from_fhir([{"system": system, "value": "512 843 991"}], "MRN1")
    assert found.kind == kind


async def test_a_social_security_number_is_no_record_number(clinic: ClinicAtWork) -> None:
    resource = {
        "resourceType": "Patient",
        "name": [{"family": "Marsh", "given": ["June"]}],
        "birthDate": "1980-01-02",
        "identifier": [{"system": "http://hl7.org/fhir/sid/us-ssn", "value": "999-12-3457"}],
    }
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        patient = await import_patient(unit.write, {"entry": [{"resource": resource}]})
        assert patient.mrn != "999-12-3457"
        assert await repository.of_patient(unit.read, patient.id) == []


async def test_a_search_with_a_sign_that_no_text_holds_finds_all_the_same(clinic: ClinicAtWork) -> None:
    staff = await clinic.browser(clinic.coordinator)
    await add(staff, clinic.patient, MEMBER)
    assert await found_by(staff, "W1234\x005678") == [str(clinic.patient.id)]


async def test_a_change_that_does_not_show_the_number_keeps_it(clinic: ClinicAtWork) -> None:
    staff = await clinic.browser(clinic.coordinator)
    made = await add(staff, clinic.patient, LICENSE)
    body = {"kind": "DL", "issuer": "New York State", "ends_on": "2030-01-31", "version": 1}
    [changed] = (await staff.put(path(clinic.patient, made["id"]), json=body)).json()["identifiers"]
    assert (changed["issuer"], changed["ends_on"]) == ("New York State", "2030-01-31")
    whole = await staff.post(path(clinic.patient, made["id"], "reveal"))
    assert whole.json() == {"value": "512 843 991"}
    stale = await staff.put(path(clinic.patient, made["id"]), json=body)
    assert (stale.status_code, stale.json()["code"]) == (409, "identifier_changed")
    ended = await staff.delete(path(clinic.patient, made["id"]))
    assert ended.json()["identifiers"] == []


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"value": " - "}, ("value", "required")),
        ({"issuer": ""}, ("issuer", "required")),
        ({"value": "w12345678", "issuer": "ACME health"}, ("value", "identifier_exists")),
        (
            {"value": "W2", "starts_on": "2026-02-01", "ends_on": "2026-01-01"},
            ("ends_on", "ends_before_it_begins"),
        ),
    ],
)
async def test_what_is_wrong_with_an_identifier_is_said_beside_its_field(
    clinic: ClinicAtWork, fields: dict[str, Any], found: tuple[str, str]
) -> None:
    staff = await clinic.browser(clinic.coordinator)
    await add(staff, clinic.patient, MEMBER)
    answer = await staff.post(path(clinic.patient), json=MEMBER | fields)
    [field] = answer.json()["fields"]
    assert (answer.status_code, (field["path"], field["code"])) == (422, found)


async def test_only_the_care_team_writes_and_nobody_reads_anothers(clinic: ClinicAtWork) -> None:
    staff, own = await clinic.browser(clinic.coordinator), await clinic.browser(clinic.patient)
    made = await add(staff, clinic.patient, LICENSE)
    assert (await own.post(path(clinic.patient), json=MEMBER)).status_code == 403
    other = await clinic.another_patient()
    stranger = await clinic.browser(other)
    assert (await stranger.get(path(clinic.patient))).status_code == 404
    assert (await stranger.post(path(clinic.patient, made["id"], "reveal"))).status_code == 404
    assert (await staff.post(path(other, made["id"], "reveal"))).status_code == 404


async def test_the_search_finds_it_exactly_as_it_is_and_beside_whom_else_it_may_mean(
    clinic: ClinicAtWork,
) -> None:
    staff = await clinic.browser(clinic.coordinator)
    other = await clinic.another_patient()
    await add(staff, clinic.patient, MEMBER)
    mine = str(clinic.patient.id)
    assert await found_by(staff, "W12345678") == [mine]
    assert await found_by(staff, "w-1234 5678") == [mine]
    assert await found_by(staff, "W1234567") == []
    # The same digits are another patient's record number here: both are shown.
    await add(staff, clinic.patient, {"kind": "MR", "issuer": "River Hospital", "value": other.mrn})
    assert set(await found_by(staff, other.mrn)) == {mine, str(other.id)}


async def test_a_name_is_looked_for_among_names_only(clinic: ClinicAtWork) -> None:
    staff = await clinic.browser(clinic.coordinator)
    with counted(clinic.services) as sent:
        await found_by(staff, "Lopez Maria")
    assert not any("patient_identifier" in each for each in sent)


async def test_a_bundle_brings_contacts_and_identifiers_and_no_social_security_number(
    clinic: ClinicAtWork,
) -> None:
    types = "http://terminology.hl7.org/CodeSystem/v2-0203"

    def typed(code: str, value: str, **more: Any) -> dict[str, Any]:
        return {"type": {"coding": [{"system": types, "code": code}]}, "value": value, **more}

    resource = {
        "resourceType": "Patient",
        "name": [{"family": "Marsh", "given": ["June"]}],
        "birthDate": "1980-01-02",
        "telecom": [{"system": "phone", "value": "(518) 555-0150", "use": "home"}],
        "identifier": [
            typed("SS", "999-12-3456"),
            {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "999-12-3457"},
            {"system": "urn:oid:2.16.840.1.113883.4.1", "value": "999-12-3458"},
            typed("MR", "A-77"),
            typed("DL", "S123 4567", assigner={"display": "Ohio"}, period={"end": "2030-05-01"}),
            {"system": "http://plan.example", "value": "X9"},
        ],
    }
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        patient = await import_patient(unit.write, {"entry": [{"resource": resource}]})
        rows = await repository.of_patient(unit.read, patient.id)
        assert patient.mrn == "A-77"
        assert [(row.kind, row.issuer, row.value) for row in rows] == [
            ("DL", "Ohio", "S123 4567"),
            ("other", "http://plan.example", "X9"),
        ]
        assert [(way.kind, way.value) for way in await ways_to(unit.read, patient)] == [
            ("home", "+15185550150")
        ]
        again = [to_fhir(row) for row in rows]
        for each in (*again, of_mrn(patient.mrn, "Harbor Clinic", "urn:uuid:clinic")):
            FhirIdentifier.model_validate(each)
        assert again[0]["period"] == {"end": "2030-05-01"}
        assert [(str(each.kind), each.value) for each in from_fhir(again, patient.mrn)] == [
            (row.kind, row.value) for row in rows
        ]
