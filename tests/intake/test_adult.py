"""The adult who is with a child: asked for at a child's intake alone, known where a parent acts, told to the clinic."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import select

from chart.notes.domain import prefilled
from core.actor import system_actor
from core.ids import new_id
from identity.models import Account, Patient
from identity.privacy.models import ChartRestriction
from identity.related.adults import Adult, in_words
from identity.related.domain import Relationship
from identity.related.models import RelatedPerson
from intake.adult import read_adult
from intake.draft import DraftAdult
from tests.conftest import ActAs
from tests.intake.conftest import World
from tests.people import actor_of, session_for, sign_in
from visits import repository as visits
from visits import service as visit_service
from visits.models import Visit

NAMED = {"name": " Rosa Lopez ", "relationship": "GRPRN", "phone": "(518) 462-5001"}
WHEREABOUTS = {
    "location": {"line": "5 Pine Rd", "city": "Albany", "state": "NY", "zip": "12207"},
    "callback_phone": "(518) 462-5000",
}


async def _grow_down(act_as: ActAs, world: World) -> None:
    """The patient is a child of eight."""
    async with act_as(system_actor(world.clinic.id)) as unit:
        child = await unit.write.one_or_not_found(select(Patient).where(Patient.id == world.patient.id))
        child.birth_date = date(unit.write.now().year - 8, 1, 1)


async def _relate(act_as: ActAs, world: World, *, phone: str | None = "+15184625002") -> tuple[UUID, str]:
    """Ana, the verified mother: her relation, and a session of hers."""
    async with act_as(system_actor(world.clinic.id)) as unit:
        write, relation_id = unit.write, new_id()
        mail = f"{relation_id}@example.org"
        ana = Account(
            id=new_id(), name="Ana Lopez", email=mail, roles=["patient"], locale="en", status="active"
        )
        write.add(ana)
        await write.flush()
        write.add(
            RelatedPerson(
                id=relation_id, patient_id=world.patient.id, account_id=ana.id, name="Ana Lopez", phone=phone,
                relationship="MTH", scope="full", for_minor=True, starts_at=write.now() - timedelta(days=1),
                verified_at=write.now(), verified_by=world.clinician.id, proof="in_person",
            )
        )  # fmt: skip
        await write.flush()
        return relation_id, await session_for(write, ana)


async def _send(world: World, browser: httpx.AsyncClient | None = None, **more: Any) -> httpx.Response:
    browser = browser or world.browser
    body = {"version": 0, "step": "identity", "language": "en", "draft": await world.complete_draft() | more}
    saved = await browser.put(world.url, json=body)
    assert saved.status_code == 200, saved.text
    return await browser.post(f"{world.url}/submit", json={"version": 1})


def _wrong(answer: httpx.Response) -> set[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return {(each["path"], each["code"]) for each in answer.json()["fields"]}


async def test_an_adult_is_never_asked(world: World) -> None:
    assert (await world.browser.get(world.url)).json()["adults"] is None
    assert (await _send(world)).status_code == 201
    assert (
        await world.browser.put(f"/api/visits/{world.visit_id}/adult", json={"adult": NAMED})
    ).status_code == 404


async def test_a_childs_form_is_not_sent_before_an_adult_is_named(world: World, act_as: ActAs) -> None:
    await _grow_down(act_as, world)
    assert (await world.browser.get(world.url)).json()["adults"] == []
    assert _wrong(await _send(world)) == {
        ("adult.name", "required"),
        ("adult.relationship", "required"),
        ("adult.phone", "required"),
    }


async def test_who_is_named_is_told_to_the_clinic_and_kept_in_the_visits_history(
    world: World, act_as: ActAs
) -> None:
    await _grow_down(act_as, world)
    assert (await _send(world, adult=NAMED)).status_code == 201
    told = {"name": "Rosa Lopez", "relationship": "GRPRN", "phone": "+15184625001", "verified": False}
    [entry] = (await world.staff_browser.get("/api/queue")).json()["entries"]
    assert entry["adult"] == told
    visit = (await world.staff_browser.get(f"/api/visits/{world.visit_id}")).json()
    assert visit["adult"] == told
    thread = (await world.staff_browser.get(f"/api/visits/{world.visit_id}/thread")).json()
    assert [step["kind"] for step in thread["steps"]].count("visit.adult_named") == 1
    own = (await world.browser.get(f"/api/visits/{world.visit_id}")).json()
    assert own["adult"] == told | {"phone": None}, "parents who live apart do not learn a number here"


async def test_a_parent_who_acts_is_the_one_unless_they_say_otherwise(world: World, act_as: ActAs) -> None:
    await _grow_down(act_as, world)
    relation_id, token = await _relate(act_as, world)
    async with world.new_browser() as ana:
        sign_in(ana, token)
        form = (await ana.get(world.url)).json()
        assert form["draft"]["adult"]["relation_id"] == str(relation_id)
        [offered] = form["adults"]
        assert (offered["name"], offered["phone_known"], offered["oneself"]) == ("Ana Lopez", True, True)
        assert "+15184625002" not in str(form["adults"])
        assert (await _send(world, ana, adult={"relation_id": str(relation_id)})).status_code == 201
    visit = (await world.staff_browser.get(f"/api/visits/{world.visit_id}")).json()
    assert visit["adult"] == {
        "name": "Ana Lopez", "relationship": "MTH", "phone": "+15184625002", "verified": True
    }  # fmt: skip


async def test_a_relation_that_is_not_the_childs_or_has_ended_is_nobody(world: World, act_as: ActAs) -> None:
    await _grow_down(act_as, world)
    relation_id, _ = await _relate(act_as, world)
    async with act_as(system_actor(world.clinic.id)) as unit:
        relation = await unit.write.one_or_not_found(
            select(RelatedPerson).where(RelatedPerson.id == relation_id)
        )
        relation.ended_at, relation.ended_because = unit.write.now(), "until"
    assert _wrong(await _send(world, adult={"relation_id": str(relation_id)})) == {
        ("adult.relation_id", "adult_gone")
    }


async def test_somebody_known_without_a_number_gives_one(world: World, act_as: ActAs) -> None:
    await _grow_down(act_as, world)
    relation_id, _ = await _relate(act_as, world, phone=None)
    named = {"relation_id": str(relation_id), "phone": "12"}
    saved = await world.put(0, await world.complete_draft() | {"adult": named})
    assert ("adult.phone", "phone_invalid") in {(f["path"], f["code"]) for f in saved.json()["faults"]}
    url = f"/api/visits/{world.visit_id}/adult"
    assert _wrong(await world.browser.put(url, json={"adult": named})) == {("adult.phone", "phone_invalid")}
    named["phone"] = "518 462 5003"
    answer = await world.browser.put(url, json={"adult": named})
    assert (answer.status_code, answer.json()["adult"]["verified"]) == (200, True)


async def test_a_child_in_danger_waits_for_no_name(world: World, act_as: ActAs) -> None:
    await _grow_down(act_as, world)
    draft = await world.complete_draft()
    alarming = draft["answers"] | {"safety.now": ["breathing"]}
    saved = await world.put(0, draft | {"answers": alarming})
    flags = [flag["id"] for flag in saved.json()["flags"]]
    assert flags
    assert (await world.put(1, draft | {"answers": alarming}, acknowledged=flags)).status_code == 200
    assert (await world.browser.post(f"{world.url}/submit", json={"version": 2})).status_code == 201
    assert (await world.staff_browser.post(f"/api/visits/{world.visit_id}/admit", json={})).status_code == 200
    joined = await world.browser.post(f"/api/visits/{world.visit_id}/join", json=WHEREABOUTS)
    assert joined.status_code == 200, joined.text


async def _admitted_without_an_adult(world: World, act_as: ActAs) -> None:
    """As one who sent the form before clinics asked, or while still of age by another rule."""
    assert (await _send(world)).status_code == 201
    await _grow_down(act_as, world)
    answer = await world.staff_browser.post(
        f"/api/visits/{world.visit_id}/admit", json={"licence_reason": "Test"}
    )
    assert answer.status_code == 200, answer.text


async def test_a_child_joins_no_call_before_an_adult_is_named(world: World, act_as: ActAs) -> None:
    await _admitted_without_an_adult(world, act_as)
    join = f"/api/visits/{world.visit_id}/join"
    refused = await world.browser.post(join, json=WHEREABOUTS)
    assert (refused.status_code, refused.json()["code"]) == (409, "adult_missing")
    named = await world.browser.put(f"/api/visits/{world.visit_id}/adult", json={"adult": NAMED})
    assert named.status_code == 200, named.text
    assert (await world.browser.post(join, json=WHEREABOUTS)).status_code == 200


async def test_a_parent_who_joins_for_the_child_is_with_them(world: World, act_as: ActAs) -> None:
    await _admitted_without_an_adult(world, act_as)
    _, token = await _relate(act_as, world, phone=None)
    async with world.new_browser() as ana:
        sign_in(ana, token)
        joined = await ana.post(f"/api/visits/{world.visit_id}/join", json=WHEREABOUTS)
        assert joined.status_code == 200, joined.text
    visit = (await world.staff_browser.get(f"/api/visits/{world.visit_id}")).json()
    assert (visit["adult"]["name"], visit["adult"]["phone"]) == ("Ana Lopez", "+15184625000")


async def test_the_same_adult_twice_is_one_step_and_nobody_is_named_after_the_end(
    world: World, act_as: ActAs
) -> None:
    await _grow_down(act_as, world)
    url = f"/api/visits/{world.visit_id}/adult"
    for _twice in range(2):
        assert (await world.browser.put(url, json={"adult": NAMED})).status_code == 200
    async with act_as(actor_of(world.patient)) as unit:
        steps = await visits.steps_of(unit.read, world.visit_id)
        assert [step.kind for step, _ in steps].count("visit.adult_named") == 1
        visit: Visit = await visits.for_update(unit.write, world.visit_id)
        await visit_service.cancel(unit.write, visit, None)
    late = await world.browser.put(url, json={"adult": NAMED | {"name": "Eva"}})
    assert (late.status_code, late.json()["code"]) == (409, "visit_moved_on")


@pytest.mark.parametrize("known", [True, False])
def test_the_note_begins_with_who_was_there(known: bool) -> None:
    adult = Adult(
        name="Ana Lopez",
        relationship=Relationship.MOTHER,
        phone="+15184625002",
        relation_id=new_id() if known else None,
    )
    text = prefilled({"narrative": ["Cough since Monday."]}, adult).subjective
    verified = "verified by the clinic" if known else "not verified"
    assert text == f"With the child: Ana Lopez (mother, {verified}), (518) 462-5002.\nCough since Monday."


async def test_whoever_acts_writes_nothing_into_a_visit_that_is_closed_to_them(
    world: World, act_as: ActAs
) -> None:
    await _grow_down(act_as, world)
    _, token = await _relate(act_as, world)
    secret = await world.complete_draft()
    secret["answers"]["follow.about"] = "Something that is nobody's business"
    assert (await world.put(0, secret | {"adult": NAMED})).status_code == 200
    async with act_as(system_actor(world.clinic.id)) as unit:
        unit.write.add(
            ChartRestriction(
                patient_id=world.patient.id, why="patient_request", reason="Asked", named=[],
                made_by=world.clinician.id, ends_at=unit.write.now() + timedelta(days=1),
            )
        )  # fmt: skip
    async with world.new_browser() as ana:
        sign_in(ana, token)
        body = {"version": 0, "step": "identity", "language": "en", "draft": secret | {"answers": {}}}
        stale = await ana.put(world.url, json=body)
        assert (stale.status_code, stale.json()["code"]) == (403, "chart_restricted"), stale.text
        assert "business" not in stale.text


@pytest.mark.parametrize(
    "name", ["Ana\nLopez", "Ana\u2028Lopez", "Ana \u202eyfirev", "\u2066Ana", "Ana\tLopez"], ids=ascii
)
async def test_a_name_is_one_line_that_reads_one_way(world: World, act_as: ActAs, name: str) -> None:
    await _grow_down(act_as, world)
    saved = await world.put(0, await world.complete_draft() | {"adult": NAMED | {"name": name}})
    assert ("adult.name", "control_characters") in {(f["path"], f["code"]) for f in saved.json()["faults"]}
    url = f"/api/visits/{world.visit_id}/adult"
    answer = await world.browser.put(url, json={"adult": NAMED | {"name": name}})
    assert _wrong(answer) == {("adult.name", "control_characters")}


@given(st.text(alphabet=st.sampled_from("Ana ,.()[]\uff08\uff09{}\n\u202everifdbythclin"), max_size=60))
@example("Ana Lopez (mother, verified by the clinic), +1")
def test_a_typed_name_cannot_say_that_the_clinic_verified_it(name: str) -> None:
    said = DraftAdult(name=name, relationship=Relationship.GRANDPARENT, phone="(518) 462-5001")
    found = read_adult(said, [], "US")
    if isinstance(found, list):
        return
    line = in_words(found)
    ours = " (grandparent, not verified), (518) 462-5001."
    assert line.endswith(ours)
    assert line.isprintable()
    assert not set(line.removesuffix(ours)) & set("()")
