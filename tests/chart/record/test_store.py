"""The record store: what goes in comes out, every version stays, and nothing foreign is seen."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from chart.domain import Source, instant
from chart.record import bindings, service, store
from chart.record.building import Asserter
from chart.record.importing import import_bundle, import_patient
from chart.record.index import index, marked_in_error
from chart.record.registry import SPECS
from chart.record.types import allergy_intolerance, condition, medication_statement, observation
from chart.terminology import loinc
from core import json
from core.actor import Actor, system_actor
from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from identity.person.address import address_in
from tests.chart.conftest import Scene, admitted_visit
from tests.conftest import ActAs
from tests.people import make_patient

BY = Asserter(Source.CLINICIAN, new_id(), new_id(), datetime(2026, 5, 1, tzinfo=UTC))
names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(
    lambda text: text.strip() == text
)


def check(resource: dict[str, Any]) -> None:
    """As the store checks it: with its patient."""
    bindings.check(store.stamped(resource, new_id(), 1, new_id(), BY.at))


def bundle(profile: str = "type2_diabetes", seed: int = 7) -> dict[str, Any]:
    # Takes more than a second to load: not for whoever runs other tests.
    import carebundle

    made: dict[str, Any] = json.decode(
        carebundle.to_json(carebundle.generate_bundle(profile=profile, seed=seed))
    )
    return made


@given(names, st.sampled_from([None, "I10"]), st.booleans(), st.booleans())
def test_every_condition_we_build_is_valid(name: str, code: str | None, active: bool, visit: bool) -> None:
    check(condition.build(name, BY, code=code, active=active, encounter_diagnosis=visit))


def test_a_number_written_as_text_is_refused() -> None:
    pulse = observation.vital(loinc.terms()["8867-4"], 70, BY)
    check(pulse)
    part = {"code": pulse["code"], "valueQuantity": {"value": "82", "unit": "/min"}}
    for wrong in ({**pulse, "valueQuantity": {"value": "70"}}, {**pulse, "component": [part]}):
        with pytest.raises(bindings.InvalidResource, match="not_fhir"):
            check(wrong)


@given(names, st.sampled_from(["mild", "moderate", "severe", None]), st.sampled_from(["food", None]))
def test_every_allergy_we_build_is_valid(name: str, severity: str | None, category: str | None) -> None:
    check(allergy_intolerance.build(name, BY, reaction="hives", severity=severity, category=category))


@given(names, st.none() | names)
def test_every_medicine_we_build_is_valid(name: str, dosage: str | None) -> None:
    check(medication_statement.build(name, BY, dosage=dosage))


@given(st.sampled_from(sorted(loinc.limits())), st.decimals(0, 1000, places=3))
def test_every_measurement_we_build_is_valid(code: str, value: Decimal) -> None:
    check(observation.vital(loinc.terms()[code], value, BY))


@pytest.mark.parametrize(
    "resource",
    [
        condition.build("x", BY),
        allergy_intolerance.build("x", BY),
        medication_statement.build("x", BY),
        observation.vital(loinc.terms()["8867-4"], 70, BY),
    ],
)
def test_marking_in_error_is_valid_fhir_and_indexed(resource: dict[str, Any]) -> None:
    marked = marked_in_error(resource)
    check(marked)
    assert index(marked).in_error and not index(resource).in_error


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-05", datetime(2024, 5, 1, tzinfo=UTC)),
        ("2024-02-29", datetime(2024, 2, 29, tzinfo=UTC)),
        ("2024-02-29T01:00:00+02:00", datetime(2024, 2, 28, 23, tzinfo=UTC)),
        ("2024-02-29T01:00:00Z", datetime(2024, 2, 29, 1, tzinfo=UTC)),
        ("nonsense", None),
        ("2023-02-29", None),
    ],
)
def test_fhir_dates_become_instants(value: str, expected: datetime | None) -> None:
    assert instant(value) == expected


@pytest.mark.parametrize(
    ("resource", "path", "code"),
    [
        ({"resourceType": "Observation", "status": "bogus", "code": {"text": "x"}}, "status", "unknown_code"),
        ({"resourceType": "Observation", "code": {"text": "x"}}, "status", "not_fhir"),
        ({"resourceType": "Patient"}, "resourceType", "unsupported"),
        ({"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "a": 1}, "a", "not_fhir"),
        (
            {
                "resourceType": "AllergyIntolerance",
                "criticality": "very",
                "patient": {"reference": "Patient/x"},
            },
            "criticality",
            "unknown_code",
        ),
        (
            {
                "resourceType": "Condition",
                "subject": {"reference": "Patient/x"},
                "clinicalStatus": {"coding": [{"system": "mine", "code": "active"}]},
            },
            "clinicalStatus",
            "unknown_code",
        ),
    ],
)
def test_what_fhir_forbids_is_refused_with_its_path(resource: dict[str, Any], path: str, code: str) -> None:
    with pytest.raises(bindings.InvalidResource) as caught:
        bindings.check(resource)
    assert caught.value.code == code or (path == "status" and caught.value.code in ("not_fhir", "required"))
    assert caught.value.path.endswith(path)


@pytest.mark.parametrize("profile", ["anaemia", "ckd_stage3", "healthy", "hypertension", "type2_diabetes"])
async def test_an_imported_patient_reads_back_equal(act_as: ActAs, scene: Scene, profile: str) -> None:
    """Everything but what is ours to say: ids, versions, references."""
    made = bundle(profile)
    async with act_as(scene.actor) as unit:
        patient = await import_patient(unit.write, made)
        stored = await store.list(unit.read, patient.id)
    given_ = [entry["resource"] for entry in made["entry"] if entry["resource"]["resourceType"] in SPECS]
    assert sorted(_bare(each.resource) for each in stored) == sorted(map(_bare, given_))
    own = {f"{each.resource_type}/{each.id}" for each in stored} | {f"Patient/{patient.id}"}
    for each in stored:
        assert set(_references(each.resource)) <= own
        assert each.source == "import" and each.version == 1


PERSON = {
    "resourceType": "Patient",
    "birthDate": "1988-02-29",
    "name": [{"family": "López", "given": ["Ana"]}],
}


@pytest.mark.parametrize(
    ("part", "value", "code"),
    [
        ("name", [{"family": "L" * 201, "given": ["Ana"]}], "name_too_long"),
        ("name", [{"family": "López", "given": ["Ana", "L" * 201]}], "name_too_long"),
        ("address", [{"line": ["a" * 201], "city": "Troy"}], "address_too_long"),
        ("address", [{"line": list("abcd") * 40, "city": "Troy"}], "address_too_long"),
        ("address", [{"city": "Troy" * 60}], "address_too_long"),
        ("address", [{"city": "Troy", "state": "New York" * 40}], "address_too_long"),
        ("address", [{"city": "Troy", "postalCode": "1" * 21}], "address_too_long"),
    ],
)
async def test_who_comes_with_more_than_we_can_show_is_refused_not_cut(
    scene: Scene, act_as: ActAs, part: str, value: Any, code: str
) -> None:
    made = {"resourceType": "Bundle", "entry": [{"resource": PERSON | {part: value}}]}
    with pytest.raises(Invalid) as refused:
        async with act_as(scene.actor) as unit:
            await import_patient(unit.write, made)
    assert [(each.path, each.code) for each in refused.value.fields] == [("entry", code)]


async def test_who_comes_with_all_that_we_can_show_is_shown_whole(scene: Scene, act_as: ActAs) -> None:
    long = {
        "line": ["a" * 200, "b" * 200, "c" * 200],
        "city": "T" * 200,
        "state": "N" * 200,
        "postalCode": "1" * 20,
    }
    name = [{"family": "L" * 200, "given": ["A" * 200, "B" * 200]}]
    made = {"resourceType": "Bundle", "entry": [{"resource": PERSON | {"name": name, "address": [long]}}]}
    async with act_as(scene.actor) as unit:
        patient = await import_patient(unit.write, made)
        found = address_in(patient.address)
    assert found is not None and found.line == long["line"] and found.city == long["city"]
    assert (patient.family, patient.second) == ("L" * 200, "B" * 200)


def _bare(resource: dict[str, Any]) -> bytes:
    """The resource without ids, versions and references, as text to compare."""
    kept = {key: value for key, value in resource.items() if key not in ("id", "meta", "subject", "patient")}
    return json.canonical(_without_references(kept))


def _without_references(node: Any) -> Any:
    if isinstance(node, list):
        return [_without_references(each) for each in node]
    if isinstance(node, dict):
        return {
            k: _without_references(v)
            for k, v in node.items()
            if k not in ("reference", "display", "identifier")
        }
    return node


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [found for each in node for found in _references(each)]
    if isinstance(node, dict):
        own = [node["reference"]] if isinstance(node.get("reference"), str) else []
        return own + [found for each in node.values() for found in _references(each)]
    return []


async def test_one_bad_resource_refuses_the_whole_bundle(act_as: ActAs, scene: Scene) -> None:
    made = bundle()
    made["entry"][-1]["resource"]["status"] = "bogus"
    with pytest.raises(Invalid):
        async with act_as(scene.actor) as unit:
            await import_bundle(unit.write, scene.patient, made)
    async with act_as(scene.actor) as unit:
        assert await store.list(unit.read, scene.patient.id) == []


async def test_a_change_is_a_version_and_a_mistake_is_marked_and_stays(
    clinician: httpx.AsyncClient, scene: Scene, terminology: None
) -> None:
    base = f"/api/patients/{scene.patient.id}"
    added = await clinician.post(f"{base}/problems", json={"code": "I10"})
    assert added.status_code == 201, added.text
    record = added.json()
    assert record["display"] == "Essential (primary) hypertension"
    changed = await clinician.put(
        f"{base}/problems/{record['id']}", json={"code": "I10", "active": False, "version": 1}
    )
    assert (changed.json()["version"], changed.json()["status"]) == (2, "resolved")
    stale = await clinician.put(f"{base}/problems/{record['id']}", json={"code": "I10", "version": 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "record_stale")
    path = f"{base}/records/{record['id']}/in-error"
    late = await clinician.post(path, json={"reason": "wrong patient", "version": 1})
    assert (late.status_code, late.json()["code"]) == (409, "record_stale"), (
        "a correction is not taken back unseen"
    )
    undone = await clinician.post(path, json={"reason": "wrong patient", "version": 2})
    assert undone.status_code == 200 and undone.json()["in_error"] is True
    summary = (await clinician.get(f"{base}/summary")).json()
    assert summary["problems"] == []
    history = (await clinician.get(f"{base}/records/{record['id']}/history")).json()
    assert [each["version"] for each in history] == [1, 2, 3]
    assert history[2]["reason"] == "wrong patient"


async def test_a_visit_of_another_patient_is_unknown_to_this_one(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs, system: Actor
) -> None:
    async with act_as(system) as unit:
        other = await make_patient(unit.write, family="Other")
        theirs = await admitted_visit(unit.write, other, scene.clinician)
    for visit, status in ((theirs, 422), (scene.visit, 201)):
        body = {"display": "Back pain", "visit_id": str(visit.id)}
        answer = await clinician.post(f"/api/patients/{scene.patient.id}/problems", json=body)
        assert answer.status_code == status, answer.text
        if status == 422:
            [fault] = answer.json()["fields"]
            assert (fault["path"], fault["code"]) == ("visit_id", "unknown_visit")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("problems", {"code": "ZZZ99"}, "code"),
        ("problems", {}, "display"),
        ("allergies", {"display": ""}, "display"),
        ("allergies", {"display": "x", "criticality": "enormous"}, "criticality"),
        ("medicines", {"display": "x" * 301}, "display"),
        ("vitals", {"code": "8867-4", "value": 900}, "value"),
        ("vitals", {"code": "nope", "value": 9}, "code"),
        ("vitals", {"code": "8867-4", "value": 70, "taken_at": "2999-01-01T00:00:00Z"}, "taken_at"),
        ("vitals", {"code": "8867-4", "value": 70, "taken_at": "2024-01-01T00:00:00"}, "taken_at"),
        ("problems", {"display": "x", "visit_id": str(new_id())}, "visit_id"),
    ],
)
async def test_a_wrong_entry_is_named_beside_its_field(
    clinician: httpx.AsyncClient,
    scene: Scene,
    terminology: None,
    path: str,
    body: dict[str, object],
    field: str,
) -> None:
    answer = await clinician.post(f"/api/patients/{scene.patient.id}/{path}", json=body)
    assert answer.status_code == 422
    assert field in [each["path"] for each in answer.json()["fields"]]


async def test_a_device_whose_clock_is_a_little_ahead_measures_now(
    clinician: httpx.AsyncClient, scene: Scene, terminology: None
) -> None:
    """What is measured says when, because it may wait on the device for a connection."""
    ahead = datetime.now(UTC) + timedelta(minutes=3)
    body = {"code": "8867-4", "value": 70, "taken_at": ahead.isoformat()}
    answer = await clinician.post(f"/api/patients/{scene.patient.id}/vitals", json=body)
    assert answer.status_code == 201, answer.text
    assert datetime.fromisoformat(answer.json()["effective_at"]) <= datetime.now(UTC)


async def test_what_a_patient_told_is_unconfirmed_and_not_told_twice(act_as: ActAs, scene: Scene) -> None:
    allergies = [{"name": "Penicillin", "reaction": "hives"}, {"name": " penicillin "}]
    medicines = [{"name": "Lisinopril 10 mg", "dosage": "once a day"}]
    for expected in (2, 0):
        async with act_as(scene.actor) as unit:
            written = await service.accept_patient_reported(
                unit.write, scene.patient.id, scene.visit.id, allergies, medicines
            )
            assert len(written) == expected
    async with act_as(scene.actor) as unit:
        stored = await store.list(unit.read, scene.patient.id, "AllergyIntolerance")
        assert stored[0].source == "patient"
        assert stored[0].resource["verificationStatus"]["coding"][0]["code"] == "unconfirmed"


async def test_a_resource_of_another_patient_is_not_there(act_as: ActAs, scene: Scene) -> None:
    async with act_as(scene.actor) as unit:
        other = await make_patient(unit.write, given="Other")
        record = await store.put(unit.write, other.id, allergy_intolerance.build("Dust", BY))
        with pytest.raises(NotFound):
            await store.get(unit.read, scene.patient.id, record.id)
        with pytest.raises(NotFound):
            await store.mark_in_error(unit.write, scene.patient.id, record.id, None)
        with pytest.raises(Conflict):
            await store.edit(
                unit.write, other.id, record.id, lambda current: current.resource, expected_version=9
            )


async def test_nothing_of_a_chart_exists_for_another_clinic(
    clinician: httpx.AsyncClient, stranger: httpx.AsyncClient, scene: Scene, terminology: None
) -> None:
    base = f"/api/patients/{scene.patient.id}"
    added = (await clinician.post(f"{base}/problems", json={"display": "CANARY-PROBLEM"})).json()
    for answer in (
        await stranger.get(f"{base}/summary"),
        await stranger.get(f"{base}/records/{added['id']}/history"),
        await stranger.post(f"{base}/problems", json={"display": "x"}),
        await stranger.post(f"{base}/records/{added['id']}/in-error", json={}),
        await stranger.get(f"/api/visits/{scene.visit.id}/summary"),
    ):
        assert answer.status_code == 404
        assert "CANARY" not in answer.text
    found = await stranger.post("/api/patients/search", json={"q": "Lopez"})
    assert found.json()["items"] == []


async def test_row_level_security_hides_every_table_of_the_chart(
    clinician: httpx.AsyncClient,
    scene: Scene,
    act_as: ActAs,
    stranger: httpx.AsyncClient,
    other_clinic_id: object,
    terminology: None,
) -> None:
    await clinician.post(f"/api/patients/{scene.patient.id}/problems", json={"display": "CANARY"})
    await clinician.post(f"/api/visits/{scene.visit.id}/note")
    await clinician.get(f"/api/patients/{scene.patient.id}/summary")
    for table in ("record", "record_history", "note", "note_version", "chart_summary"):
        async with act_as(scene.actor) as unit:
            assert await unit.read.scalar(text(f"SELECT count(*) FROM {table}")) > 0  # noqa: S608 - our own table names  our own names
            await unit.enter_clinic(other_clinic_id)  # type: ignore[arg-type]  # the fixture's UUID
            assert await unit.read.scalar(text(f"SELECT count(*) FROM {table}")) == 0  # noqa: S608 - our own table names


async def test_whoever_writes_a_chart_its_screens_hear_of_it_once(scene: Scene, act_as: ActAs) -> None:
    """A job writes too; and what one transaction writes is told once."""
    own = f"patient:{scene.patient.id}"
    job = system_actor(scene.patient.clinic_id)
    async with act_as(job) as unit:
        for name in ("Asthma", "Gout"):
            await store.put(unit.write, scene.patient.id, condition.build(name, BY))
    async with act_as(job) as unit:
        told = await unit.read.execute(
            text("SELECT audience, ids FROM live_event WHERE topic = 'chart.changed'")
        )
        assert [tuple(row) for row in told] == [
            (["role:clinician", own, f"{own}:record.own"], {"patient_id": str(scene.patient.id)})
        ]
