"""Signing: once, just what was shown, and never changed afterwards (cases 23 and 24)."""

import asyncio
import hashlib
import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from chart.aftervisit import service as aftervisit
from chart.aftervisit import words
from chart.notes.models import Note
from core.files.models import File
from core.files.sweeping import sweep
from core.ids import new_id
from core.services import Services
from tests.chart.conftest import Scene
from tests.chart.notes.test_notes import opened, save
from tests.conftest import ActAs, Deliver
from tests.notices import notices_of

CONTENT: dict[str, Any] = {
    "subjective": "Burning",
    "assessment": "Cystitis",
    "plan": "Drink water",
    "diagnoses": [{"code": "N39.0", "display": "x", "add_to_problems": True}],
    "vitals": [{"code": "8310-5", "value": 37.2, "unit": "Cel"}],
    "plan_items": [
        {"id": str(new_id()), "kind": "call", "title": "Call to see how you feel", "due_in_days": 3},
        {"id": str(new_id()), "kind": "lab", "title": "Urine culture"},
    ],
}


async def ready(client: httpx.AsyncClient, scene: Scene) -> tuple[str, dict[str, Any]]:
    """A note written and made ready: its id, and what is shown for signing."""
    note = await opened(client, scene)
    saved = await save(client, note["id"], 1, **CONTENT)
    assert saved.status_code == 200, saved.text
    answer = await client.post(f"/api/notes/{note['id']}/ready", json={"version": saved.json()["version"]})
    assert answer.status_code == 200, answer.text
    return str(note["id"]), answer.json()


async def test_the_bytes_signed_are_the_bytes_shown(
    terminology: None, clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs
) -> None:
    note_id, shown = await ready(clinician, scene)
    assert hashlib.sha256(shown["document"].encode()).hexdigest() == shown["sha256"]
    document = json.loads(shown["document"])
    assert document["content"]["plan"] == "Drink water"
    assert document["patient"]["name"] == "Maria Lopez"
    signed = await clinician.post(f"/api/notes/{note_id}/sign", json={"sha256": shown["sha256"]})
    assert signed.status_code == 200, signed.text
    async with act_as(scene.actor) as unit:
        note: Note = (await unit.read.scalars(select(Note))).one()
        assert note.document == shown["document"].encode()


