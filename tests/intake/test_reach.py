"""A patient in danger can be reached from the first moment on, whatever they do next."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.registry import all_subscribers
from core.actor import Role, system_actor
from core.events.relay import drain
from core.services import Services
from tests.conftest import ActAs
from tests.decisions import decision
from tests.intake.conftest import World
from tests.people import actor_of, make_patient, make_staff, session_for, sign_in
from visits import repository
from visits import service as visits
from visits.domain import Priority

PLACES = [
    {"line": "5 Pine Rd", "city": "Albany", "state": "NY", "zip": "12207", "country": "US"},
    {"line": "77 Lake Ave", "city": "Miami", "state": "FL", "zip": "33101", "country": "US"},
    {"line": "", "city": "", "state": "NY", "zip": "", "country": "US"},
    {"line": "", "city": "Toronto", "state": "", "zip": "", "country": "CA"},
]
PHONES = {"(518) 462-5000": "+15184625000", "305 375 1234": "+13053751234", "12": None, "": None}
PAIN, NONE = ["chest-pain"], ["none"]


@dataclass
class Form:
    """The patient's form on their device."""

    world: World
    draft: dict[str, Any] = field(default_factory=dict)
    version: int = 0

    async def save(self, **parts: Any) -> dict[str, Any]:
        self.draft |= parts
        answer = await self.world.put(self.version, self.draft, acknowledged=["chest_pain"])
        assert answer.status_code == 200, answer.text
        saved: dict[str, Any] = answer.json()
        self.version = saved["version"]
        return saved

    async def send(self) -> httpx.Response:
        return await self.world.browser.post(
            f"{self.world.url}/submit",
            json={"version": self.version},
            headers={"idempotency-key": str(uuid4())},
        )


async def _queue(world: World) -> list[dict[str, Any]]:
    answer = await world.staff_browser.get("/api/queue")
    assert answer.status_code == 200, answer.text
    entries: list[dict[str, Any]] = answer.json()["entries"]
    return entries


async def _row(world: World) -> dict[str, Any]:
    return next(each for each in await _queue(world) if each["visit_id"] == str(world.visit_id))


async def _signed_in(world: World, act_as: ActAs, role: Role, name: str) -> httpx.AsyncClient:
    async with act_as(system_actor(world.clinic.id)) as unit:
        token = await session_for(unit.write, await make_staff(unit.write, role, name=name))
    browser = world.new_browser()
    sign_in(browser, token)
    return browser


async def _somebody_waits(world: World, act_as: ActAs, priority: Priority) -> None:
    async with act_as(system_actor(world.clinic.id)) as unit:
        patient = await make_patient(unit.write, given="Ana")
    async with act_as(actor_of(patient)) as unit:
        visit = await visits.request(unit.write, patient.id, "cough")
        await visits.make_ready(unit.write, visit, location=PLACES[0], callback_phone="+15184625001")
        if priority is not Priority.ROUTINE:
            await visits.raise_priority(unit.write, visit, [(decision("head_injury"), priority)])


async def _verb(world: World, verb: str, browser: httpx.AsyncClient | None = None) -> httpx.Response:
    body = {"cancel": {}, "admit": {"licence_reason": "Emergency"}}.get(verb)
    return await (browser or world.browser).post(f"/api/visits/{world.visit_id}/{verb}", json=body)


async def test_who_has_chest_pain_is_first_and_can_be_called_and_admitted_out_of_the_intake(
    world: World, act_as: ActAs
) -> None:
    await _somebody_waits(world, act_as, Priority.ROUTINE)
    form = Form(world)
    await form.save(location=PLACES[0], contact={"callback_phone": "(518) 462-5000"})
    assert (await _row(world))["location"] is None, "nobody else's place is told before it is sent"
    await form.save(answers={"safety.now": PAIN})
    first = (await _queue(world))[0]
    assert (first["visit_id"], first["status"]) == (str(world.visit_id), "intake")
    assert (first["location"], first["callback_phone"]) == (PLACES[0], "+15184625000")
    assert first["licensed"] is True
    admitted = await _verb(world, "admit", world.staff_browser)
    assert (admitted.status_code, admitted.json()["status"]) == (200, "admitted")


async def test_until_a_number_is_typed_the_one_on_file_is_called(world: World) -> None:
    form = Form(world)
    await form.save(answers={"safety.now": PAIN})
    assert (await _row(world))["callback_phone"] == world.patient.phone
    await form.save(contact={"callback_phone": "(518) 462-50"})
    assert (await _row(world))["callback_phone"] == world.patient.phone
    await form.save(contact={"callback_phone": "(518) 462-5000"})
    assert (await _row(world))["callback_phone"] == "+15184625000"


