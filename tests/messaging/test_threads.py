"""Threads: what each side sees of them, and that a message is there once whatever happens on the way."""

import asyncio
from uuid import UUID

import httpx
import pytest
from litestar import Litestar

from core.actor import Role, system_actor
from core.database.session import open_unit
from core.ids import new_id
from core.services import Services
from identity.models import Patient
from messaging import repository
from tests.conftest import ORIGIN, Deliver, new_browser
from tests.decisions import decision
from tests.notices import notices_of
from tests.people import actor_of, make_patient, make_staff, session_for, sign_in
from visits import service as visits
from visits.domain import Priority


class Clinic:
    """A patient, another patient and a coordinator, each with a browser."""

    patient: Patient
    patient_browser: httpx.AsyncClient
    other_browser: httpx.AsyncClient
    staff_browser: httpx.AsyncClient


@pytest.fixture
async def clinic(services: Services, app: Litestar, clinic_id: UUID) -> Clinic:
    made = Clinic()
    async with open_unit(services, system_actor(clinic_id)) as unit:
        made.patient = await make_patient(unit.write)
        other = await make_patient(unit.write, given="Tom", family="Hale")
        coordinator = await make_staff(unit.write, Role.COORDINATOR, name="Kim Cole")
        made.patient_browser, made.other_browser, made.staff_browser = (new_browser(app) for _ in range(3))
        sign_in(made.patient_browser, await session_for(unit.write, made.patient))
        sign_in(made.other_browser, await session_for(unit.write, other))
        sign_in(made.staff_browser, await session_for(unit.write, coordinator))
    return made


async def _start(clinic: Clinic, body: str = "Is the rash still there?") -> str:
    answer = await clinic.staff_browser.post(
        "/api/threads",
        json={
            "patient_id": str(clinic.patient.id),
            "subject": "Your rash",
            "body": body,
            "client_id": str(new_id()),
        },
    )
    assert answer.status_code == 201, answer.text
    thread_id: str = answer.json()["id"]
    return thread_id


async def test_a_message_is_new_to_the_other_side_until_read_on_any_device(clinic: Clinic) -> None:
    thread_id = await _start(clinic)
    patient, staff = clinic.patient_browser, clinic.staff_browser
    assert (await patient.get("/api/threads/unread")).json() == {"threads": 1, "messages": 1}
    assert (await staff.get("/api/threads/unread")).json() == {"threads": 0, "messages": 0}
    listed = (await patient.get("/api/threads")).json()["threads"][0]
    assert listed["unread"] == 1
    assert listed["awaiting"] == "patient"
    read = await patient.post(f"/api/threads/{thread_id}/read", json={"seq": 1})
    assert read.status_code == 204, read.text
    assert (await patient.get("/api/threads/unread")).json() == {"threads": 0, "messages": 0}
    answer = await patient.post(
        f"/api/threads/{thread_id}/messages", json={"client_id": str(new_id()), "body": "Almost gone."}
    )
    assert answer.status_code == 201
    assert (await staff.get("/api/threads/unread")).json() == {"threads": 1, "messages": 1}
    assert (await staff.get("/api/threads?awaiting=clinic")).json()["threads"][0]["id"] == thread_id


async def test_what_was_read_stays_read_when_an_older_page_reports_later(clinic: Clinic) -> None:
    thread_id = await _start(clinic)
    for body in ("Any fever?", "Any itching?"):
        await clinic.staff_browser.post(
            f"/api/threads/{thread_id}/messages", json={"client_id": str(new_id()), "body": body}
        )
    patient = clinic.patient_browser
    for seq in (3, 1):
        assert (await patient.post(f"/api/threads/{thread_id}/read", json={"seq": seq})).status_code == 204
    assert (await patient.get(f"/api/threads/{thread_id}")).json()["read_to"] == 3
    assert (await patient.get("/api/threads/unread")).json() == {"threads": 0, "messages": 0}


async def test_several_threads_are_counted_each_by_how_far_it_was_read(clinic: Clinic) -> None:
    for number in range(3):
        thread_id = await _start(clinic, body=f"Question {number}")
        if number < 2:
            await clinic.patient_browser.post(f"/api/threads/{thread_id}/read", json={"seq": 1})
    assert (await clinic.patient_browser.get("/api/threads/unread")).json() == {"threads": 1, "messages": 1}
    listed = (await clinic.patient_browser.get("/api/threads")).json()["threads"]
    assert [each["unread"] for each in listed] == [1, 0, 0]


async def test_reading_past_the_end_hides_nothing_that_comes_later(clinic: Clinic) -> None:
    thread_id = await _start(clinic)
    await clinic.patient_browser.post(f"/api/threads/{thread_id}/read", json={"seq": 1_000_000})
    await clinic.staff_browser.post(
        f"/api/threads/{thread_id}/messages", json={"client_id": str(new_id()), "body": "One more thing."}
    )
    assert (await clinic.patient_browser.get("/api/threads/unread")).json()["messages"] == 1


