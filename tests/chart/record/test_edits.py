"""A change touches what was changed and nothing else: what we do not know of a resource stays."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from chart.domain import ICD10, RXNORM, Resource, Source
from chart.prescribing import recording
from chart.record import store
from chart.record.importing import IMPORTED_AS, import_bundle
from core import json
from tests.chart.conftest import Scene
from tests.conftest import ActAs

TERMS = "http://terminology.hl7.org/CodeSystem"
SNOMED = "http://snomed.info/sct"
WHY = [{"url": "http://example.org/why", "valueDecimal": 1.50}]


def coded(system: str, code: str, **more: Any) -> Resource:
    return {"coding": [{"system": system, "code": code}], **more}


COMMON: Resource = {
    "meta": {"profile": ["http://example.org/profile"], "source": "urn:elsewhere"},
    "identifier": [{"system": "urn:x", "value": "0012"}],
    "extension": WHY,
    "contained": [{"resourceType": "Practitioner", "id": "who", "name": [{"family": "Ñandú"}]}],
    "note": [{"text": "seen in March", "authorReference": {"reference": "#who"}}],
}
CONDITION: Resource = {
    **COMMON,
    "resourceType": "Condition",
    "clinicalStatus": coded(f"{TERMS}/condition-clinical", "recurrence", id="s", extension=WHY),
    "verificationStatus": coded(f"{TERMS}/condition-ver-status", "provisional"),
    "category": [coded(f"{TERMS}/condition-category", "problem-list-item"), {"text": "health concern"}],
    "severity": coded(SNOMED, "24484000"),
    "code": {
        "id": "c",
        "coding": [
            {"system": SNOMED, "code": "44054006", "display": "Diabetes mellitus type 2", "extension": WHY},
            {"system": ICD10, "code": "E11.9", "userSelected": True},
        ],
        "text": "Diabetes, type 2",
    },
    "bodySite": [{"text": "pancreas"}],
    "subject": {"reference": "Patient/x", "display": "Ana"},
    "onsetDateTime": "2024-03",
    "_onsetDateTime": {"extension": WHY},
    "recordedDate": "2024-03-05",
    "asserter": {"reference": "#who"},
    "stage": [{"summary": {"text": "early"}}],
    "evidence": [{"detail": [{"display": "HbA1c"}]}],
}
ALLERGY: Resource = {
    **COMMON,
    "resourceType": "AllergyIntolerance",
    "clinicalStatus": coded(f"{TERMS}/allergyintolerance-clinical", "active"),
    "verificationStatus": coded(f"{TERMS}/allergyintolerance-verification", "unconfirmed"),
    "type": "allergy",
    "category": ["medication", "biologic"],
    "code": {"coding": [{"system": RXNORM, "code": "7980"}, {"system": SNOMED, "code": "764146007"}]},
    "patient": {"reference": "Patient/x"},
    "onsetAge": {"value": 7.0, "unit": "a", "system": "http://unitsofmeasure.org", "code": "a"},
    "lastOccurrence": "2020",
    "reaction": [
        {
            "substance": {"text": "amoxicillin"},
            "manifestation": [{"text": "hives", "coding": [{"system": SNOMED, "code": "247472004"}]}],
            "severity": "mild",
            "onset": "2019-05",
            "_onset": {"extension": WHY},
        },
        {"manifestation": [{"text": "cough"}], "description": "later"},
    ],
}
STATEMENT: Resource = {
    **COMMON,
    "resourceType": "MedicationStatement",
    "status": "active",
    "_status": {"extension": WHY},
    "medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": "6809"}], "text": "Metformin"},
    "subject": {"reference": "Patient/x"},
    "effectiveDateTime": "2023-11",
    "dateAsserted": "2024-01-01",
    "informationSource": {"display": "his wife"},
    "reasonCode": [{"text": "sugar"}],
    "dosage": [
        {
            "text": "twice a day",
            "route": {"text": "oral"},
            "doseAndRate": [{"doseQuantity": {"value": 1.50, "unit": "tablet"}}],
        },
        {"text": "and at night"},
    ],
}
REQUEST: Resource = {
    **COMMON,
    "resourceType": "MedicationRequest",
    "status": "active",
    "intent": "order",
    "medicationCodeableConcept": {"text": "Lisinopril"},
    "subject": {"reference": "Patient/x"},
    "dosageInstruction": [
        {
            "text": "one a day",
            "timing": {
                "repeat": {"frequency": 1, "period": 1.0, "periodUnit": "d", "boundsDuration": {"value": 9}}
            },
        }
    ],
    "groupIdentifier": {"value": "G"},
}
ROUTES = {
    "Condition": "problems",
    "AllergyIntolerance": "allergies",
    "MedicationStatement": "medicines",
    "MedicationRequest": "medicines",
}


def read(resource: Resource) -> Resource:
    """As JSON reads it, so that numbers compare by their digits."""
    found: Resource = json.decode(json.encode(resource))
    return found


def differences(before: Any, after: Any, path: str = "") -> dict[str, Any]:
    """Path -> the new value (None where it is gone) of all that changed, `meta`'s version and time aside."""
    if isinstance(before, dict) and isinstance(after, dict):
        found: dict[str, Any] = {}
        for name in [*before, *(each for each in after if each not in before)]:
            found |= differences(before.get(name), after.get(name), f"{path}.{name}".lstrip("."))
        return found
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        found = {}
        for place, (one, other) in enumerate(zip(before, after, strict=True)):
            found |= differences(one, other, f"{path}.{place}")
        return found
    same = json.canonical(before) == json.canonical(after)
    return {} if same or path in ("meta.versionId", "meta.lastUpdated") else {path: after}


