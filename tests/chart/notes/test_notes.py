"""Saving a note: nothing that was written is ever lost or overwritten (case 22)."""

import asyncio
import random

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from chart import signatures
from chart.notes.domain import (
    TRANSITIONS,
    NoteContent,
    NoteStatus,
    PlanKind,
    PlanLine,
    SignedDocument,
    prefilled,
    problems_with,
)
from core.ids import new_id
from tests.chart.conftest import INTAKE, Browser, Scene
from tests.conftest import ActAs
from tests.people import make_staff


async def opened(client: httpx.AsyncClient, scene: Scene) -> dict[str, object]:
    answer = await client.post(f"/api/visits/{scene.visit.id}/note")
    assert answer.status_code == 200, answer.text
    note: dict[str, object] = answer.json()
    return note


async def save(client: httpx.AsyncClient, note_id: object, version: int, **content: object) -> httpx.Response:
    return await client.put(f"/api/notes/{note_id}", json={"version": version, "content": content})


async def test_a_note_begins_with_what_the_patient_told(clinician: httpx.AsyncClient, scene: Scene) -> None:
    note = await opened(clinician, scene)
    said = note["content"]["subjective"]  # type: ignore[index]  # JSON
    for words in ("It burns when I pee", "Started two days ago", "Lisinopril", "Penicillin", "Pregnant"):
        assert words in said
    assert note["editable"] is True


async def test_opening_in_two_tabs_makes_one_note(clinician: httpx.AsyncClient, scene: Scene) -> None:
    notes = await asyncio.gather(*(opened(clinician, scene) for _ in range(8)))
    assert len({str(note["id"]) for note in notes}) == 1


async def test_two_editors_and_200_saves_lose_no_text(clinician: httpx.AsyncClient, scene: Scene) -> None:
    """Each editor appends words to its own section, and takes up the newer version when refused."""
    note = await opened(clinician, scene)
    written: dict[str, list[str]] = {"subjective": [], "plan": []}
    refused = 0

    async def editor(section: str) -> None:
        nonlocal refused
        version, content = int(str(note["version"])), dict(note["content"])  # type: ignore[call-overload]  # JSON
        for number in range(100):
            word = f"{section}-{number}"
            written[section].append(word)
            content[section] = f"{content[section]} {word}"
            while True:
                answer = await save(clinician, note["id"], version, **content)
                if answer.status_code == 200:
                    version = answer.json()["version"]
                    break
                assert answer.status_code == 409, answer.text
                problem = answer.json()
                assert problem["code"] == "note_stale"
                refused += 1
                mine = content[section]
                version, content = problem["data"]["version"], dict(problem["data"]["content"])
                content[section] = mine
            await asyncio.sleep(random.random() / 500)  # noqa: S311  a typist's irregular pauses

    await asyncio.gather(editor("subjective"), editor("plan"))
    final = (await clinician.get(f"/api/visits/{scene.visit.id}/note")).json()
    for section, words in written.items():
        assert [word for word in final["content"][section].split() if word.startswith(section)] == words
    assert refused > 0, "the editors never met, so nothing was tried"
    versions = (await clinician.get(f"/api/notes/{note['id']}/versions")).json()
    assert [each["version"] for each in versions] == list(range(final["version"], 0, -1))
    assert final["version"] == 201


async def test_a_save_repeated_after_a_lost_answer_makes_no_second_version(
    clinician: httpx.AsyncClient, scene: Scene
) -> None:
    note = await opened(clinician, scene)
    first = await save(clinician, note["id"], 1, plan="Rest")
    again = await save(clinician, note["id"], 1, plan="Rest")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert first.json()["version"] == 2


async def test_every_save_is_in_the_audit_with_its_version(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs
) -> None:
    note = await opened(clinician, scene)
    for version in range(1, 6):
        assert (await save(clinician, note["id"], version, plan=f"{version}")).status_code == 200
    async with act_as(scene.actor) as unit:
        rows = await unit.read.scalars(
            text("SELECT detail ->> 'version' FROM audit_event WHERE action = 'note.save' ORDER BY seq")
        )
        assert list(rows) == ["2", "3", "4", "5", "6"]


