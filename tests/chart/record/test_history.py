"""What became of a record, as the care team reads it: who changed what, from what to what, and what was taken back."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text

from chart.domain import LOINC, Source
from chart.record import store
from tests.chart.conftest import Scene
from tests.chart.record.test_differences import ASTHMA
from tests.conftest import ActAs
from tests.statements import counted


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
