"""The note of a child's visit names the adult who was there, also when another one was named while it was written."""

import asyncio
import json
from typing import Any

import httpx
import msgspec
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from chart.notes.domain import SECTION_LIMIT, NoteContent, with_adult
from core.actor import Actor
from identity.related.adults import Adult, in_words
from identity.related.domain import Relationship
from tests.chart.conftest import Scene
from tests.chart.notes.test_notes import opened, save
from tests.chart.test_locks import somebody_waits
from tests.conftest import ActAs
from visits import repository as visits
from visits.models import Visit

ANA = Adult(name="Ana Lopez", relationship=Relationship.MOTHER, phone="+15184625002")
EVA = Adult(name="Eva Lopez", relationship=Relationship.RELATIVE, phone="+15184625009")
ANA_LINE, EVA_LINE = in_words(ANA), in_words(EVA)


async def _name(act_as: ActAs, system: Actor, scene: Scene, adult: Adult) -> None:
    async with act_as(system) as unit:
        visit = await unit.write.one_or_not_found(select(Visit).where(Visit.id == scene.visit.id))
        visit.adult = msgspec.to_builtins(adult)


async def _ready(client: httpx.AsyncClient, note_id: object, version: int) -> dict[str, Any]:
    answer = await client.post(f"/api/notes/{note_id}/ready", json={"version": version})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _said(shown: dict[str, Any]) -> str:
    return str(json.loads(shown["document"])["content"]["subjective"])


async def _written(client: httpx.AsyncClient, scene: Scene, subjective: str | None = None) -> tuple[str, int]:
    """A note with all that signing asks for; its subjective as it was made unless another is given."""
    note = await opened(client, scene)
    content = dict(note["content"])  # type: ignore[call-overload]  # JSON
    text = content["subjective"] if subjective is None else subjective
    saved = await save(
        client, note["id"], 1, **content | {"assessment": "A", "plan": "P", "subjective": text}
    )
    assert saved.status_code == 200, saved.text
    return str(note["id"]), int(saved.json()["version"])


async def test_an_adult_who_is_named_later_takes_the_place_of_the_first(
    terminology: None, clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs, system: Actor
) -> None:
    await _name(act_as, system, scene, ANA)
    note_id, version = await _written(clinician, scene)
    await _name(act_as, system, scene, EVA)
    shown = await _ready(clinician, note_id, version)
    assert ANA_LINE not in _said(shown)
    assert _said(shown).startswith(EVA_LINE + "\n")
    assert (shown["version"], shown["adult"]) == (version + 1, None)
    kept = (await clinician.get(f"/api/notes/{note_id}/versions")).json()
    assert kept[0]["content"]["subjective"] == _said(shown), "what is signed is a version like any other"
    # Named once more while the dialog is open: what was shown is not signed.
    await _name(act_as, system, scene, ANA)
    late = await clinician.post(f"/api/notes/{note_id}/sign", json={"sha256": shown["sha256"]})
    assert (late.status_code, late.json()["code"]) == (409, "note_changed")
    again = await _ready(clinician, note_id, shown["version"])
    assert _said(again).startswith(ANA_LINE + "\n")
    signed = await clinician.post(f"/api/notes/{note_id}/sign", json={"sha256": again["sha256"]})
    assert signed.status_code == 200, signed.text


async def test_an_adult_who_is_named_in_the_moment_of_signing_is_not_left_out(
    terminology: None,
    clinician: httpx.AsyncClient,
    scene: Scene,
    act_as: ActAs,
    system: Actor,
    owner: AsyncEngine,
) -> None:
    await _name(act_as, system, scene, ANA)
    note_id, version = await _written(clinician, scene)
    shown = await _ready(clinician, note_id, version)
    async with act_as(system) as unit:
        visit = await visits.for_update(unit.write, scene.visit.id)
        visit.adult = msgspec.to_builtins(EVA)
        signing = asyncio.create_task(
            clinician.post(f"/api/notes/{note_id}/sign", json={"sha256": shown["sha256"]})
        )
        await somebody_waits(owner)
    late = await signing
    assert (late.status_code, late.json()["code"]) == (409, "note_changed")


async def test_an_adult_who_is_named_after_the_note_was_opened_is_added(
    terminology: None, clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs, system: Actor
) -> None:
    note_id, version = await _written(clinician, scene, "Cough.")
    assert _said(shown := await _ready(clinician, note_id, version)) == "Cough."
    await _name(act_as, system, scene, ANA)
    assert _said(await _ready(clinician, note_id, shown["version"])) == f"{ANA_LINE}\nCough."


async def test_a_line_that_the_clinician_changed_is_left_and_told(
    terminology: None, clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs, system: Actor
) -> None:
    await _name(act_as, system, scene, ANA)
    own = "With the child: Ana, and later her sister."
    note_id, version = await _written(clinician, scene, own)
    shown = await _ready(clinician, note_id, version)
    assert (_said(shown), shown["version"], shown["adult"]) == (own, version, ANA_LINE)
    signed = await clinician.post(f"/api/notes/{note_id}/sign", json={"sha256": shown["sha256"]})
    assert signed.status_code == 200, signed.text


@given(st.lists(st.sampled_from([ANA_LINE, EVA_LINE, "With the child: Ana.", "Cough.", "", " "]), max_size=6))
def test_no_word_of_the_clinicians_is_lost(lines: list[str]) -> None:
    text = "\n".join(lines)
    made = with_adult(NoteContent(subjective=text), ANA_LINE, EVA)
    if made is None:
        assert "With the child: Ana." in lines
        return
    assert EVA_LINE in made.subjective.split("\n")
    theirs = [line for line in lines if line not in (ANA_LINE, EVA_LINE)]
    assert [each for each in made.subjective.split("\n") if each not in (ANA_LINE, EVA_LINE)] == (
        theirs if text else []
    )
    assert with_adult(made, EVA_LINE, EVA) == made


def test_a_note_that_is_full_stays_as_it_is() -> None:
    assert with_adult(NoteContent(subjective="x" * SECTION_LIMIT), None, EVA) is None
