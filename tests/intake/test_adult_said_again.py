"""Of the adult who is with a child the last word counts, and a typed number is for who typed it and for the clinic."""

from contextlib import AsyncExitStack
from typing import Any

import httpx
from sqlalchemy import select

from core.actor import system_actor
from intake.models import IntakeForm
from tests.conftest import ActAs
from tests.intake.conftest import World
from tests.intake.test_adult import NAMED, WHEREABOUTS, _grow_down, _relate, _send
from tests.people import actor_of, sign_in
from visits import repository as visits

TYPED = "462-5001"
EVA = {"name": "Eva Lopez", "relationship": "EXT", "phone": "(518) 462-5009"}


async def _save(browser: httpx.AsyncClient, world: World, version: int, draft: Any) -> httpx.Response:
    body = {"version": version, "step": "identity", "language": "en", "draft": draft}
    return await browser.put(world.url, json=body)


async def _named(world: World) -> tuple[str, str]:
    visit = (await world.staff_browser.get(f"/api/visits/{world.visit_id}")).json()
    return visit["adult"]["name"], visit["adult"]["phone"]


async def test_a_number_that_one_parent_typed_is_not_told_to_the_other(world: World, act_as: ActAs) -> None:
    await _grow_down(act_as, world)
    _, token = await _relate(act_as, world)
    draft = await world.complete_draft() | {"adult": NAMED}
    async with world.new_browser() as ana:
        sign_in(ana, token)
        assert (await _save(ana, world, 0, draft)).status_code == 200
        assert (await ana.get(world.url)).json()["draft"]["adult"]["phone"] == NAMED["phone"]
        read, stale = await world.browser.get(world.url), await world.put(0, draft)
        assert (read.status_code, stale.status_code) == (200, 409)
        for answer in (read, stale):
            assert TYPED not in answer.text
            told = answer.json().get("data", answer.json())["draft"]["adult"]
            assert (told["name"], told["phone"], told["phone_given"]) == (NAMED["name"], "", True)
        # What the other saves beside it does not lose the number.
        other = read.json()["draft"] | {"identity": {"confirmed": "yes"}}
        assert (await world.put(1, other)).status_code == 200
        assert (await ana.get(world.url)).json()["draft"]["adult"]["phone"] == NAMED["phone"]
        assert (await ana.post(f"{world.url}/submit", json={"version": 2})).status_code == 201
        assert TYPED not in (await ana.get(world.url)).text, "after the form was sent nobody is told"
    assert TYPED not in (await world.browser.get(world.url)).text
    assert await _named(world) == ("Rosa Lopez", "+15184625001")


async def test_a_hidden_number_is_not_taken_over_for_somebody_else(world: World, act_as: ActAs) -> None:
    await _grow_down(act_as, world)
    assert (await _send(world, adult=NAMED)).status_code == 201
    url = f"/api/visits/{world.visit_id}/adult"
    again = NAMED | {"name": "Rosa Lopez", "phone": "", "phone_given": True, "relationship": "GUARD"}
    assert (await world.browser.put(url, json={"adult": again})).status_code == 200
    assert await _named(world) == ("Rosa Lopez", "+15184625001")
    other = await world.browser.put(url, json={"adult": again | {"name": "Eva"}})
    assert [(each["path"], each["code"]) for each in other.json()["fields"]] == [("adult.phone", "required")]


async def test_an_older_draft_does_not_name_who_was_meant_before(world: World, act_as: ActAs) -> None:
    await _grow_down(act_as, world)
    draft = await world.complete_draft() | {"adult": NAMED}
    assert (await world.put(0, draft)).status_code == 200
    url = f"/api/visits/{world.visit_id}/adult"
    assert (await world.browser.put(url, json={"adult": EVA})).status_code == 200
    for late in (
        await world.put(1, draft),
        await world.browser.post(f"{world.url}/submit", json={"version": 1}),
    ):
        assert (late.status_code, late.json()["code"]) == (409, "stale")
        assert late.json()["data"]["draft"]["adult"]["name"] == "Eva Lopez"
    assert (await world.browser.post(f"{world.url}/submit", json={"version": 2})).status_code == 201
    assert (await _named(world))[0] == "Eva Lopez"


