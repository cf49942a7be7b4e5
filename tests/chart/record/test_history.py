"""What became of a record, as the care team reads it: who changed what, from what to what, and what was taken back."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from chart.domain import ICD10, LOINC, Resource, Source, as_written
from chart.record import store
from chart.record.building import Asserter
from chart.record.history.domain import Difference, Path, differences, same
from chart.record.registry import SPECS
from chart.record.sections.domain import Field
from chart.record.spec import ResourceSpec
from core.ids import new_id
from tests.chart.conftest import Scene
from tests.chart.record.fhir_resources import resources
from tests.conftest import ActAs
from tests.statements import counted

OURS = (("meta", "versionId"), ("meta", "lastUpdated"))
ASTHMA: Resource = {
    "resourceType": "Condition",
    "subject": {"reference": "Patient/x"},
    "clinicalStatus": {
        "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]
    },
    "code": {"text": "Asthma", "coding": [{"system": ICD10, "code": "J45.909"}]},
    "onsetDateTime": "2019-03",
}


def test_only_what_is_a_date_is_read_as_one() -> None:
    for said, is_date in (("2024-02-29", True), ("2024-99-99", False), ("2024-13", False), ("2024", True)):
        [found] = differences(ASTHMA, {**ASTHMA, "onsetString": said}, {})
        assert found.after
        assert found.after.is_date == is_date, said


def told(found: list[Difference]) -> dict[str, tuple[str | None, str | None]]:
    return {
        each.label.en: (
            each.before.words.en if each.before else None,
            each.after.words.en if each.after else None,
        )
        for each in found
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"onsetDateTime": "2020"}, {"Since": ("2019-03", "2020")}),
        (
            {"code": {"text": "Asthma", "coding": [{"system": ICD10, "code": "J45.20"}]}},
            {"What it is": ("Asthma (ICD-10-CM J45.909)", "Asthma (ICD-10-CM J45.20)")},
        ),
        (
            {
                "clinicalStatus": {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/condition-clinical",
                            "code": "resolved",
                        }
                    ]
                }
            },
            {"State": ("Active", "Resolved")},
        ),
        ({"note": [{"text": "At night"}]}, {"Note": (None, "At night")}),
        (
            {"extension": [{"url": "http://x.org/a", "valueDecimal": Decimal("1.10")}]},
            {"extension[0].url": (None, "http://x.org/a"), "extension[0].valueDecimal": (None, "1.10")},
        ),
        ({"onsetString": "2024-99-99"}, {"When it began": (None, "2024-99-99")}),
        ({"asserter": {"reference": "Practitioner/7"}}, {"Told by": (None, "Dr. Seven")}),
        (
            {"onsetDateTime": None, "onsetAge": {"value": Decimal("5.0"), "unit": "years", "code": "a"}},
            {"Since": ("2019-03", None), "Age when it began": (None, "5.0 years")},
        ),
    ],
)
def test_a_difference_says_old_beside_new(change: Resource, expected: dict[str, Any]) -> None:
    after = {key: value for key, value in {**ASTHMA, **change}.items() if value is not None}
    assert told(differences(ASTHMA, after, {"Practitioner/7": as_written("Dr. Seven")})) == expected


def test_a_part_that_is_called_as_a_references_are_is_told_by_its_own_parts() -> None:
    plan: Resource = {
        "resourceType": "CarePlan",
        "activity": [{"reference": {"display": "The plan of the clinic"}}, {"reference": {"id": "empty"}}],
        "contributor": [{"type": {"text": "A nurse"}}],
    }
    assert told(differences(None, plan, {})) == {
        "Activity · Reference": (None, "The plan of the clinic"),
        "activity[1].reference.id": (None, "empty"),
        "contributor[0].type": (None, "A nurse"),
    }


def test_the_first_version_tells_all_that_it_says_and_nothing_of_ours() -> None:
    assert told(differences(None, ASTHMA, {})) == {
        "State": (None, "Active"),
        "What it is": (None, "Asthma (ICD-10-CM J45.909)"),
        "Since": (None, "2019-03"),
    }


def test_what_moves_in_a_list_is_found_where_it_is() -> None:
    before = {**ASTHMA, "note": [{"text": each} for each in ("one", "two", "three")]}
    after = {**ASTHMA, "note": [{"text": each} for each in ("one", "three")]}
    assert told(differences(before, after, {})) == {"Note 2": ("two", None)}


@given(resources(), st.data())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_nothing_that_differs_is_left_out(resource: Resource, data: st.DataObject) -> None:
    """Of any valid resource one value is changed, wherever it stands: a difference says so, and no version has none."""
    assert differences(resource, resource, {}) == []
    changed, path = _with_one_other(resource, data)
    if path and path[0] not in ("resourceType", "id") and path[:2] not in OURS:
        found = differences(resource, changed, {})
        whose = path[0] in ("subject", "patient", "beneficiary") and path[1:] == ("reference",)
        assert bool(found) != whose, path
        assert all(each.before != each.after for each in found)


def _with_one_other(node: Any, data: st.DataObject, path: Path = ()) -> tuple[Any, Path]:
    """The same with one leaf that says another thing, and where."""
    if isinstance(node, dict) and node:
        key = data.draw(st.sampled_from(sorted(node)))
        inner, where = _with_one_other(node[key], data, (*path, key))
        return {**node, key: inner}, where
    if isinstance(node, list) and node:
        at = data.draw(st.integers(0, len(node) - 1))
        inner, where = _with_one_other(node[at], data, (*path, at))
        return [*node[:at], inner, *node[at + 1 :]], where
    other = data.draw(st.sampled_from(["changed", "1999", Decimal("7.70"), True]))
    return other, () if same(node, other) else path


_FIELDS = [(spec, field) for spec in SPECS.values() if spec.section for field in spec.section.fields]


@pytest.mark.parametrize(
    ("spec", "field"), _FIELDS, ids=[f"{spec.type}-{field.name}" for spec, field in _FIELDS]
)
def test_a_change_of_a_field_is_told_by_the_fields_own_words(spec: ResourceSpec, field: Field) -> None:
    assert spec.section
    by = Asserter(Source.CLINICIAN, new_id(), new_id(), datetime(2026, 11, 27, tzinfo=UTC))
    before = spec.section.new(by)
    choices = [each for each in field.choices or () if each != field.at.read(before)]
    value = choices[0] if choices else "2020-02-02" if field.kind == "date" else "Another"
    found = differences(before, field.at.write(before, value), {})
    assert field.label in [each.label for each in found if each.known]
    assert all(each.known for each in found)


async def add_problem(clinician: httpx.AsyncClient, scene: Scene, name: str) -> dict[str, Any]:
    added = await clinician.post(f"/api/patients/{scene.patient.id}/problems", json={"display": name})
    assert added.status_code == 201, added.text
    found: dict[str, Any] = added.json()
    return found


async def test_who_changed_what_and_when_is_on_record_and_its_reading_too(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs
) -> None:
    base = f"/api/patients/{scene.patient.id}"
    record = await add_problem(clinician, scene, "Asthma")
    await clinician.put(f"{base}/problems/{record['id']}", json={"onset": "2019-03-02", "version": 1})
    await clinician.post(f"{base}/records/{record['id']}/in-error", json={"reason": "Another patient's"})
    versions = (await clinician.get(f"{base}/records/{record['id']}/history")).json()
    assert [(each["author"], each["source"], each["reason"], each["in_error"]) for each in versions] == [
        (scene.clinician.name, "clinician", None, False),
        (scene.clinician.name, "clinician", None, False),
        (scene.clinician.name, "clinician", "Another patient's", True),
    ]
    assert _rows(versions[1]) == [("Since", None, "2019-03-02")]
    assert ("How certain", "Confirmed", "Entered in error") in _rows(versions[2])
    assert ("Told by", None, scene.clinician.name) in _rows(versions[0])
    async with act_as(scene.actor) as unit:
        looked = text("SELECT count(*) FROM audit_event WHERE action = 'chart.read' AND entity_id = :id")
        assert await unit.read.scalar(looked, {"id": UUID(record["id"])}) == 1


def _rows(version: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    return [
        (
            each["label"]["en"],
            each["before"] and each["before"]["words"]["en"],
            each["after"] and each["after"]["words"]["en"],
        )
        for each in version["changes"]
    ]


async def test_what_was_taken_back_is_listed_with_its_reason_and_stands_again(
    clinician: httpx.AsyncClient, scene: Scene
) -> None:
    base = f"/api/patients/{scene.patient.id}"
    record = await add_problem(clinician, scene, "Asthma")
    in_error = await clinician.post(f"{base}/records/{record['id']}/in-error", json={"reason": "Wrong chart"})
    version = in_error.json()["version"]
    [line] = (await clinician.get(f"{base}/records/in-error")).json()["items"]
    assert (line["id"], line["name"], line["reason"], line["author"], line["kind"]["es"]) == (
        record["id"],
        "Asthma",
        "Wrong chart",
        scene.clinician.name,
        "Problema",
    )
    changed = await clinician.put(f"{base}/problems/{record['id']}", json={"active": False})
    assert (changed.status_code, changed.json()["code"]) == (409, "record_in_error")
    path = f"{base}/records/{record['id']}/in-error/undo"
    assert (await clinician.post(path, json={"version": version - 1})).json()["code"] == "record_stale"
    assert (await clinician.post(path, json={}, headers={"If-Match": '"1"'})).status_code == 412
    for _ in range(2):
        undone = await clinician.post(path, json={"version": version})
        assert undone.json()["in_error"] is False, undone.text
    bare = {"id", "meta"}
    assert {k: v for k, v in undone.json()["resource"].items() if k not in bare} == {
        k: v for k, v in record["resource"].items() if k not in bare
    }
    assert undone.headers["etag"] == f'"{version + 1}"'
    assert (await clinician.get(f"{base}/records/in-error")).json()["items"] == []


async def test_what_a_patient_said_is_theirs_after_the_undo(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs
) -> None:
    async with act_as(scene.actor) as unit:
        record = await store.put(unit.write, scene.patient.id, ASTHMA, source=Source.PATIENT)
    path = f"/api/patients/{scene.patient.id}/records/{record.id}/in-error"
    await clinician.post(path, json={"reason": "Wrong chart"})
    undone = await clinician.post(f"{path}/undo", json={"version": 2})
    assert undone.json()["source"] == "patient", undone.text


async def test_what_came_as_an_error_was_never_right(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs
) -> None:
    wrong = {
        "resourceType": "Procedure",
        "status": "entered-in-error",
        "subject": {"reference": "Patient/x"},
        "code": {"text": "Appendectomy"},
    }
    async with act_as(scene.actor) as unit:
        record = await store.put(unit.write, scene.patient.id, wrong, source=Source.IMPORT)
    path = f"/api/patients/{scene.patient.id}/records/{record.id}/in-error/undo"
    answer = await clinician.post(path, json={})
    assert (answer.status_code, answer.json()["code"]) == (409, "never_right")


async def test_every_value_of_a_measurement_is_listed_and_can_be_taken_back(
    clinician: httpx.AsyncClient, scene: Scene
) -> None:
    base = f"/api/patients/{scene.patient.id}"
    for taken_at, value in (("2024-05-01T10:00:00Z", 71), ("2024-06-01T10:00:00Z", 170)):
        body = {"code": "8867-4", "value": value, "taken_at": taken_at}
        assert (await clinician.post(f"{base}/vitals", json=body)).status_code == 201
    await clinician.post(f"{base}/vitals", json={"code": "9279-1", "value": 16})
    lines = (await clinician.get(f"{base}/measurements/8867-4")).json()["items"]
    assert [(each["typed"], each["unit"], each["at"][:10]) for each in lines] == [
        ("170", "/min", "2024-06-01"),
        ("71", "/min", "2024-05-01"),
    ]
    await clinician.post(f"{base}/records/{lines[0]['id']}/in-error", json={"reason": "A typing mistake"})
    lines = (await clinician.get(f"{base}/measurements/8867-4")).json()["items"]
    assert [each["typed"] for each in lines] == ["71"]
    assert (await clinician.get(f"{base}/measurements/no-such")).json() == {"items": [], "more": False}


async def test_the_halves_of_a_blood_pressure_are_values_too(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs
) -> None:
    halves = (("8480-6", Decimal("128.0")), ("8462-4", 81))
    pressure = {
        "resourceType": "Observation",
        "status": "final",
        "subject": {"reference": "Patient/x"},
        "code": {"coding": [{"system": LOINC, "code": "85354-9"}]},
        "effectiveDateTime": "2024-05-01T10:00:00Z",
        "component": [
            {
                "code": {"coding": [{"system": LOINC, "code": code}]},
                "valueQuantity": {"value": value, "code": "mm[Hg]"},
            }
            for code, value in halves
        ],
    }
    async with act_as(scene.actor) as unit:
        await store.put(unit.write, scene.patient.id, pressure, source=Source.IMPORT)
    for code, value in halves:
        [line] = (await clinician.get(f"/api/patients/{scene.patient.id}/measurements/{code}")).json()[
            "items"
        ]
        assert (line["typed"], line["unit"], line["source"]) == (str(value), "mm[Hg]", "import")


async def test_a_long_history_costs_no_more_statements(
    clinician: httpx.AsyncClient, scene: Scene, services: Any
) -> None:
    base = f"/api/patients/{scene.patient.id}"
    record = await add_problem(clinician, scene, "Asthma")
    sent_by: list[int] = []
    for active in (False, True, False):
        await clinician.put(f"{base}/problems/{record['id']}", json={"active": active})
        with counted(services) as sent:
            await clinician.get(f"{base}/records/{record['id']}/history")
        sent_by.append(len(sent))
    assert len(set(sent_by)) == 1


@pytest.mark.parametrize("path", ["records/{id}/history", "records/in-error", "measurements/8867-4"])
async def test_neither_another_clinic_nor_the_patient_has_this_view(
    clinician: httpx.AsyncClient,
    patient: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    scene: Scene,
    path: str,
) -> None:
    record = await add_problem(clinician, scene, "CANARY")
    asked = f"/api/patients/{scene.patient.id}/{path.format(id=record['id'])}"
    assert "CANARY" not in (await stranger.get(asked)).text
    assert (await stranger.get(asked)).status_code == 404
    assert (await patient.get(asked)).status_code == 403
