"""The intake over HTTP for strangers and hostile clients: nothing is seen, and nothing makes a 500."""

import json
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import Role, system_actor
from tests.conftest import ActAs
from tests.intake.conftest import World
from tests.people import make_clinic, make_patient, make_staff, session_for, sign_in


async def _signed_in(world: World, act_as: ActAs, *roles: Role) -> httpx.AsyncClient:
    async with act_as(system_actor(world.clinic.id)) as unit:
        token = await session_for(unit.write, await make_staff(unit.write, *roles))
    browser = world.new_browser()
    sign_in(browser, token)
    return browser


async def test_strangers_see_nothing(world: World, act_as: ActAs, owner: AsyncEngine) -> None:
    await world.put(0, {"answers": {"follow.about": "CANARY"}})
    elsewhere = await make_clinic(owner)
    async with act_as(system_actor(world.clinic.id)) as unit:
        neighbour = await session_for(unit.write, await make_patient(unit.write, given="Other"))
    async with act_as(system_actor(elsewhere.id)) as unit:
        foreigner = await session_for(unit.write, await make_patient(unit.write))
        foreign_doctor = await session_for(unit.write, await make_staff(unit.write))
    body = {"version": 1, "step": "x", "language": "en", "draft": {}}
    for token in (neighbour, foreigner):
        browser = world.new_browser()
        sign_in(browser, token)
        answers = [
            await browser.get(world.url),
            await browser.put(world.url, json=body),
            await browser.post(f"{world.url}/submit", json={"version": 1}),
            await browser.get(f"{world.url}/consent?language=en"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 4
        assert not any("CANARY" in answer.text for answer in answers)
    doctor = world.new_browser()
    sign_in(doctor, foreign_doctor)
    assert (await doctor.get(f"{world.url}/summary")).status_code == 404


async def test_the_form_is_the_patients_and_the_summary_the_clinics(world: World, act_as: ActAs) -> None:
    await world.put(0, {"answers": {"follow.about": "Cough", "trend": "worse"}})
    assert (await world.staff_browser.get(world.url)).status_code == 403
    assert (await world.browser.get(f"{world.url}/summary")).status_code == 403
    coordinator = await _signed_in(world, act_as, Role.COORDINATOR)
    summary = (await coordinator.get(f"{world.url}/summary")).json()
    assert summary["summary"]["hpi_lines"] == ["Course: Getting worse"]
    assert summary["questions"][0] == {
        "group": "What we follow up",
        "question": "What would you like to follow up on?",
        "answer": "Cough",
    }
    admin = await _signed_in(world, act_as, Role.ADMIN)
    assert (await admin.get(f"{world.url}/summary")).status_code == 403
    assert (await world.new_browser().get(world.url)).status_code == 401


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(["\x00", "\ud800", "none", "chest-pain", "9" * 400]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
SECTIONS = st.dictionaries(
    st.sampled_from(
        [
            "identity",
            "location",
            "contact",
            "answers",
            "allergies",
            "no_allergies",
            "pharmacy",
            "consent",
            "x",
        ]
    ),
    JSON
    | st.dictionaries(st.sampled_from(["safety.now", "severity", "country", "zip", "agreed", "key"]), JSON),
    max_size=5,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(draft=JSON | SECTIONS, version=st.integers() | JSON, step=JSON | st.just("identity"))
async def test_nothing_that_a_client_sends_makes_a_500(
    world: World, draft: Any, version: Any, step: Any
) -> None:
    body = json.dumps({"version": version, "step": step, "language": "en", "draft": draft})
    headers = {"content-type": "application/json"}
    for method, url in (("PUT", world.url), ("POST", f"{world.url}/submit")):
        answer = await world.browser.request(method, url, content=body.encode(), headers=headers)
        assert answer.status_code < 500, answer.text
        raw = await world.browser.request(method, url, content=json.dumps(draft).encode(), headers=headers)
        assert raw.status_code < 500, raw.text


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(words=st.text(max_size=120) | st.sampled_from(["\x00", "%", "en\x00", "../x"]))
async def test_no_address_makes_a_500(world: World, words: str) -> None:
    answers = [
        await world.browser.get(f"{world.url}/consent", params={"language": words}),
        await world.browser.get("/api/intake/reasons", params={"clinic": words}),
    ]
    assert all(answer.status_code < 500 for answer in answers), [answer.text for answer in answers]