async def test_nobody_without_a_red_flag_is_admitted_out_of_the_intake(world: World) -> None:
    await Form(world).save(location=PLACES[0])
    refused = await _verb(world, "admit", world.staff_browser)
    assert (refused.status_code, refused.json()["code"]) == (409, "visit_moved_on")
    back = await _verb(world, "put-back", world.staff_browser)
    assert (back.status_code, back.json()["code"]) == (409, "visit_moved_on")


async def test_where_the_place_is_not_known_or_not_licensed_admitting_takes_a_reason(world: World) -> None:
    form = Form(world)
    await form.save(answers={"safety.now": PAIN})
    for place, state in (({}, ""), (PLACES[0] | {"state": "TX", "zip": "78701"}, "TX")):
        await form.save(location=place)
        refused = await world.staff_browser.post(f"/api/visits/{world.visit_id}/admit", json={})
        assert (refused.status_code, refused.json()["code"]) == (403, "not_licensed_there")
        assert refused.json()["data"] == {"state": state}
    assert (await _verb(world, "admit", world.staff_browser)).status_code == 200


async def test_who_is_admitted_out_of_the_intake_loses_nothing_and_may_still_send_it(world: World) -> None:
    form = Form(world)
    await form.save(**(await world.complete_draft()))
    await form.save(answers=form.draft["answers"] | {"safety.now": PAIN})
    for _ in range(2):
        assert (await _verb(world, "admit", world.staff_browser)).status_code == 200
    await form.save(answers=form.draft["answers"] | {"follow.about": "Pain in the left arm too"})
    sent = await form.send()
    assert (sent.status_code, sent.json()["visit_status"]) == (201, "admitted")
    note = await world.staff_browser.post(f"/api/visits/{world.visit_id}/note")
    assert "Pain in the left arm too" in note.text


async def test_the_note_of_who_was_admitted_out_of_the_intake_begins_with_what_was_said_so_far(
    world: World,
) -> None:
    form = Form(world)
    await form.save(answers={"safety.now": PAIN, "follow.about": "Sleeping badly"})
    await form.save(answers={"safety.now": NONE, "follow.about": "Sleeping badly"})
    await _verb(world, "admit", world.staff_browser)
    note = (await world.staff_browser.post(f"/api/visits/{world.visit_id}/note")).text
    assert "Sleeping badly" in note
    assert "answers changed since: Chest pain" in note


async def test_put_back_leads_to_where_the_patient_came_from(world: World) -> None:
    form = Form(world)
    await form.save(**(await world.complete_draft()))
    await form.save(answers=form.draft["answers"] | {"safety.now": PAIN})
    for expected in ("intake", "waiting"):
        await _verb(world, "admit", world.staff_browser)
        if expected == "waiting":
            assert (await form.send()).status_code == 201
        back = await _verb(world, "put-back", world.staff_browser)
        assert (back.status_code, back.json()["status"]) == (200, expected)
    assert (await world.browser.get(f"/api/visits/{world.visit_id}/waiting")).json()["ahead"] == 0
    await _verb(world, "leave")
    assert (await _verb(world, "admit", world.staff_browser)).status_code == 200
    assert (await _verb(world, "put-back", world.staff_browser)).json()["status"] == "waiting"


async def test_a_call_is_seen_by_all_and_counts_once_however_often_it_is_pressed(
    world: World, act_as: ActAs
) -> None:
    await Form(world).save(answers={"safety.now": PAIN})
    cleo = await _signed_in(world, act_as, Role.COORDINATOR, "Cleo Park")
    for _ in range(2):
        assert (await _verb(world, "phoned", cleo)).status_code == 204
    phoned = (await _row(world))["phoned"]
    assert phoned["by"] == "Cleo Park" and datetime.fromisoformat(phoned["at"])
    assert (await _verb(world, "phoned", world.staff_browser)).status_code == 204
    assert (await _row(world))["phoned"]["by"] == world.clinician.name
    thread = (await cleo.get(f"/api/visits/{world.visit_id}/thread")).json()
    assert [step["by"] for step in thread["steps"] if step["kind"] == "visit.phoned"] == [
        "Cleo Park",
        world.clinician.name,
    ]
    assert (await _verb(world, "phoned")).status_code == 403, "the patient"
    await _verb(world, "cancel")
    late = await _verb(world, "phoned", cleo)
    assert (late.status_code, late.json()["code"]) == (409, "visit_moved_on")