RESOLVED = {
    "clinicalStatus.coding.0.code": "resolved",
    "clinicalStatus.coding.0.display": "Resolved",
    "clinicalStatus.text": "Resolved",
}
NOW: Any = ...
CHANGES: list[tuple[Resource, dict[str, Any], Mapping[str, Any]]] = [
    # What a page of an earlier release sends: everything that it shows.
    (CONDITION, {"code": "44054006", "display": "Diabetes, type 2", "active": True}, {}),
    (CONDITION, {"code": "E11.9"}, {}),
    (CONDITION, {}, {}),
    (CONDITION, {"active": False}, RESOLVED),
    (CONDITION, {"display": "Sugar"}, {"code.text": "Sugar"}),
    (CONDITION, {"onset": "2024-03-01"}, {}),
    (CONDITION, {"onset": "2023-01-02"}, {"onsetDateTime": "2023-01-02"}),
    (CONDITION, {"onset": None}, {"onsetDateTime": None, "_onsetDateTime": None}),
    (
        {**CONDITION, "onsetDateTime": None, "onsetAge": {"value": 7.0}, "_onsetDateTime": None},
        {"onset": "2023-01-02"},
        {"onsetDateTime": "2023-01-02", "onsetAge": None},
    ),
    (
        {
            **CONDITION,
            "clinicalStatus": coded(f"{TERMS}/condition-clinical", "remission"),
            "abatementString": "x",
        },
        {"active": True},
        {
            "clinicalStatus.coding.0.code": "active",
            "clinicalStatus.coding.0.display": "Active",
            "clinicalStatus.text": "Active",
            "abatementString": None,
        },
    ),
    (
        CONDITION,
        {"code": "I10"},
        {
            "code.coding": [{"system": ICD10, "code": "I10", "display": "Essential (primary) hypertension"}],
            "code.text": "Essential (primary) hypertension",
        },
    ),
    (
        {**CONDITION, "code": coded(SNOMED, "38341003", text="High blood pressure")},
        {"code": "I10", "display": "High blood pressure"},
        {
            "code.coding": [
                {"system": ICD10, "code": "I10", "display": "Essential (primary) hypertension"},
                {"system": SNOMED, "code": "38341003"},
            ]
        },
    ),
    (ALLERGY, {"display": "Penicillin"}, {"code.text": "Penicillin"}),
    (
        ALLERGY,
        {
            "code": "7980",
            "reaction": "hives",
            "severity": "mild",
            "criticality": "unable-to-assess",
            "active": True,
        },
        {},
    ),
    (ALLERGY, {"severity": "severe"}, {"reaction.0.severity": "severe"}),
    (ALLERGY, {"criticality": "high"}, {"criticality": "high"}),
    (ALLERGY, {"category": "food"}, {"category.0": "food"}),
    (
        ALLERGY,
        {"reaction": "swollen lips"},
        {"reaction.0.manifestation.0.text": "swollen lips", "reaction.0.manifestation.0.coding": None},
    ),
    (ALLERGY, {"reaction": None}, {"reaction": [read(ALLERGY)["reaction"][1]]}),
    (ALLERGY, {"active": False}, RESOLVED),
    (STATEMENT, {"display": "Metformin", "code": "6809", "dosage": "twice a day", "status": "active"}, {}),
    (STATEMENT, {"status": "on-hold"}, {"status": "on-hold"}),
    (
        STATEMENT,
        {"status": "stopped"},
        {"status": "stopped", "effectiveDateTime": None, "effectivePeriod": {"start": "2023-11", "end": NOW}},
    ),
    (STATEMENT, {"dosage": "once a day"}, {"dosage.0.text": "once a day", "dosage.0.doseAndRate": None}),
    (
        {**STATEMENT, "effectiveDateTime": None, "status": "stopped"}
        | {"effectivePeriod": {"start": "2020", "end": "2021", "_end": {"extension": WHY}}},
        {"status": "active"},
        {"status": "active", "effectivePeriod.end": None, "effectivePeriod._end": None},
    ),
    (REQUEST, {"status": "on-hold"}, {"status": "on-hold"}),
    (
        REQUEST,
        {"status": "stopped", "display": "what else is said of it does not count"},
        {
            "status": "stopped",
            "dosageInstruction.0.timing.repeat.boundsDuration": None,
            "dosageInstruction.0.timing.repeat.boundsPeriod": {"end": NOW},
        },
    ),
]


