"""The chart at a glance: right after every change, audited at every look, few statements, for its own people."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from chart.domain import RecordType
from chart.record import service, store
from chart.record.building import Asserter
from chart.record.importing import import_patient
from chart.record.types import observation
from chart.summary import POINTS
from chart.terminology import loinc
from core.actor import Role
from core.services import Services
from tests.chart.conftest import Browser, Scene
from tests.chart.record.test_store import bundle
from tests.conftest import ActAs
from tests.people import make_patient, make_staff


@contextmanager
def counted(services: Services) -> Iterator[list[str]]:
    """Every statement that the application sends meanwhile."""
    statements: list[str] = []

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    event.listen(services.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(services.engine.sync_engine, "before_cursor_execute", note)


async def summary(client: httpx.AsyncClient, scene: Scene) -> dict[str, Any]:
    answer = await client.get(f"/api/patients/{scene.patient.id}/summary")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_every_change_shows_at_the_next_look(
    clinician: httpx.AsyncClient, scene: Scene, terminology: None
) -> None:
    base = f"/api/patients/{scene.patient.id}"
    assert (await summary(clinician, scene))["problems"] == []
    await clinician.post(f"{base}/problems", json={"code": "I10"})
    assert (await summary(clinician, scene))["problems"][0]["code"] == "I10"
    await clinician.post(f"{base}/allergies", json={"display": "Penicillin", "criticality": "high"})
    assert (await summary(clinician, scene))["allergies"][0]["criticality"] == "high"
    added = await clinician.post(f"{base}/medicines", json={"display": "Metformin", "dosage": "twice a day"})
    assert (await summary(clinician, scene))["medicines"][0]["dosage"] == "twice a day"
    await clinician.put(
        f"{base}/medicines/{added.json()['id']}", json={"display": "Metformin", "status": "stopped"}
    )
    assert (await summary(clinician, scene))["medicines"] == []
    assert (await summary(clinician, scene))["visits"][0]["status"] == "admitted"


async def test_that_a_patient_said_to_have_none_is_not_the_same_as_nothing_recorded(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs
) -> None:
    nobody_asked = {"allergies": None, "medicines": None}
    assert (await summary(clinician, scene))["nothing_known"] == nobody_asked
    async with act_as(scene.actor) as unit:
        (said,) = await service.accept_patient_reported(
            unit.write, scene.patient.id, scene.visit.id, [], [], none_of=[RecordType.ALLERGY]
        )
        assert said.effective_at is not None
    shown = (await summary(clinician, scene))["nothing_known"]
    assert shown["medicines"] is None
    assert datetime.fromisoformat(shown["allergies"]) == said.effective_at
    async with act_as(scene.actor) as unit:
        await store.mark_in_error(unit.write, scene.patient.id, said.id, None)
    assert (await summary(clinician, scene))["nothing_known"] == nobody_asked


async def test_a_look_is_one_round_trip_and_is_audited(
    clinician: httpx.AsyncClient, scene: Scene, services: Services, act_as: ActAs
) -> None:
    await summary(clinician, scene)
    with counted(services) as statements:
        await summary(clinician, scene)
    assert statements == [], "the read in one round trip goes past SQLAlchemy"
    async with act_as(scene.actor) as unit:
        looks = await unit.read.scalar(
            text("SELECT count(*) FROM audit_event WHERE action = 'chart.read' AND patient_id = :patient"),
            {"patient": scene.patient.id},
        )
    assert looks == 2


async def test_trends_hold_the_latest_values_newest_first(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs
) -> None:
    async with act_as(scene.actor) as unit:
        for day in range(1, POINTS + 5):
            at = unit.read.now().replace(year=2025, month=3, day=day)
            by = Asserter("clinician", scene.patient.id, scene.clinician.id, at)  # type: ignore[arg-type]  # a StrEnum's word
            await store.put(
                unit.write, scene.patient.id, observation.vital(loinc.terms()["29463-7"], 60 + day, by)
            )
    weight = (await summary(clinician, scene))["vitals"][0]
    points = weight["points"]
    assert isinstance(points, list) and len(points) == POINTS
    assert [point["value"] for point in points] == [60 + day for day in range(POINTS + 4, 4, -1)]


async def test_an_imported_chart_is_ready_for_the_screen(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs
) -> None:
    async with act_as(scene.actor) as unit:
        patient = await import_patient(unit.write, bundle("type2_diabetes"))
    body = (await clinician.get(f"/api/patients/{patient.id}/summary")).json()
    assert any(each["code"].startswith("E11") for each in body["problems"])
    assert any("metformin" in each["display"] for each in body["medicines"])
    codes = {each["code"] for each in body["vitals"]}
    assert {"8480-6", "8462-4", "8867-4", "29463-7"} <= codes, "blood pressure is told apart from its panel"
    assert "4548-4" in {each["code"] for each in body["results"]}


async def test_a_patient_sees_the_own_record_and_no_other(
    patient: httpx.AsyncClient, scene: Scene, act_as: ActAs
) -> None:
    async with act_as(scene.actor) as unit:
        other = await make_patient(unit.write, given="Other")
    own = await patient.get("/api/me/record")
    assert own.status_code == 200 and own.json()["patient"]["id"] == str(scene.patient.id)
    assert (await patient.get(f"/api/patients/{other.id}/summary")).status_code == 403


async def test_nobody_looks_without_signing_in(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/me/record")).status_code == 401
    assert (await client.post("/api/patients/search", json={})).status_code == 401


async def test_kept_bytes_are_refused_to_whoever_may_not_read_them(
    clinician: httpx.AsyncClient,
    stranger: httpx.AsyncClient,
    patient: httpx.AsyncClient,
    scene: Scene,
    browser: Browser,
    act_as: ActAs,
) -> None:
    """The read in one round trip knows no more than the ordinary one."""
    address = f"/api/patients/{scene.patient.id}/summary"
    for _ in range(2):
        assert (await clinician.get(address)).status_code == 200
    async with act_as(scene.actor) as unit:
        admin = await make_staff(unit.write, Role.ADMIN, name="Ada Min")
    assert (await (await browser(admin)).get(address)).status_code == 403
    assert (await patient.get(address)).status_code == 403
    assert (await stranger.get(address)).status_code == 404
    async with act_as(scene.actor) as unit:
        await unit.write.execute(text("UPDATE auth_session SET ended_at = now()"))
        looks = await unit.read.scalar(text("SELECT count(*) FROM audit_event WHERE action = 'chart.read'"))
    assert looks == 2
    assert (await clinician.get(address)).status_code == 401


async def test_if_the_audit_cannot_be_written_the_read_fails(
    clinician: httpx.AsyncClient, scene: Scene, owner: AsyncEngine
) -> None:
    address = f"/api/patients/{scene.patient.id}/summary"
    assert (await clinician.get(address)).status_code == 200
    refusal = f"refuse_{scene.patient.id.hex}"
    async with owner.begin() as connection:
        await connection.execute(
            text(
                f"ALTER TABLE audit_event ADD CONSTRAINT {refusal} CHECK (patient_id <> '{scene.patient.id}') NOT VALID"
            )
        )
    try:
        refused = await clinician.get(address)
    finally:
        async with owner.begin() as connection:
            await connection.execute(text(f"ALTER TABLE audit_event DROP CONSTRAINT {refusal}"))
    assert refused.status_code >= 400
    assert "Lopez" not in refused.text


async def test_a_value_that_was_imported_as_text_is_shown_as_the_number_it_is(
    clinician: httpx.AsyncClient, scene: Scene, owner: AsyncEngine
) -> None:
    added = await clinician.post(
        f"/api/patients/{scene.patient.id}/vitals", json={"code": "8867-4", "value": 70}
    )
    change = text(
        "UPDATE record SET resource = jsonb_set(resource, '{valueQuantity,value}', :to) WHERE id = :id"
    )
    for stored, values in (('"82"', [82]), ('"38.25"', [38.25]), ('"about 80"', [])):
        async with owner.begin() as connection:
            await connection.execute(change, {"to": stored, "id": added.json()["id"]})
        shown = [
            point["value"] for each in (await summary(clinician, scene))["vitals"] for point in each["points"]
        ]
        assert shown == values