async def test_an_emergency_call_is_kept_once_and_somebody_asks_how_the_patient_is(
    world: World, act_as: ActAs, services: Services
) -> None:
    await Form(world).save(answers={"safety.now": PAIN})
    cleo = await _signed_in(world, act_as, Role.COORDINATOR, "Cleo Park")
    await _verb(world, "admit", world.staff_browser)
    assert (await _verb(world, "emergency")).status_code == 403, "the patient"
    for _ in range(2):
        assert (await _verb(world, "emergency", world.staff_browser)).status_code == 204
    thread = (await cleo.get(f"/api/visits/{world.visit_id}/thread")).json()
    called = [step["by"] for step in thread["steps"] if step["kind"] == "visit.emergency_called"]
    assert called == [world.clinician.name]
    await drain(services, all_subscribers(), world.clinic.id)
    [task] = (await cleo.get("/api/tasks")).json()["tasks"]
    assert (task["source"], task["priority"], task["visit_id"]) == ("emergency", 2, str(world.visit_id))
    await _verb(world, "no-show", world.staff_browser)
    late = await _verb(world, "emergency", cleo)
    assert (late.status_code, late.json()["code"]) == (409, "visit_moved_on")


async def test_a_flag_taken_back_stays_and_says_since_when_everywhere(world: World) -> None:
    form = Form(world)
    await form.save(answers={"safety.now": PAIN})
    saved = await form.save(answers={"safety.now": NONE})
    row, visit = await _row(world), (await world.browser.get(f"/api/visits/{world.visit_id}")).json()
    seen = (await world.staff_browser.get(f"{world.url}/summary")).json()
    assert row["priority"] == Priority.EMERGENCY
    [when] = {
        flags[0]["changed_at"]
        for flags in (saved["flags"], row["red_flags"], visit["red_flags"], seen["flags"])
    }
    assert when is not None and seen["flags"][0]["active"] is False
    await form.save(answers={"safety.now": NONE, "trend": "same"})
    assert (await _row(world))["red_flags"][0]["changed_at"] == when, "the first time counts"
    await form.save(answers={"safety.now": PAIN})
    assert (await _row(world))["red_flags"][0]["changed_at"] is None
    thread = (await world.browser.get(f"/api/visits/{world.visit_id}/thread")).json()
    assert [step["kind"] for step in thread["steps"]] == [
        "visit.requested",
        "visit.flagged",
        "visit.flag_changed",
        "visit.flagged",
    ]


ACTIONS = st.lists(
    st.tuples(st.just("place"), st.sampled_from(PLACES))
    | st.tuples(st.just("phone"), st.sampled_from(sorted(PHONES)))
    | st.tuples(
        st.sampled_from(["raise", "take back", "send", "leave", "return", "admit", "put-back"]), st.none()
    ),
    min_size=3,
    max_size=9,
)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(actions=ACTIONS)
async def test_in_whatever_order_things_happen_the_row_has_the_newest_place_and_number(
    world: World, act_as: ActAs, actions: list[tuple[str, Any]]
) -> None:
    form, flagged = Form(world, await world.complete_draft()), False
    if not any(each["visit_id"] != str(world.visit_id) for each in await _queue(world)):
        await _somebody_waits(world, act_as, Priority.URGENT)
        await _somebody_waits(world, act_as, Priority.ROUTINE)
    del form.draft["location"], form.draft["contact"]
    place, phone, status = None, world.patient.phone, "intake"
    for action, value in actions:
        answers = form.draft["answers"]
        sent = status in ("waiting", "left")
        match action:
            case "place" if not sent:
                place = value
                await form.save(location=value)
            case "phone" if not sent:
                phone = PHONES[value] or phone
                await form.save(contact={"callback_phone": value, "reach_by": "phone"})
            case "raise" if not sent:
                await form.save(answers=answers | {"safety.now": PAIN})
                flagged = True
            case "take back" if not sent:
                await form.save(answers=answers | {"safety.now": NONE})
            case "send":
                await form.send()
            case "leave" | "return" | "put-back" | "admit":
                who = None if action in ("leave", "return") else world.staff_browser
                await _verb(world, action, who)
        queue = await _queue(world)
        row = next(each for each in queue if each["visit_id"] == str(world.visit_id))
        status = row["status"]
        if flagged:
            assert (row["location"], row["callback_phone"]) == (place, phone)
        order = [each["priority"] for each in queue]
        assert order == sorted(order, reverse=True)
    await _over(world, act_as)


async def _over(world: World, act_as: ActAs) -> None:
    """The next example begins with a new visit of the same patient."""
    async with act_as(system_actor(world.clinic.id)) as unit:
        visit = await repository.for_update(unit.write, world.visit_id)
        await unit.write.execute(
            text("UPDATE visit SET status = 'cancelled' WHERE id = :id"), {"id": visit.id}
        )
    async with act_as(actor_of(world.patient)) as unit:
        new: UUID = (await visits.request(unit.write, world.patient.id, "follow-up")).id
    object.__setattr__(world, "visit_id", new)
