"""The clinicians' queue: races, presence, what it costs, and how fast the screens hear of it."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from redis.asyncio import Redis
from sqlalchemy import event, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from core.database.session import open_unit
from core.live.hub import LiveHub
from core.services import Services
from tests.patience import PATIENCE
from tests.people import actor_of
from tests.visits.conftest import HOME, ClinicAtWork
from visits import repository, service, tasks, views
from visits.location import licensed
from visits.models import Visit
from visits.waiting import presence
from visits.waiting.estimate import line_up
from visits.waiting.queue import read_queue

TAB = {"page": "tab-1"}


@contextmanager
def counted(engine: AsyncEngine) -> Iterator[list[str]]:
    """The statements that are executed meanwhile."""
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)


async def test_of_two_clinicians_who_admit_at_once_one_does_and_the_other_is_told_who(
    clinic: ClinicAtWork,
) -> None:
    for _ in range(5):
        visit = await clinic.waiting(await clinic.another_patient())
        browsers = {who.name: await clinic.browser(who) for who in (clinic.ruth, clinic.omar)}
        answers = await asyncio.gather(
            *(each.post(f"/api/visits/{visit.id}/admit", json={}) for each in browsers.values())
        )
        by_name = dict(zip(browsers, answers, strict=True))
        winner = next(name for name, answer in by_name.items() if answer.status_code == 200)
        (loser,) = (answer for name, answer in by_name.items() if name != winner)
        assert by_name[winner].json()["clinician"]["name"] == winner
        assert (loser.status_code, loser.json()["code"]) == (409, "visit_already_admitted")
        assert loser.json()["data"] == {"by": winner}


async def test_admitting_twice_is_admitting_once(clinic: ClinicAtWork) -> None:
    visit = await clinic.waiting()
    browser = await clinic.browser(clinic.ruth)
    answers = [await browser.post(f"/api/visits/{visit.id}/admit", json={}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()


async def test_help_is_called_where_the_patient_is_not_where_the_clinic_is(clinic: ClinicAtWork) -> None:
    abroad = {"line": "Calle Mayor 1", "city": "Madrid", "state": "", "zip": "28013", "country": "ES"}
    for location, number in ((HOME, None), (abroad, "112"), ({**abroad, "country": "CA"}, "911")):
        patient = await clinic.another_patient()
        visit = await clinic.waiting(patient, location=location)
        for who in (patient, clinic.ruth):
            browser = await clinic.browser(who)
            assert (await browser.get(f"/api/visits/{visit.id}")).json()["emergency_number"] == number


async def test_the_queue_says_who_waits_why_where_and_whether_they_are_there(clinic: ClinicAtWork) -> None:
    visit = await clinic.waiting()
    doctor, patient = await clinic.browser(clinic.ruth), await clinic.browser(clinic.patient)
    (entry,) = (await doctor.get("/api/queue")).json()["entries"]
    assert entry["patient"]["name"] == "Maria Lopez"
    assert (entry["reason_code"], entry["status"]) == ("cough", "waiting")
    assert (entry["location"], entry["licensed"]) == (HOME, True)
    assert entry["presence"] == {"state": "left", "since": None}
    await patient.post(f"/api/visits/{visit.id}/here", json=TAB)
    (entry,) = (await doctor.get("/api/queue")).json()["entries"]
    assert entry["presence"] == {"state": "here", "since": None}
    await patient.post(f"/api/visits/{visit.id}/away", json=TAB)
    (entry,) = (await doctor.get("/api/queue")).json()["entries"]
    assert (entry["presence"]["state"], entry["status"]) == ("left", "waiting")


async def test_closing_one_of_two_tabs_leaves_the_patient_there(clinic: ClinicAtWork) -> None:
    visit = await clinic.waiting()
    doctor, patient = await clinic.browser(clinic.ruth), await clinic.browser(clinic.patient)
    for tab in (TAB, {"page": "tab-2"}):
        await patient.post(f"/api/visits/{visit.id}/here", json=tab)
    await patient.post(f"/api/visits/{visit.id}/away", json=TAB)
    (entry,) = (await doctor.get("/api/queue")).json()["entries"]
    assert entry["presence"] == {"state": "here", "since": None}
    for hostile in ("", "a:b", "x" * 41, 7, None):
        refused = await patient.post(f"/api/visits/{visit.id}/here", json={"page": hostile})
        assert refused.status_code == 422


async def test_a_clinician_at_the_queue_counts_as_at_work_and_a_coordinator_does_not(
    clinic: ClinicAtWork,
) -> None:
    visit = await clinic.waiting()
    patient = await clinic.browser(clinic.patient)
    for who, expected in ((clinic.coordinator, 0), (clinic.ruth, 1), (clinic.omar, 2)):
        await (await clinic.browser(who)).post("/api/queue/here", json=TAB)
        answer = (await patient.get(f"/api/visits/{visit.id}/waiting")).json()
        assert answer["clinicians"] == expected


async def test_the_queue_follows_the_line_and_the_rule_of_licences(clinic: ClinicAtWork) -> None:
    places = (HOME, {**HOME, "state": "OR"}, {**HOME, "country": "MX"}, {"state": "WA"}, {"city": "Bend"})
    waiting = [await clinic.waiting(await clinic.another_patient()) for _ in (*places, {}, None)]
    async with open_unit(clinic.services, actor_of(clinic.ruth)) as unit:
        for number, (visit, place) in enumerate(zip(waiting, (*places, {}, None), strict=True)):
            told = {"location": place, "priority": number % 3 // 2}
            await unit.write.execute(update(Visit).where(Visit.id == visit.id).values(told))
    async with open_unit(clinic.services, actor_of(clinic.ruth)) as unit:
        line = line_up(await repository.line(unit.read), unit.read.now())
        licences = await repository.licences_of(unit.read, clinic.ruth.id)
    entries = (await (await clinic.browser(clinic.ruth)).get("/api/queue")).json()["entries"]
    assert [entry["visit_id"] for entry in entries] == [str(entry.visit_id) for entry in line]
    assert [entry["licensed"] for entry in entries] == [licensed(licences, each.location) for each in line]
    assert {entry["licensed"] for entry in entries} == {True, False, None}


async def test_those_who_are_done_are_not_in_the_queue(clinic: ClinicAtWork) -> None:
    await clinic.finished(10)
    waiting = await clinic.waiting()
    admitted = await clinic.admitted(await clinic.another_patient())
    answering = await clinic.requested(await clinic.another_patient())
    doctor = await clinic.browser(clinic.omar)
    entries = (await doctor.get("/api/queue")).json()["entries"]
    shown = [(entry["visit_id"], entry["status"]) for entry in entries]
    assert shown[0] == (str(waiting.id), "waiting")
    assert set(shown[1:]) == {(str(admitted.id), "admitted"), (str(answering.id), "intake")}


async def test_the_queue_costs_the_same_queries_for_one_and_for_twenty(clinic: ClinicAtWork) -> None:
    doctor = await clinic.browser(clinic.ruth)
    await clinic.waiting()
    costs = []
    for more in (0, 19):
        for _ in range(more):
            await clinic.waiting(await clinic.another_patient())
        with counted(clinic.services.engine) as statements:
            queue = await doctor.get("/api/queue")
        assert len(queue.json()["entries"]) == 1 + more
        costs.append(len(statements))
    assert costs[0] == costs[1]


async def test_the_clinics_word_that_it_runs_late_stands_on_the_patients_page(clinic: ClinicAtWork) -> None:
    visit = await clinic.waiting()
    doctor, patient = await clinic.browser(clinic.ruth), await clinic.browser(clinic.patient)
    await doctor.post(f"/api/visits/{visit.id}/running-late", json={"minutes": 25})
    late = (await patient.get(f"/api/visits/{visit.id}/waiting")).json()["running_late"]
    assert late["minutes"] == 25
    for minutes in (0, 241, "soon"):
        refused = await doctor.post(f"/api/visits/{visit.id}/running-late", json={"minutes": minutes})
        assert [f["path"] for f in refused.json()["fields"]] == ["minutes"]


async def test_a_clinician_without_a_licence_for_the_place_shortens_nobodys_wait(
    clinic: ClinicAtWork,
) -> None:
    for minutes in (10, 12, 14, 16, 18):
        await clinic.finished(minutes)
    await (await clinic.browser(clinic.ruth)).post("/api/queue/here", json=TAB)
    portland = {**HOME, "city": "Portland", "state": "OR", "zip": "97201"}
    patients = clinic.patient, await clinic.another_patient()
    for patient, place, known in zip(patients, (portland, HOME), (False, True), strict=True):
        visit = await clinic.waiting(patient, place)
        shown = (await (await clinic.browser(patient)).get(f"/api/visits/{visit.id}/waiting")).json()
        assert (shown["clinicians"], shown["estimate"] is not None) == (1, known)


async def test_the_estimate_is_honest_about_knowing_nothing_and_uses_what_it_knows(
    clinic: ClinicAtWork,
) -> None:
    visit = await clinic.waiting()
    browser = await clinic.browser(clinic.patient)
    first = (await browser.get(f"/api/visits/{visit.id}/waiting")).json()
    assert (first["ahead"], first["estimate"], first["clinicians"]) == (0, None, 0)
    for minutes in (10, 12, 14, 16, 18):
        await clinic.finished(minutes)
    gone = (await browser.get(f"/api/visits/{visit.id}/waiting")).json()
    assert (gone["estimate"], gone["clinicians"]) == (None, 0), "whoever closed the queue sees nobody next"
    doctor = await clinic.browser(clinic.ruth)
    await doctor.post("/api/queue/here", json=TAB)
    known = (await browser.get(f"/api/visits/{visit.id}/waiting")).json()
    assert (known["ahead"], known["clinicians"]) == (0, 1)
    assert known["estimate"]["low"] == 0 <= known["estimate"]["likely"] <= known["estimate"]["high"]
    await clinic.admitted(await clinic.another_patient())
    await doctor.post("/api/queue/away", json=TAB)
    busy = (await browser.get(f"/api/visits/{visit.id}/waiting")).json()
    assert 9 <= busy["estimate"]["low"] <= 10 and 15 <= busy["estimate"]["high"] <= 16


async def test_a_page_that_falls_silent_is_swept_out_and_the_clinic_hears_of_it(
    clinic: ClinicAtWork, services: Services
) -> None:
    visit = await clinic.waiting()
    patient, doctor = await clinic.browser(clinic.patient), await clinic.browser(clinic.ruth)
    await patient.post(f"/api/visits/{visit.id}/here", json=TAB)
    long_ago = (services.clock.now() - presence.GONE_AFTER - timedelta(seconds=1)).timestamp()
    await services.redis.zadd(
        f"carethread:presence:{clinic.clinic_id}", {f"visit:{visit.id}:tab-1": long_ago}
    )
    asleep = (await doctor.get("/api/queue")).json()["entries"][0]["presence"]
    assert (asleep["state"], datetime.fromisoformat(asleep["since"]).timestamp()) == ("asleep", long_ago)
    hub: LiveHub = clinic.app.state.hub
    messages = hub.listen(actor_of(clinic.ruth), None)
    assert (await anext(messages)).topic == "live.hello"
    await presence.sweep(services)
    assert (await asyncio.wait_for(anext(messages), PATIENCE)).topic == "queue.changed"
    await messages.aclose()


async def test_without_redis_the_queue_still_works_and_says_that_it_cannot_tell(
    clinic: ClinicAtWork, services: Services
) -> None:
    """Redis holds nothing that the queue needs (case 3, case 4)."""
    visit = await clinic.waiting()
    nowhere = Redis(host="127.0.0.1", port=1, socket_connect_timeout=0.2)
    cut_off = replace(services, redis=nowhere)
    assert await presence.here(cut_off, clinic.clinic_id, presence.OpenPage("visit", visit.id, "x")) is False
    async with open_unit(cut_off, actor_of(clinic.ruth)) as unit:
        (entry,) = json.loads(await read_queue(unit.read))["entries"]
    assert (entry["presence"], entry["doubts"]) == (None, [])
    await clinic.finished(10)
    async with open_unit(cut_off, actor_of(clinic.patient)) as unit:
        assert (await views.waiting(unit.read, visit.id)).clinicians == 1, "who was just at work still is"
    await nowhere.aclose()


async def test_the_patients_page_hears_at_once_that_a_clinician_is_ready(clinic: ClinicAtWork) -> None:
    visit = await clinic.waiting()
    hub: LiveHub = clinic.app.state.hub
    patient = hub.listen(actor_of(clinic.patient), None)
    await anext(patient)
    await clinic.act(clinic.ruth, visit.id, service.admit)
    heard = await asyncio.wait_for(anext(patient), PATIENCE)
    assert (heard.topic, heard.ids) == ("visit.changed", {"visit_id": str(visit.id)})
    await patient.aclose()


async def test_requests_that_nobody_came_back_to_are_closed(
    clinic: ClinicAtWork, services: Services, owner: AsyncEngine
) -> None:
    forgotten = await clinic.requested()
    left = await clinic.waiting(await clinic.another_patient())
    await clinic.act(clinic.ruth, left.id, service.leave)
    fresh = await clinic.requested(await clinic.another_patient())
    async with owner.begin() as connection:
        for column, visit in (("requested_at", forgotten), ("left_at", left)):
            old = f"UPDATE visit SET {column} = now() - interval '25 hours' WHERE id = :visit"  # noqa: S608  two constants
            await connection.execute(text(old), {"visit": visit.id})
    await tasks.close_abandoned(services)
    assert [(await clinic.fetch(v.id)).status.value for v in (forgotten, left, fresh)] == [
        "cancelled",
        "cancelled",
        "intake",
    ]
