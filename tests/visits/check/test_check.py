"""The check before a visit: its ticket, what is kept of it, who is told, and whoever tries more than that."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.asgi import build_app
from app.upkeep import UPKEEP
from core.actor import system_actor
from core.database.session import open_unit
from core.ids import new_id
from core.tickets import TicketRefused, verify, verify_probe
from identity import limits
from tests.conftest import Deliver
from tests.visits.conftest import ClinicAtWork
from tests.visits.history.conftest import CHROME
from visits import repository, service
from visits.check.domain import AGAIN
from visits.domain import VisitKind
from visits.history.domain import KEEP
from visits.models import Slot, Visit

WELL: dict[str, Any] = {
    "camera": "ok", "microphone": "ok", "speaker": "heard", "network": "found", "path": "direct",
    "transport": "udp", "round_trip_ms": 40, "jitter_ms": 3, "loss": 0.0, "up_kbps": 3500, "down_kbps": 3900,
}  # fmt: skip
DEAF = WELL | {"microphone": "denied"}
NO_PATH = {"camera": "ok", "microphone": "ok", "speaker": "heard", "network": "no_path"}


@dataclass
class Waiting:
    """A patient who waits, in their browser, and a coordinator in theirs."""

    clinic: ClinicAtWork
    visit: Visit
    patient: httpx.AsyncClient
    coordinator: httpx.AsyncClient

    async def check(self, facts: dict[str, Any]) -> httpx.Response:
        path = f"/api/visits/{self.visit.id}/check"
        return await self.patient.post(path, json=facts, headers={"user-agent": CHROME})

    async def tasks(self, view: str = "open") -> list[dict[str, Any]]:
        answer = await self.coordinator.get("/api/tasks", params={"view": view})
        found: list[dict[str, Any]] = answer.json()["tasks"]
        return [task for task in found if task["source"] == "check"]


@pytest.fixture
async def waiting(clinic: ClinicAtWork) -> Waiting:
    return await at(clinic, await clinic.waiting())


async def at(clinic: ClinicAtWork, visit: Visit) -> Waiting:
    return Waiting(
        clinic, visit, await clinic.browser(clinic.patient), await clinic.browser(clinic.coordinator)
    )


async def test_the_patient_and_the_clinic_see_what_to_expect(waiting: Waiting) -> None:
    answer = await waiting.check(WELL | {"camera": "denied"})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["verdict"], told["troubles"]) == ("voice", ["camera_denied"])
    mine = (await waiting.patient.get(f"/api/visits/{waiting.visit.id}/waiting")).json()
    assert mine["check"] == told
    [entry] = (await waiting.coordinator.get("/api/queue")).json()["entries"]
    assert (entry["check"]["verdict"], entry["check"]["troubles"]) == ("voice", ["camera_denied"])
    assert (await waiting.check(WELL)).json()["verdict"] == "video"
    [entry] = (await waiting.coordinator.get("/api/queue")).json()["entries"]
    assert (entry["check"]["verdict"], entry["check"]["troubles"]) == ("video", []), "the last one counts"


async def test_before_a_check_nothing_is_said(waiting: Waiting) -> None:
    assert (await waiting.patient.get(f"/api/visits/{waiting.visit.id}/waiting")).json()["check"] is None
    [entry] = (await waiting.coordinator.get("/api/queue")).json()["entries"]
    assert entry["check"] is None


async def test_no_address_and_no_user_agent_is_kept(waiting: Waiting, owner: AsyncEngine) -> None:
    await waiting.check(WELL)
    query = text("SELECT to_jsonb(c) FROM visit_check c WHERE visit_id = :visit")
    async with owner.connect() as connection:
        row = (await connection.execute(query, {"visit": waiting.visit.id})).scalar_one()
    assert row["browser"] == "Chrome 140 on Windows"
    assert (row["round_trip_ms"], row["up_kbps"], row["path"]) == (40, 3500, "direct")
    assert "Mozilla" not in str(row)


@pytest.mark.parametrize("facts", [DEAF, NO_PATH], ids=["no microphone", "no path"])
async def test_who_waits_and_whose_check_failed_is_called_once(
    waiting: Waiting, deliver: Deliver, facts: dict[str, Any]
) -> None:
    for _ in range(3):
        assert (await waiting.check(facts)).json()["verdict"] == "none"
        await deliver()
    [task] = await waiting.tasks()
    assert (task["title"], task["kind"], task["priority"]) == (
        "Call the patient: the connection check failed",
        "call",
        2,
    )
    origin = (await waiting.coordinator.get(f"/api/tasks/{task['id']}")).json()["origin"]
    said = [(quote["what"], quote["text"]) for quote in origin["quotes"]]
    assert ("trouble", "microphone_denied" if facts is DEAF else "no_path") in said


async def test_voice_alone_is_no_failure(waiting: Waiting, deliver: Deliver) -> None:
    await waiting.check(WELL | {"up_kbps": 100})
    await waiting.check({**NO_PATH, "network": "unmeasured"})
    await deliver()
    assert await waiting.tasks() == []


async def test_the_task_closes_itself_when_a_check_passes_and_opens_when_one_fails_again(
    waiting: Waiting, deliver: Deliver
) -> None:
    await waiting.check(DEAF)
    await deliver()
    await waiting.check(WELL)
    await deliver()
    assert await waiting.tasks() == []
    [done] = await waiting.tasks("done")
    assert done["closed_because"] == "check_passed"
    await waiting.check(DEAF)
    await deliver()
    [again] = await waiting.tasks()
    assert again["id"] == done["id"]


async def test_a_check_that_still_fails_later_is_told_again(
    waiting: Waiting, deliver: Deliver, owner: AsyncEngine
) -> None:
    """Whoever called has closed the task, and the patient still cannot be heard."""
    await waiting.check(DEAF)
    await deliver()
    [task] = await waiting.tasks()
    closed = await waiting.coordinator.post(
        f"/api/tasks/{task['id']}/complete",
        json={"outcome": "Talked them through it", "version": task["version"]},
    )
    assert closed.status_code == 200, closed.text
    await waiting.check(DEAF)
    await deliver()
    assert await waiting.tasks() == [], "it is the same failure"
    await age(owner, waiting.visit, AGAIN)
    await waiting.check(DEAF)
    await deliver()
    assert len(await waiting.tasks()) == 1


@pytest.mark.parametrize("how", ["admitted", "cancelled", "no_show"])
async def test_the_task_closes_itself_when_the_visit_begins_or_does_not(
    waiting: Waiting, deliver: Deliver, how: str
) -> None:
    clinic = waiting.clinic
    await waiting.check(DEAF)
    await deliver()
    if how == "cancelled":
        await clinic.act(clinic.patient, waiting.visit.id, service.cancel)
    else:
        verb = service.admit if how == "admitted" else service.mark_no_show
        await clinic.act(clinic.ruth, waiting.visit.id, verb)
    await deliver()
    assert await waiting.tasks() == []
    [done] = await waiting.tasks("done")
    assert done["closed_because"] == ("admitted" if how == "admitted" else "visit_over")


async def test_who_only_answers_questions_yet_is_not_called(clinic: ClinicAtWork, deliver: Deliver) -> None:
    asking = await at(clinic, await clinic.requested())
    assert (await asking.check(DEAF)).status_code == 200
    await deliver()
    assert await asking.tasks() == []


@pytest.mark.parametrize(("ahead", "told"), [(timedelta(hours=3), True), (timedelta(days=2), False)], ids=str)
async def test_whose_appointment_is_near_is_called_in_time_and_who_has_days_is_not(
    clinic: ClinicAtWork, deliver: Deliver, ahead: timedelta, told: bool
) -> None:
    visit = await clinic.requested()
    starts = datetime.now(UTC) + ahead
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        slot = Slot(
            id=new_id(), clinician_id=clinic.ruth.id, starts_at=starts, ends_at=starts + timedelta(minutes=20)
        )
        unit.write.add(slot)
        await unit.write.flush()
        booked = await repository.for_update(unit.write, visit.id)
        booked.kind, booked.slot_id = VisitKind.BOOKED, slot.id
    to_come = await at(clinic, visit)
    assert (await to_come.check(DEAF)).json()["verdict"] == "none"
    await deliver()
    assert [task["priority"] for task in await to_come.tasks()] == ([1] if told else [])


async def test_nobody_checks_for_anybody_else(waiting: Waiting, elsewhere: ClinicAtWork) -> None:
    clinic = waiting.clinic
    for stranger in (
        await clinic.browser(await clinic.another_patient()),
        await elsewhere.browser(elsewhere.patient),
    ):
        for path, body in (("check", WELL), ("check/begin", None)):
            answer = await stranger.post(f"/api/visits/{waiting.visit.id}/{path}", json=body)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_visit_that_is_over_is_checked_no_more(waiting: Waiting) -> None:
    await waiting.clinic.act(waiting.clinic.patient, waiting.visit.id, service.cancel)
    for answer in (
        await waiting.check(WELL),
        await waiting.patient.post(f"/api/visits/{waiting.visit.id}/check/begin"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "visit_moved_on")


@pytest.mark.parametrize(
    "wrong",
    [
        {"camera": "fine"},
        {"speaker": None},
        {"network": "carrier pigeon"},
        {"loss": 1.5},
        {"loss": "much"},
        {"round_trip_ms": -1},
        {"round_trip_ms": 10**400},
        {"up_kbps": 2**63},
        {"down_kbps": 1.5},
        {"path": ""},
        {"verdict": "video"},
        {"address": "203.0.113.7"},
        {"network": "no_path"},
        {"network": "unmeasured"},
    ],
    ids=str,
)
async def test_absurd_findings_are_refused_and_nothing_is_kept(
    waiting: Waiting, wrong: dict[str, object]
) -> None:
    answer = await waiting.check(WELL | wrong)
    assert (answer.status_code, answer.json()["code"]) in [(422, "invalid"), (400, "malformed")], answer.text
    assert (await waiting.patient.get(f"/api/visits/{waiting.visit.id}/waiting")).json()["check"] is None


async def test_a_ticket_opens_the_probe_and_no_call(waiting: Waiting) -> None:
    answer = await waiting.patient.post(f"/api/visits/{waiting.visit.id}/check/begin")
    assert answer.status_code == 200, answer.text
    settings, now = waiting.clinic.services.settings, datetime.now(UTC)
    told = answer.json()
    assert told["probe_url"] == "ws://probe.test"
    ticket = verify_probe(settings.probe_key, told["ticket"], now)
    assert ticket.participant_id == str(waiting.clinic.patient.account_id)
    for key in (settings.probe_key, settings.ticket_key):
        with pytest.raises(TicketRefused):
            verify(key, told["ticket"], now)
    with pytest.raises(TicketRefused, match="ticket_expired"):
        verify_probe(settings.probe_key, told["ticket"], now + timedelta(seconds=61))


async def test_tickets_are_counted_for_each_person(waiting: Waiting) -> None:
    [most, _] = limits.CHECK_TICKETS.items
    for _ in range(most.amount):
        answer = await waiting.patient.post(f"/api/visits/{waiting.visit.id}/check/begin")
        assert answer.status_code == 200
    answer = await waiting.patient.post(f"/api/visits/{waiting.visit.id}/check/begin")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many")


async def test_without_a_probe_there_is_no_ticket(waiting: Waiting) -> None:
    services = waiting.clinic.services
    without = msgspec.structs.replace(services.settings, probe_url="")
    clinic = replace(waiting.clinic, app=build_app(replace(services, settings=without)))
    waiting = await at(clinic, waiting.visit)
    answer = await waiting.patient.post(f"/api/visits/{waiting.visit.id}/check/begin")
    assert (answer.status_code, answer.json()["code"]) == (409, "network_not_measured")


async def test_it_is_forgotten_with_the_history_of_calls(waiting: Waiting, owner: AsyncEngine) -> None:
    await waiting.check(WELL)
    [forget] = [each for each in UPKEEP if each.name == "upkeep.forget"]
    for older, left in ((KEEP - timedelta(minutes=5), True), (timedelta(minutes=10), False)):
        await age(owner, waiting.visit, older)
        await forget.run(waiting.clinic.services)
        mine = (await waiting.patient.get(f"/api/visits/{waiting.visit.id}/waiting")).json()
        assert (mine["check"] is not None) is left


async def age(owner: AsyncEngine, visit: Visit, by: timedelta) -> None:
    """The checks of this visit were made that much earlier."""
    older = text("UPDATE visit_check SET at = at - cast(:by AS interval) WHERE visit_id = :visit")
    async with owner.begin() as connection:
        await connection.execute(older, {"by": by, "visit": visit.id})