async def stored(act_as: ActAs, scene: Scene, resource: Resource, source: Source = Source.IMPORT) -> Resource:
    given = read({key: value for key, value in resource.items() if value is not None})
    async with act_as(scene.actor) as unit:
        record = await store.put(unit.write, scene.patient.id, given, source=source)
    return record.resource


async def test_a_change_edits_the_stored_resource_and_only_what_was_changed(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs, terminology: None
) -> None:
    for resource, body, expected in CHANGES:
        before = await stored(act_as, scene, resource)
        path = f"/api/patients/{scene.patient.id}/{ROUTES[resource['resourceType']]}/{before['id']}"
        answer = await clinician.put(path, json={**body, "version": 1})
        assert answer.status_code == 200, answer.text
        after = json.decode(answer.content)["resource"]
        changed = differences(before, after)
        for where, value in expected.items():
            if isinstance(value, dict) and value.get("end") is NOW:
                assert changed[where].pop("end") > "2026"
                assert changed.pop(where) == {k: v for k, v in value.items() if k != "end"}
            else:
                assert changed.pop(where, "unchanged") == value, (body, where)
        assert changed == {}, body


@pytest.mark.parametrize("resource", [CONDITION, ALLERGY, STATEMENT, REQUEST])
async def test_a_mistake_is_marked_and_keeps_all_that_it_said(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs, resource: Resource
) -> None:
    before = await stored(act_as, scene, resource)
    answer = await clinician.post(
        f"/api/patients/{scene.patient.id}/records/{before['id']}/in-error", json={"reason": "x"}
    )
    changed = differences(before, json.decode(answer.content)["resource"])
    if "verificationStatus" in resource:
        assert changed.pop("clinicalStatus") is None
        assert {path.split(".")[0] for path in changed} == {"verificationStatus"}
    else:
        assert changed == {"status": "entered-in-error"}