async def test_a_form_that_is_begun_later_starts_from_who_was_named(world: World, act_as: ActAs) -> None:
    await _grow_down(act_as, world)
    relation_id, token = await _relate(act_as, world)
    url = f"/api/visits/{world.visit_id}/adult"
    async with AsyncExitStack() as browsers:
        ana = await browsers.enter_async_context(world.new_browser())
        sign_in(ana, token)
        opened = (await ana.get(world.url)).json()
        assert opened["draft"]["adult"]["relation_id"] == str(relation_id)
        assert (await world.browser.put(url, json={"adult": EVA})).status_code == 200
        assert (await _save(ana, world, 0, opened["draft"])).status_code == 409
        newer = (await ana.get(world.url)).json()
        assert newer["draft"]["adult"]["name"] == newer["named"]["name"] == "Eva Lopez"
        assert newer["named"]["phone"] == ""


async def test_with_a_flag_the_last_word_counts_and_is_in_the_history(world: World, act_as: ActAs) -> None:
    await _grow_down(act_as, world)
    draft = await world.complete_draft()
    draft |= {"answers": draft["answers"] | {"safety.now": ["breathing"]}, "adult": NAMED}
    assert (await world.put(0, draft)).status_code == 200
    assert (await _named(world))[0] == "Rosa Lopez"
    answer = await world.browser.put(f"/api/visits/{world.visit_id}/adult", json={"adult": EVA})
    assert answer.status_code == 200
    newer = (await world.browser.get(world.url)).json()
    assert (await world.put(newer["version"], newer["draft"])).status_code == 200
    assert await _named(world) == ("Eva Lopez", "+15184625009")
    async with act_as(actor_of(world.patient)) as unit:
        steps = await visits.steps_of(unit.read, world.visit_id)
        assert [step.kind for step, _ in steps].count("visit.adult_named") == 2


async def test_who_was_in_the_call_before_comes_back_into_it(world: World, act_as: ActAs) -> None:
    """As in the middle of a call while the clinic goes to the release that asks for an adult."""
    join = f"/api/visits/{world.visit_id}/join"
    assert (await _send(world)).status_code == 201
    admit = await world.staff_browser.post(
        f"/api/visits/{world.visit_id}/admit", json={"licence_reason": "Test"}
    )
    assert admit.status_code == 200, admit.text
    assert (await world.browser.post(join, json=WHEREABOUTS)).status_code == 200
    await _grow_down(act_as, world)
    assert (await world.browser.post(join, json=WHEREABOUTS)).status_code == 200


async def _stored(act_as: ActAs, world: World) -> IntakeForm:
    async with act_as(system_actor(world.clinic.id)) as unit:
        form: IntakeForm = await unit.read.one_or_not_found(
            select(IntakeForm).where(IntakeForm.visit_id == world.visit_id)
        )
        return form


async def test_the_release_before_reads_the_form_of_a_patient_of_age(world: World, act_as: ActAs) -> None:
    unnamed = {"relation_id": None, "name": "", "relationship": None, "phone": ""}
    assert (await world.put(0, await world.complete_draft() | {"adult": unnamed})).status_code == 200
    assert set((await _stored(act_as, world)).draft) == {
        "identity", "location", "contact", "answers", "allergies", "no_allergies", "medicines", "no_medicines",
        "pharmacy", "consent",
    }  # fmt: skip


async def test_what_a_later_release_kept_is_dropped_and_what_a_device_sends_is_refused(
    world: World, act_as: ActAs
) -> None:
    draft = await world.complete_draft()
    assert (await world.put(0, draft)).status_code == 200
    async with act_as(system_actor(world.clinic.id)) as unit:
        form = await unit.write.one_or_not_found(
            select(IntakeForm).where(IntakeForm.visit_id == world.visit_id)
        )
        form.draft = form.draft | {"insurance": {"member": "1"}}
    read = await world.browser.get(world.url)
    assert (read.status_code, "insurance" in read.json()["draft"]) == (200, False)
    assert (await world.put(1, draft | {"insurance": {}})).status_code in (400, 422)