async def test_a_message_sent_again_after_a_lost_reply_is_one_message(clinic: Clinic) -> None:
    thread_id = await _start(clinic)
    body = {"client_id": str(new_id()), "body": "Yes, still itching."}
    answers = await asyncio.gather(
        *(clinic.patient_browser.post(f"/api/threads/{thread_id}/messages", json=body) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    messages = (await clinic.staff_browser.get(f"/api/threads/{thread_id}")).json()["messages"]
    assert [each["seq"] for each in messages] == [1, 2]


async def test_a_first_message_sent_again_days_later_opens_no_second_thread(clinic: Clinic) -> None:
    """Its idempotency key is forgotten by then; the writer's own id of the message is not."""
    body = {"subject": "My rash", "body": "It itches.", "client_id": str(new_id())}
    patient = clinic.patient_browser
    answers = [await patient.post("/api/threads", json=body) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {201}
    assert answers[0].json() == answers[1].json()
    assert len((await patient.get("/api/threads")).json()["threads"]) == 1
    # The same id of somebody else, or to another patient, is another message.
    staff = await clinic.staff_browser.post(
        "/api/threads", json={**body, "patient_id": str(clinic.patient.id)}
    )
    assert staff.json()["id"] != answers[0].json()["id"]


async def test_messages_of_a_race_are_numbered_without_gap(clinic: Clinic) -> None:
    thread_id = await _start(clinic)
    await asyncio.gather(
        *(
            browser.post(f"/api/threads/{thread_id}/messages", json={"client_id": str(new_id()), "body": "x"})
            for _ in range(5)
            for browser in (clinic.patient_browser, clinic.staff_browser)
        )
    )
    messages = (await clinic.staff_browser.get(f"/api/threads/{thread_id}")).json()["messages"]
    assert [each["seq"] for each in messages] == list(range(1, 12))


async def test_another_patient_finds_nothing(clinic: Clinic) -> None:
    thread_id = await _start(clinic, body="CANARY-MESSAGE")
    other = clinic.other_browser
    body = {"client_id": str(new_id()), "body": "hello"}
    for answer in (
        await other.get(f"/api/threads/{thread_id}"),
        await other.post(f"/api/threads/{thread_id}/messages", json=body),
        await other.post(f"/api/threads/{thread_id}/read", json={"seq": 1}),
    ):
        assert answer.status_code == 404
        assert "CANARY" not in answer.text
    assert (await other.get("/api/threads")).json()["threads"] == []
    named = {"patient_id": str(clinic.patient.id), "subject": "s", "body": "b", "client_id": str(new_id())}
    mine = (await other.post("/api/threads", json=named)).json()
    assert mine["patient_id"] != str(clinic.patient.id)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"subject": " ", "body": "b"}, "subject"),
        ({"subject": "s", "body": "  "}, "body"),
        ({"subject": "s" * 201, "body": "b"}, "subject"),
        ({"subject": "s", "body": "b" * 5001}, "body"),
    ],
)
async def test_what_is_wrong_is_said_beside_the_field(
    clinic: Clinic, body: dict[str, str], path: str
) -> None:
    answer = await clinic.patient_browser.post("/api/threads", json={**body, "client_id": str(new_id())})
    assert answer.status_code == 422
    assert [field["path"] for field in answer.json()["fields"]] == [path]


async def test_the_notice_says_that_there_is_a_message_and_not_what(
    clinic: Clinic, deliver: Deliver, services: Services
) -> None:
    thread_id = await _start(clinic, body="CANARY-MESSAGE")
    await deliver()
    await deliver()
    [notice] = await notices_of(services, clinic.patient.clinic_id)
    assert "CANARY" not in notice.text
    assert notice.text.endswith(f"{ORIGIN}/messages/{thread_id}")
    assert notice.status == "shown"


@pytest.mark.parametrize("code", ["unsafe_home", "sexual_assault"])
async def test_no_notice_lights_up_where_somebody_dangerous_may_read_it(
    clinic: Clinic, deliver: Deliver, services: Services, code: str
) -> None:
    async with open_unit(services, actor_of(clinic.patient)) as unit:
        visit = await visits.request(unit.write, clinic.patient.id, "mood")
        await visits.raise_priority(unit.write, visit, [(decision(code), Priority.URGENT)])
    await _start(clinic)
    await deliver()
    await deliver()
    assert await notices_of(services, clinic.patient.clinic_id) == []


async def test_a_long_thread_shows_its_newest_messages_and_leads_back_to_its_first(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "MESSAGES_PAGE", 2)
    thread_id = await _start(clinic, "1")
    for body in ("2", "3", "4", "5"):
        message = {"body": body, "client_id": str(new_id())}
        await clinic.staff_browser.post(f"/api/threads/{thread_id}/messages", json=message)

    pages, earlier = [], None
    for _ in range(3):
        query: dict[str, int] = {"before": earlier} if earlier else {}
        answer = await clinic.patient_browser.get(f"/api/threads/{thread_id}", params=query)
        pages.append([each["body"] for each in answer.json()["messages"]])
        earlier = answer.json()["earlier"]

    assert pages == [["4", "5"], ["2", "3"], ["1"]]
    assert earlier is None


async def test_staff_are_told_of_each_thread_that_waits_for_the_clinic_and_not_of_those_answered(
    clinic: Clinic,
) -> None:
    patient, staff = clinic.patient_browser, clinic.staff_browser
    threads = [await _start(clinic, f"Question {number}") for number in range(3)]
    for thread_id in threads:
        message = {"client_id": str(new_id()), "body": "Here is my answer."}
        await patient.post(f"/api/threads/{thread_id}/messages", json=message)
    assert (await staff.get("/api/threads/unread")).json() == {"threads": 3, "messages": 3}

    await staff.post(f"/api/threads/{threads[0]}/settle")
    assert (await staff.get("/api/threads/unread")).json() == {"threads": 2, "messages": 2}