async def test_what_a_patient_told_is_confirmed_by_a_clinician(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs
) -> None:
    before = await stored(act_as, scene, ALLERGY, Source.PATIENT)
    path = f"/api/patients/{scene.patient.id}/allergies/{before['id']}"
    answer = json.decode((await clinician.put(path, json={"version": 1})).content)
    changed = differences(before, answer["resource"])
    assert changed.pop("asserter") == {"reference": f"Practitioner/{scene.clinician.id}"}
    assert changed.pop("verificationStatus.coding.0.code") == "confirmed"
    assert {path.split(".")[0] for path in changed} == {"verificationStatus"}
    assert answer["source"] == "clinician"


async def test_a_record_is_changed_only_as_what_it_is(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs
) -> None:
    before = await stored(act_as, scene, ALLERGY)
    for route in ("problems", "medicines"):
        path = f"/api/patients/{scene.patient.id}/{route}/{before['id']}"
        answer = await clinician.put(path, json={"display": "x", "version": 1})
        assert answer.status_code == 422 and answer.json()["fields"][0]["code"] == "cannot_change"


async def test_a_code_that_does_not_exist_changes_nothing(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs, terminology: None
) -> None:
    before = await stored(act_as, scene, CONDITION)
    path = f"/api/patients/{scene.patient.id}/problems/{before['id']}"
    answer = await clinician.put(path, json={"code": "ZZZ99", "display": "x", "version": 1})
    assert (answer.status_code, answer.json()["fields"][0]["path"]) == (422, "code")


async def test_an_imported_none_known_and_a_reference_that_leads_outside_lose_nothing(
    scene: Scene, act_as: ActAs
) -> None:
    none = {**ALLERGY, "code": {"text": "No known allergies"}, "recorder": {"reference": "urn:uuid:dr"}}
    made = {"entry": [{"fullUrl": "urn:uuid:a", "resource": read(none)}]}
    async with act_as(scene.actor) as unit:
        await import_bundle(unit.write, scene.patient, made)
        [record] = await store.list(unit.read, scene.patient.id)
    kept = record.resource
    assert record.resource_type == "List"
    [link] = [each for each in kept["extension"] if each["url"] == IMPORTED_AS]
    [practitioner, entry] = kept["contained"]
    assert link["valueReference"] == {"reference": f"#{entry['id']}"}
    assert practitioner == read(COMMON)["contained"][0]
    outside = {"identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:uuid:dr"}}
    expected = (
        read(none) | {"id": entry["id"]} | {"recorder": {"display": "outside of this record", **outside}}
    )
    assert differences({k: v for k, v in expected.items() if k != "contained"}, entry) == {}


async def test_a_pharmacy_s_answer_keeps_what_others_added_to_the_prescription(
    scene: Scene, act_as: ActAs
) -> None:
    """Only what a prescription decides is written again (`recording.as_it_stands`)."""
    built = {**REQUEST, "status": "on-hold", "note": [{"text": "by the clinic"}]}
    before = await stored(act_as, scene, {**REQUEST, "reasonCode": [{"text": "pressure"}]})
    async with act_as(scene.actor) as unit:
        record = await store.get(unit.read, scene.patient.id, before["id"])
    after = recording.as_it_stands(
        record, {k: built[k] for k in ("resourceType", "status", "intent", "note")}
    )
    assert (after["status"], after["note"]) == ("on-hold", [{"text": "by the clinic"}])
    for part in ("reasonCode", "groupIdentifier", "extension", "contained"):
        assert after[part] == before[part]