async def test_an_edit_after_ready_to_sign_takes_readiness_away(
    terminology: None, clinician: httpx.AsyncClient, scene: Scene
) -> None:
    note_id, shown = await ready(clinician, scene)
    edited = await save(clinician, note_id, shown["version"], **{**CONTENT, "plan": "Something else"})
    assert edited.json()["status"] == "draft"
    refused = await clinician.post(f"/api/notes/{note_id}/sign", json={"sha256": shown["sha256"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "note_changed")
    again = await clinician.post(f"/api/notes/{note_id}/ready", json={"version": edited.json()["version"]})
    assert again.json()["sha256"] != shown["sha256"]
    assert (
        await clinician.post(f"/api/notes/{note_id}/sign", json={"sha256": again.json()["sha256"]})
    ).status_code == 200


async def test_twenty_signings_at_once_make_one_signature_and_one_answer(
    terminology: None, clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs
) -> None:
    note_id, shown = await ready(clinician, scene)
    answers = await asyncio.gather(
        *(
            clinician.post(f"/api/visits/{scene.visit.id}/finish-visit", json={"sha256": shown["sha256"]})
            for _ in range(20)
        )
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    async with act_as(scene.actor) as unit:
        counts = await unit.read.execute(
            text(
                "SELECT (SELECT count(*) FROM audit_event WHERE action = 'note.sign'),"
                " (SELECT count(*) FROM outbox WHERE name = 'note.signed'),"
                " (SELECT count(*) FROM outbox WHERE name = 'visit.finished'),"
                " (SELECT count(*) FROM plan_item WHERE note_id = :note)"
            ),
            {"note": note_id},
        )
        assert tuple(counts.one()) == (1, 1, 1, 2)


async def test_finishing_ends_the_visit_and_files_what_the_note_establishes(
    terminology: None, clinician: httpx.AsyncClient, scene: Scene
) -> None:
    _, shown = await ready(clinician, scene)
    finished = await clinician.post(
        f"/api/visits/{scene.visit.id}/finish-visit", json={"sha256": shown["sha256"]}
    )
    assert finished.status_code == 200, finished.text
    summary = (await clinician.get(f"/api/patients/{scene.patient.id}/summary")).json()
    assert [each["code"] for each in summary["problems"]] == ["N39.0"]
    assert summary["vitals"][0]["points"][0]["value"] == 37.2
    assert summary["vitals"][0]["points"][0]["source"] == "patient"
    assert summary["visits"][0]["status"] == "finished"
    assert summary["visits"][0]["diagnoses"][0]["code"] == "N39.0"


async def test_a_note_without_assessment_or_plan_says_what_is_missing(
    clinician: httpx.AsyncClient, scene: Scene
) -> None:
    note = await opened(clinician, scene)
    answer = await clinician.post(f"/api/notes/{note['id']}/ready", json={"version": 1})
    assert answer.status_code == 422
    assert {field["path"] for field in answer.json()["fields"]} == {"content.assessment", "content.plan"}


async def test_a_signed_note_is_only_added_to(
    terminology: None, clinician: httpx.AsyncClient, scene: Scene
) -> None:
    note_id, shown = await ready(clinician, scene)
    early = await clinician.post(f"/api/notes/{note_id}/addenda", json={"text": "Too early"})
    assert (early.status_code, early.json()["code"]) == (409, "note_not_signed")
    await clinician.post(f"/api/notes/{note_id}/sign", json={"sha256": shown["sha256"]})
    changed = await save(clinician, note_id, shown["version"], plan="rewritten history")
    assert (changed.status_code, changed.json()["code"]) == (409, "note_signed")
    added = await clinician.post(f"/api/notes/{note_id}/addenda", json={"text": "Culture came back clean"})
    assert added.status_code == 201, added.text
    note = (await clinician.get(f"/api/visits/{scene.visit.id}/note")).json()
    assert [each["text"] for each in note["addenda"]] == ["Culture came back clean"]
    assert note["content"]["plan"] == "Drink water"
    assert note["editable"] is False


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE note SET content = '{}'",
        "UPDATE note SET signed_at = now()",
        "DELETE FROM note",
        "UPDATE note_version SET content = '{}'",
        "DELETE FROM note_version",
        "UPDATE plan_item SET title = 'x'",
        "UPDATE record_history SET resource = '{}'",
        "DELETE FROM record",
    ],
)
async def test_the_database_refuses_to_rewrite_what_was_signed(
    terminology: None, clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs, statement: str
) -> None:
    note_id, shown = await ready(clinician, scene)
    await clinician.post(f"/api/notes/{note_id}/sign", json={"sha256": shown["sha256"]})
    with pytest.raises((DBAPIError, IntegrityError), match=r"never changed|permission denied"):
        async with act_as(scene.actor) as unit:
            await unit.write.execute(text(statement))


async def test_what_was_shown_must_be_what_is_signed(
    terminology: None, clinician: httpx.AsyncClient, scene: Scene
) -> None:
    note_id, _ = await ready(clinician, scene)
    for wrong in ("0" * 64,):
        answer = await clinician.post(f"/api/notes/{note_id}/sign", json={"sha256": wrong})
        assert (answer.status_code, answer.json()["code"]) == (409, "note_changed")
    malformed = await clinician.post(f"/api/notes/{note_id}/sign", json={"sha256": "short"})
    assert malformed.status_code == 422


async def test_the_summary_waits_for_the_patient_and_is_inert(
    terminology: None,
    clinician: httpx.AsyncClient,
    patient: httpx.AsyncClient,
    scene: Scene,
    deliver: Deliver,
) -> None:
    _, shown = await ready(clinician, scene)
    assert (await patient.get(f"/api/visits/{scene.visit.id}/summary")).status_code == 404
    await clinician.post(f"/api/visits/{scene.visit.id}/finish-visit", json={"sha256": shown["sha256"]})
    await deliver()
    answer = await patient.get(f"/api/visits/{scene.visit.id}/summary")
    assert answer.status_code == 200, answer.text
    summary = answer.json()["summary"]
    assert summary["diagnoses"][0]["name"] == "Urinary tract infection"
    # The test's clinic has no hours, so that it is open on every day.
    today = datetime.now(ZoneInfo("America/New_York")).date()
    assert summary["next"][0]["when"] in {words.due(today + timedelta(days=days), "en") for days in (2, 3)}
    pdf = await patient.get(f"/api/visits/{scene.visit.id}/summary.pdf")
    assert pdf.status_code == 200
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["x-content-type-options"] == "nosniff"
    assert pdf.headers["content-disposition"].startswith("attachment;")
    assert "Lopez" not in pdf.headers["content-disposition"]


async def test_the_patient_hears_once_that_the_summary_is_there_and_not_what_it_says(
    terminology: None,
    clinician: httpx.AsyncClient,
    scene: Scene,
    deliver: Deliver,
    act_as: ActAs,
    services: Services,
) -> None:
    _, shown = await ready(clinician, scene)
    await clinician.post(f"/api/visits/{scene.visit.id}/finish-visit", json={"sha256": shown["sha256"]})
    await deliver()
    keep = await aftervisit.make(services, scene.patient.clinic_id, scene.visit.id)
    async with act_as(scene.actor) as unit:
        await keep(unit.write)
    await deliver()
    await sweep(services)
    async with act_as(scene.actor) as unit:
        rows = await unit.read.scalars(select(File.status).where(File.visit_id == scene.visit.id))
        assert sorted(rows) == ["deleted", "kept"], "the PDF that was made anew takes the place of the first"
    [notice] = await notices_of(services, scene.patient.clinic_id)
    assert (notice.kind, notice.to) == ("summary", scene.patient.phone)
    assert notice.text.endswith(f"/visits/{scene.visit.id}")
    for health in ("Lopez", "Cystitis", "Urin", "N39"):
        assert health not in notice.text
