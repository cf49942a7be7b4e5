"""A patient's yes to a red flag's question beside a message reaches the clinic at once, once, and only theirs."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import Role, system_actor
from core.database.session import open_unit
from core.ids import new_id
from core.services import Services
from intake import catalog
from tests.conftest import Deliver, new_browser
from tests.notices import notices_of
from tests.people import make_patient, make_staff, session_for, sign_in

SECRET = "Elephant on my chest since dawn"


class Clinic:
    """A patient, another one and a coordinator, each with a browser."""

    id: UUID
    patient_id: UUID
    patient: httpx.AsyncClient
    other: httpx.AsyncClient
    staff: httpx.AsyncClient
    deliver: Deliver

    async def says_yes(
        self, rule: str = "chest_pain", thread_id: str | None = None, **more: object
    ) -> httpx.Response:
        key = {"Idempotency-Key": str(new_id())}
        body = {"rule": rule, "thread_id": thread_id, **more}
        answer = await self.patient.post("/api/intake/red-flags", json=body, headers=key)
        await self.deliver()
        return answer

    async def begin(self, browser: httpx.AsyncClient, body: str = SECRET) -> str:
        made = await browser.post(
            "/api/threads", json={"subject": "A question", "body": body, "client_id": str(new_id())}
        )
        assert made.status_code == 201, made.text
        thread_id: str = made.json()["id"]
        return thread_id

    async def tasks(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.staff.get("/api/tasks")).json()["tasks"]
        return found

    async def inbox(self, awaiting: str = "") -> list[dict[str, Any]]:
        listed = await self.staff.get(f"/api/threads{awaiting}")
        found: list[dict[str, Any]] = listed.json()["threads"]
        return found


@pytest.fixture
async def clinic(services: Services, app: Litestar, clinic_id: UUID, deliver: Deliver) -> Clinic:
    made = Clinic()
    made.id, made.deliver = clinic_id, deliver
    async with open_unit(services, system_actor(clinic_id)) as unit:
        patient = await make_patient(unit.write)
        other = await make_patient(unit.write, given="Tom", family="Hale")
        coordinator = await make_staff(unit.write, Role.COORDINATOR, name="Kim Cole")
        made.patient_id = patient.id
        made.patient, made.other, made.staff = (new_browser(app) for _ in range(3))
        sign_in(made.patient, await session_for(unit.write, patient))
        sign_in(made.other, await session_for(unit.write, other))
        sign_in(made.staff, await session_for(unit.write, coordinator))
    return made


def one_rule_of_each_level() -> list[str]:
    return sorted({rule.level: rule.id for rule in catalog.rules()}.values())


@pytest.mark.parametrize("rule", one_rule_of_each_level())
async def test_a_yes_without_a_message_makes_an_urgent_call(clinic: Clinic, rule: str) -> None:
    answer = await clinic.says_yes(rule)
    assert answer.status_code == 204, answer.text
    [task] = await clinic.tasks()
    assert (task["kind"], task["priority"], task["source"]) == ("call", 2, "message")
    [flag] = task["red_flags"]
    asked = next(each for each in catalog.rules() if each.id == rule)
    assert (flag["code"], flag["version"]) == (rule, asked.version)
    assert flag["because"] == {"en": f"Yes to “{asked.ask.en}”", "es": f"Sí a «{asked.ask.es}»"}
    assert task["patient_id"] == str(clinic.patient_id)
    assert task["patient_phone"]
    assert task["thread_id"] is None
    detail = (await clinic.staff.get(f"/api/tasks/{task['id']}")).json()
    assert detail["origin"]["by"] == task["patient_name"]


async def test_a_yes_in_a_thread_puts_it_first_with_a_mark_until_the_clinic_answers(clinic: Clinic) -> None:
    thread_id = await clinic.begin(clinic.patient)
    newer = await clinic.begin(clinic.other, "Refill please")
    assert [each["id"] for each in await clinic.inbox()] == [newer, thread_id]
    await clinic.says_yes(thread_id=thread_id)
    for view in ("", "?awaiting=clinic"):
        listed = [(each["id"], each["urgent"]) for each in await clinic.inbox(view)]
        assert listed == [(thread_id, True), (newer, False)]
    [task] = await clinic.tasks()
    assert task["thread_id"] == thread_id
    assert (await clinic.staff.get(f"/api/threads/{thread_id}")).json()["urgent"]
    await clinic.staff.post(
        f"/api/threads/{thread_id}/messages", json={"client_id": str(new_id()), "body": "We are calling you."}
    )
    assert [each["urgent"] for each in await clinic.inbox()] == [False, False]


async def test_a_settled_thread_is_no_longer_urgent(clinic: Clinic) -> None:
    thread_id = await clinic.begin(clinic.patient)
    await clinic.says_yes(thread_id=thread_id)
    settled = await clinic.staff.post(f"/api/threads/{thread_id}/settle")
    assert settled.status_code == 204
    assert [each["urgent"] for each in await clinic.inbox()] == [False]


async def test_a_yes_before_the_thread_begins_marks_the_thread_that_follows(clinic: Clinic) -> None:
    await clinic.says_yes()
    thread_id = await clinic.begin(clinic.patient)
    await clinic.begin(clinic.other)
    first = (await clinic.inbox())[0]
    assert (first["id"], first["urgent"]) == (thread_id, True)
    assert [task["thread_id"] for task in await clinic.tasks()] == [thread_id]


async def test_a_second_yes_and_a_double_click_make_one_task(clinic: Clinic) -> None:
    thread_id = await clinic.begin(clinic.patient)
    answers = await asyncio.gather(*(clinic.says_yes(thread_id=thread_id) for _ in range(4)))
    assert {answer.status_code for answer in answers} == {204}
    [task] = await clinic.tasks()
    done = await clinic.staff.post(
        f"/api/tasks/{task['id']}/complete", json={"version": task["version"], "outcome": "Reached."}
    )
    assert done.status_code in (200, 204), done.text
    assert await clinic.tasks() == []
    await clinic.says_yes(thread_id=thread_id)
    assert [each["id"] for each in await clinic.tasks()] == [task["id"]]


async def test_pages_list_each_thread_once_with_the_urgent_one_first(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.repository.PAGE", 2)
    threads = [await clinic.begin(clinic.patient, f"Question {number}") for number in range(5)]
    await clinic.says_yes(thread_id=threads[0])
    seen: list[str] = []
    query: str | None = ""
    while query is not None:
        page = (await clinic.staff.get(f"/api/threads{query}")).json()
        seen += [each["id"] for each in page["threads"]]
        query = f"?before={page['next']}" if page["next"] else None
    assert seen == [threads[0], *reversed(threads[1:])]


async def test_anothers_thread_and_an_unknown_rule_are_refused(clinic: Clinic) -> None:
    foreign = await clinic.begin(clinic.other, "Refill please")
    assert (await clinic.says_yes(thread_id=foreign)).status_code == 404
    assert (await clinic.says_yes(rule="no_such_rule")).status_code == 422
    assert await clinic.tasks() == []
    assert [each["urgent"] for each in await clinic.inbox()] == [False]
    by_staff = await clinic.staff.post(
        "/api/intake/red-flags", json={"rule": "chest_pain"}, headers={"Idempotency-Key": str(new_id())}
    )
    assert by_staff.status_code in (403, 404)


async def test_the_patients_own_screen_shows_no_mark(clinic: Clinic) -> None:
    thread_id = await clinic.begin(clinic.patient)
    await clinic.says_yes("unsafe_home", thread_id)
    assert [each["urgent"] for each in (await clinic.patient.get("/api/threads")).json()["threads"]] == [
        False
    ]
    assert not (await clinic.patient.get(f"/api/threads/{thread_id}")).json()["urgent"]


def ago(**time: float) -> str:
    return (datetime.now(UTC) - timedelta(**time)).isoformat()


async def test_an_answer_that_waited_on_the_device_says_since_when(clinic: Clinic) -> None:
    async def age() -> timedelta:
        [[flag]] = [task["red_flags"] for task in await clinic.tasks()]
        return datetime.now(UTC) - datetime.fromisoformat(flag["at"])

    await clinic.says_yes(said_at=ago(days=3))
    assert timedelta(days=2, hours=23) < await age() < timedelta(days=3, hours=1)
    await clinic.says_yes(said_at=ago(days=1))
    await clinic.says_yes(said_at=ago(days=2))
    assert timedelta(hours=23) < await age() < timedelta(hours=25)
    await clinic.says_yes(said_at=ago(days=-5))
    assert timedelta() < await age() < timedelta(hours=1)


@pytest.mark.parametrize(("text", "first"), [(SECRET, True), ("I have no chest pain, only a cough", False)])
async def test_dangerous_words_without_an_answer_stand_first(clinic: Clinic, text: str, first: bool) -> None:
    """The question may come too late, or be passed over."""
    thread_id = await clinic.begin(clinic.patient, text)
    await clinic.begin(clinic.other, "Refill please")
    await clinic.deliver()
    assert [each["urgent"] for each in await clinic.inbox() if each["id"] == thread_id] == [first]
    assert await clinic.tasks() == []


async def test_dangerous_words_in_a_later_message_and_in_a_subject_stand_first(clinic: Clinic) -> None:
    later = await clinic.begin(clinic.patient, "My knee is better")
    subject = await clinic.patient.post(
        "/api/threads", json={"subject": SECRET, "body": "See above", "client_id": str(new_id())}
    )
    body = {"client_id": str(new_id()), "body": "i want to kill myself"}
    await clinic.patient.post(f"/api/threads/{later}/messages", json=body)
    await clinic.deliver()
    assert {each["id"] for each in await clinic.inbox() if each["urgent"]} == {later, subject.json()["id"]}


async def test_who_said_no_is_believed_and_a_yes_is_not_taken_back(clinic: Clinic) -> None:
    assert (await clinic.says_yes(yes=False)).status_code == 204
    thread_id = await clinic.begin(clinic.patient)
    await clinic.deliver()
    assert [each["urgent"] for each in await clinic.inbox()] == [False]
    assert await clinic.tasks() == []
    await clinic.says_yes(thread_id=thread_id)
    await clinic.says_yes(yes=False)
    assert [each["urgent"] for each in await clinic.inbox()] == [True]
    assert len(await clinic.tasks()) == 1


async def test_words_of_staff_and_words_that_were_answered_mark_nothing(clinic: Clinic) -> None:
    thread_id = await clinic.begin(clinic.patient)
    reply = {"client_id": str(new_id()), "body": "Do you still have chest pain?"}
    await clinic.staff.post(f"/api/threads/{thread_id}/messages", json=reply)
    await clinic.deliver()
    assert [each["urgent"] for each in await clinic.inbox()] == [False]


@pytest.mark.parametrize(("rule", "noticed"), [("unsafe_home", 0), ("sexual_assault", 0), ("chest_pain", 1)])
async def test_after_violence_the_phone_stays_dark(
    clinic: Clinic, services: Services, rule: str, noticed: int
) -> None:
    thread_id = await clinic.begin(clinic.patient)
    await clinic.says_yes(rule, thread_id)
    await clinic.staff.post(
        f"/api/threads/{thread_id}/messages", json={"client_id": str(new_id()), "body": "We are here."}
    )
    await clinic.deliver()
    told = [each for each in await notices_of(services, clinic.id) if each.kind == "message"]
    assert len(told) == noticed


async def test_staff_screens_hear_of_it_by_ids_and_the_audit_has_it(
    clinic: Clinic, owner: AsyncEngine
) -> None:
    thread_id = await clinic.begin(clinic.patient)
    await clinic.says_yes(thread_id=thread_id)
    async with owner.connect() as connection:
        live = (
            await connection.execute(
                text("SELECT topic, audience, ids FROM live_event WHERE clinic_id = :id"), {"id": clinic.id}
            )
        ).all()
        events = (
            await connection.execute(
                text("SELECT to_jsonb(e) FROM outbox e WHERE clinic_id = :id"), {"id": clinic.id}
            )
        ).scalars()
        actions = (
            await connection.execute(
                text("SELECT action FROM audit_event WHERE clinic_id = :id"), {"id": clinic.id}
            )
        ).scalars()
        told = json.dumps([[each.topic, each.ids] for each in live]) + json.dumps(list(events), default=str)
        assert {"message.red_flag", "thread.urgent", "task.create"} <= set(actions)
    topics = {each.topic for each in live if "role:coordinator" in each.audience}
    assert {"message.red_flag", "thread.changed", "task.changed"} <= topics
    [flag] = [each for each in live if each.topic == "message.red_flag"]
    assert set(flag.audience) == {"role:clinician", "role:coordinator"}
    assert "Elephant" not in told
    assert "chest_pain" not in told
