"""The chart's screens and a search of the record find the same, of a large import and of what is coded otherwise."""

from typing import Any

import httpx
import pytest

from chart.domain import LOINC, Resource, Source
from chart.record import store
from chart.record.importing import import_patient
from chart.record.search.params import Coded, Param, Token
from chart.record.search.repository import MAX_RESULTS, search
from chart.record.sections.service import sections
from core.database.session import ReadSession
from identity.models import Patient
from tests.chart.conftest import Scene
from tests.chart.record.test_store import bundle
from tests.conftest import ActAs

CATEGORY = "http://terminology.hl7.org/CodeSystem/condition-category"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
ON_LIST = Token("category", (Coded("problem-list-item"),))
NOT_RESOLVED = Token("clinical-status", (Coded("resolved"),), but_not=True)
TAKEN = Token("status", tuple(Coded(each) for each in ("active", "on-hold", "intended")))
# What each part of the summary lists, as a search asks for it.
PARTS: dict[str, list[tuple[str, list[Param]]]] = {
    "problems": [("Condition", [ON_LIST])],
    "allergies": [("AllergyIntolerance", [NOT_RESOLVED])],
    "medicines": [("MedicationStatement", [TAKEN]), ("MedicationRequest", [TAKEN])],
}


def problem(name: str, *categories: str) -> Resource:
    return {
        "resourceType": "Condition",
        "subject": {"reference": "Patient/x"},
        "clinicalStatus": {"coding": [{"system": CLINICAL, "code": "active"}]},
        "category": [{"coding": [{"system": CATEGORY, "code": each}]} for each in categories],
        "code": {"text": name},
    }


PULSE: Resource = {
    "resourceType": "Observation",
    "status": "final",
    "subject": {"reference": "Patient/x"},
    "code": {"coding": [{"code": "local"}, {"system": LOINC, "code": "8867-4"}]},
    "effectiveDateTime": "2026-03-01",
    "valueQuantity": {"value": 71, "unit": "/min"},
}


@pytest.fixture
async def chart(act_as: ActAs, scene: Scene) -> Patient:
    """An imported chart, and conditions that are in two categories, in one, in none."""
    async with act_as(scene.actor) as unit:
        patient = await import_patient(unit.write, bundle("type2_diabetes"))
        for each in (
            problem("Found in a visit, then listed", "encounter-diagnosis", "problem-list-item"),
            problem("Found in a visit", "encounter-diagnosis"),
            problem("Of no category"),
        ):
            await store.put(unit.write, patient.id, each, source=Source.IMPORT)
        await store.put(unit.write, patient.id, PULSE, source=Source.IMPORT)
    return patient


async def found(read: ReadSession, patient: Patient, asked: list[tuple[str, list[Param]]]) -> set[str]:
    ids: set[str] = set()
    for kind, params in asked:
        result = await search(read, kind, params, patient_id=patient.id, limit=MAX_RESULTS)
        ids |= {str(each.id) for each in result.records}
    return ids


@pytest.mark.parametrize("part", sorted(PARTS))
async def test_the_summary_lists_what_a_search_finds(
    act_as: ActAs, clinician: httpx.AsyncClient, scene: Scene, chart: Patient, part: str
) -> None:
    shown: Any = (await clinician.get(f"/api/patients/{chart.id}/summary")).json()
    async with act_as(scene.actor) as unit:
        expected = await found(unit.read, chart, PARTS[part])
    assert expected or part != "problems"
    assert {each["id"] for each in shown[part]} == expected


async def test_sections_and_measurements_list_what_a_search_finds(
    act_as: ActAs, clinician: httpx.AsyncClient, scene: Scene, chart: Patient
) -> None:
    base = f"/api/patients/{chart.id}"
    shown = (await clinician.get(f"{base}/sections")).json()
    trends = (await clinician.get(f"{base}/summary")).json()
    async with act_as(scene.actor) as unit:
        for section in shown:
            assert {each["id"] for each in section["items"]} == await found(
                unit.read, chart, [(section["type"], [])]
            )
        for trend in [*trends["vitals"], *trends["results"]]:
            lines = (await clinician.get(f"{base}/measurements/{trend['code']}")).json()["items"]
            by_code = Token("combo-code", (Coded(trend["code"], LOINC),))
            assert {each["id"] for each in lines} == await found(
                unit.read, chart, [("Observation", [by_code])]
            )
            assert [each["typed"] for each in lines[: len(trend["points"])]] == [
                each["typed"] for each in trend["points"]
            ]
    assert {each["type"] for each in shown} == set(sections())
    assert "8867-4" in {each["code"] for each in trends["vitals"]}
