"""'None', 'NKDA' and '-' mean that there are none, not that nobody asked; the same thing thrice is one."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from chart.record import service
from chart.record.importing import import_bundle
from identity.models import Patient
from tests.chart.conftest import Scene
from tests.conftest import ActAs

Json = dict[str, Any]


async def summary(client: httpx.AsyncClient, scene: Scene) -> Json:
    found: Json = (await client.get(f"/api/patients/{scene.patient.id}/summary")).json()
    return found


async def tell(act_as: ActAs, scene: Scene, allergies: list[Json], medicines: list[Json]) -> list[str | None]:
    async with act_as(scene.actor) as unit:
        said = await service.accept_patient_reported(
            unit.write, scene.patient.id, scene.visit.id, allergies, medicines
        )
        return [record.display for record in said]


async def test_what_a_patient_says_three_times_is_one_and_none_is_none(scene: Scene, act_as: ActAs) -> None:
    told = ["Penicillin", "PCN", "penicilina", "NKDA", "-", "Tylenol #3", "tylenol no. 3", "a tea", "A  Tea"]
    names = [{"name": name} for name in told]
    assert await tell(act_as, scene, names, []) == ["Penicillin", "Tylenol #3", "a tea"]
    assert await tell(act_as, scene, names, []) == []
    worse = [{"name": "penicillin", "reaction": "anaphylaxis"}]
    assert await tell(act_as, scene, worse, []) == ["penicillin"], "a reaction that nobody knew is news"
    taken = [
        {"name": "lisinopril 10 mg"},
        {"name": "Lisinopril 10mg daily"},
        {"name": "lisinopril 20 mg"},
        {"name": "none"},
    ]
    assert await tell(act_as, scene, [], taken) == ["lisinopril 10 mg", "lisinopril 20 mg"]


async def test_what_was_stopped_can_be_told_anew(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs
) -> None:
    base = f"/api/patients/{scene.patient.id}/medicines"
    added = (await clinician.post(base, json={"display": "Warfarin 5 mg"})).json()
    await clinician.put(f"{base}/{added['id']}", json={"display": "Warfarin 5 mg", "status": "stopped"})
    assert await tell(act_as, scene, [], [{"name": "warfarin 5 mg"}]) == ["warfarin 5 mg"]


@pytest.mark.parametrize("words", ["NKDA", "None", "Ninguna", "-", "No known allergies"])
async def test_a_clinician_enters_that_there_are_none(
    clinician: httpx.AsyncClient, scene: Scene, words: str
) -> None:
    base = f"/api/patients/{scene.patient.id}"
    for kind in ("allergies", "medicines"):
        assert (await summary(clinician, scene))["nothing_known"][kind] is None
        assert (await clinician.post(f"{base}/{kind}", json={"display": words})).status_code == 201
        shown = await summary(clinician, scene)
        assert shown[kind] == [] and shown["nothing_known"][kind]


async def test_none_beside_others_and_the_same_again_are_refused(
    clinician: httpx.AsyncClient, scene: Scene
) -> None:
    path = f"/api/patients/{scene.patient.id}/allergies"
    await clinician.post(path, json={"display": "Penicillin"})
    for words, code in (("NKDA", "contradiction"), ("PCN", "duplicate"), ("penicilina", "duplicate")):
        refused = await clinician.post(path, json={"display": words})
        assert refused.json()["fields"] == [{"path": "display", "code": code}], words


async def test_an_import_that_knows_of_none_says_so(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs
) -> None:
    allergy = {
        "resourceType": "AllergyIntolerance",
        "patient": {"reference": "Patient/x"},
        "code": {
            "coding": [
                {"system": "http://snomed.info/sct", "code": "716186003", "display": "No known allergy"}
            ]
        },
        "recordedDate": "2024-05-01",
    }
    taken = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "subject": {"reference": "Patient/x"},
        "medicationCodeableConcept": {"text": "None"},
    }
    async with act_as(scene.actor) as unit:
        patient = (await unit.read.scalars(select(Patient).where(Patient.id == scene.patient.id))).one()
        await import_bundle(unit.write, patient, {"entry": [{"resource": allergy}, {"resource": taken}]})
    shown = await summary(clinician, scene)
    assert (shown["allergies"], shown["medicines"]) == ([], [])
    assert (
        shown["nothing_known"]["allergies"].startswith("2024-05-01") and shown["nothing_known"]["medicines"]
    )