@pytest.mark.parametrize(
    ("content", "path", "code"),
    [
        ({"plan": "x" * 20_001}, "content.plan", "too_long"),
        ({"plan": "a\x00b"}, "content.plan", "unsupported_character"),
        (
            {"vitals": [{"code": "8867-4", "value": 900, "unit": "/min"}]},
            "content.vitals.0.value",
            "implausible",
        ),
        ({"vitals": [{"code": "nope", "value": 1, "unit": "x"}]}, "content.vitals.0.code", "unknown_code"),
        ({"diagnoses": [{"code": "ZZZ", "display": "x"}]}, "content.diagnoses.0.code", "unknown_code"),
        ({"diagnoses": [{"code": "I21", "display": "x"}]}, "content.diagnoses.0.code", "code_not_specific"),
        (
            {"plan_items": [{"id": str(new_id()), "kind": "call", "title": " "}]},
            "content.plan_items.0.title",
            "required",
        ),
        (
            {"plan_items": [{"id": str(new_id()), "kind": "call", "title": "x", "due_in_days": -1}]},
            "content.plan_items.0.due_in_days",
            "out_of_range",
        ),
    ],
)
async def test_what_cannot_be_saved_is_named_beside_its_field(
    terminology: None,
    clinician: httpx.AsyncClient,
    scene: Scene,
    content: dict[str, object],
    path: str,
    code: str,
) -> None:
    note = await opened(clinician, scene)
    answer = await save(clinician, note["id"], 1, **content)
    assert answer.status_code == 422
    assert {"path": path, "code": code} in answer.json()["fields"]


async def test_a_diagnosis_keeps_the_official_name_of_its_code(
    terminology: None, clinician: httpx.AsyncClient, scene: Scene
) -> None:
    note = await opened(clinician, scene)
    await save(clinician, note["id"], 1, diagnoses=[{"code": "N39.0", "display": "<b>anything</b>"}])
    saved = (await clinician.get(f"/api/visits/{scene.visit.id}/note")).json()
    assert saved["content"]["diagnoses"][0]["display"] == "Urinary tract infection, site not specified"


async def test_another_clinician_reads_the_note_and_may_not_write_it(
    clinician: httpx.AsyncClient, scene: Scene, browser: Browser, act_as: ActAs
) -> None:
    note = await opened(clinician, scene)
    async with act_as(scene.actor) as unit:
        colleague = await make_staff(unit.write, name="Sam Lee")
    other = await browser(colleague)
    read = await other.get(f"/api/visits/{scene.visit.id}/note")
    assert read.status_code == 200 and read.json()["editable"] is False
    refused = await save(other, note["id"], 1, plan="mine now")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_visit")


async def test_a_patient_and_another_clinic_never_see_a_note(
    clinician: httpx.AsyncClient, patient: httpx.AsyncClient, scene: Scene, stranger: httpx.AsyncClient
) -> None:
    note = await opened(clinician, scene)
    assert (await patient.get(f"/api/visits/{scene.visit.id}/note")).status_code == 403
    assert (await stranger.get(f"/api/visits/{scene.visit.id}/note")).status_code == 404
    assert (await stranger.get(f"/api/notes/{note['id']}/versions")).status_code == 404
    assert (await save(stranger, note["id"], 1, plan="x")).status_code == 404


async def test_a_client_cannot_name_what_is_not_its_to_say(
    clinician: httpx.AsyncClient, scene: Scene
) -> None:
    note = await opened(clinician, scene)
    for extra in ({"signed_at": "2020-01-01T00:00:00Z"}, {"clinic_id": str(new_id())}, {"status": "signed"}):
        answer = await clinician.put(
            f"/api/notes/{note['id']}", json={"version": 1, "content": {"plan": "x"}, **extra}
        )
        assert answer.status_code in (400, 422)
    assert (await clinician.get(f"/api/visits/{scene.visit.id}/note")).json()["version"] == 1


def test_prefilling_takes_every_line_and_never_fails() -> None:
    assert prefilled(None) == NoteContent()
    assert prefilled({}) == NoteContent()
    assert "none reported" in prefilled({"chief_complaint": "Cough"}).subjective
    assert "Pregnant" in prefilled(INTAKE).subjective
    assert len(prefilled({"hpi_lines": ["x" * 50_000]}).subjective) <= 20_000


plan_lines = st.builds(
    PlanLine,
    id=st.uuids(),
    kind=st.sampled_from(PlanKind),
    title=st.text(min_size=1, max_size=50),
    due_in_days=st.none() | st.integers(0, 700),
)
contents = st.builds(
    NoteContent,
    subjective=st.text(max_size=100),
    plan=st.text(max_size=100),
    plan_items=st.lists(plan_lines, max_size=3),
)


@given(contents)
def test_equal_notes_have_equal_bytes(content: NoteContent) -> None:
    if any("unsupported" in code for code in problems_with(content, {}).values()):
        return
    ids = (new_id(), new_id(), new_id())
    one, two = (
        signatures.canonical(SignedDocument("f", *ids, 3, {"name": "a", "mrn": "b"}, {"name": "c"}, content)),
        signatures.canonical(SignedDocument("f", *ids, 3, {"mrn": "b", "name": "a"}, {"name": "c"}, content)),
    )
    assert one == two


def test_nothing_leads_out_of_signed() -> None:
    assert TRANSITIONS[NoteStatus.SIGNED] == frozenset()
    assert set(TRANSITIONS) == set(NoteStatus)
