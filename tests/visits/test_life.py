"""A visit through its life, over HTTP: who may do what, when, and what everyone else sees of it."""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import system_actor
from core.database.session import open_unit
from tests.decisions import decision
from tests.visits.conftest import HOME, PHONE, ClinicAtWork
from visits import repository, service
from visits.calls import service as calls
from visits.domain import AttemptEnd, Priority


async def test_a_patient_asks_once_and_is_shown_the_visit_that_is_open(clinic: ClinicAtWork) -> None:
    browser = await clinic.browser(clinic.patient)
    first = await browser.post("/api/visits", json={"reason_code": "cough"})
    assert first.status_code == 201, first.text
    assert first.json()["status"] == "intake"
    again = await browser.post("/api/visits", json={"reason_code": "rash"})
    assert again.status_code == 409
    assert again.json()["code"] == "visit_already_open"
    assert again.json()["data"]["visit_id"] == first.json()["id"]
    mine = await browser.get("/api/visits")
    assert [visit["id"] for visit in mine.json()] == [first.json()["id"]]


async def test_a_long_list_of_visits_goes_on_where_the_page_before_ended(clinic: ClinicAtWork) -> None:
    browser = await clinic.browser(clinic.patient)
    asked = []
    for _ in range(3):
        asked.append((await browser.post("/api/visits", json={"reason_code": "cough"})).json()["id"])
        await browser.post(f"/api/visits/{asked[-1]}/cancel", json={})
    theirs = await clinic.requested(await clinic.another_patient())
    first = (await browser.get("/api/visits", params={"limit": "2"})).json()
    then = (await browser.get("/api/visits", params={"limit": "2", "before": first[-1]["id"]})).json()
    assert [visit["id"] for visit in [*first, *then]] == asked[::-1]
    assert (await browser.get("/api/visits", params={"before": str(theirs.id)})).json() == []
    for query in ({"limit": "0"}, {"limit": "101"}, {"before": "the last one"}):
        assert (await browser.get("/api/visits", params=query)).status_code == 422


async def test_the_same_request_sent_twice_is_one_visit(clinic: ClinicAtWork) -> None:
    browser = await clinic.browser(clinic.patient)
    key = {"idempotency-key": "one-and-the-same-key"}
    answers = [
        await browser.post("/api/visits", json={"reason_code": "cough"}, headers=key) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


async def test_a_reason_that_is_not_offered_is_refused_beside_its_field(clinic: ClinicAtWork) -> None:
    browser = await clinic.browser(clinic.patient)
    for body, code in (
        ({"reason_code": "teleport"}, "reason_not_offered"),
        ({}, "required"),
        ({"reason_code": 7}, "malformed"),
    ):
        answer = await browser.post("/api/visits", json=body)
        assert answer.status_code == 422
        assert [(f["path"], f["code"]) for f in answer.json()["fields"]] == [("reason_code", code)]
    sneaky = await browser.post("/api/visits", json={"reason_code": "cough", "priority": 2})
    assert sneaky.status_code == 422
    assert [(f["path"], f["code"]) for f in sneaky.json()["fields"]] == [("priority", "unknown_field")]


async def test_leaving_and_coming_back_keeps_the_place(clinic: ClinicAtWork) -> None:
    first = await clinic.waiting()
    second = await clinic.waiting(await clinic.another_patient())
    browser = await clinic.browser(clinic.patient)
    left = await browser.post(f"/api/visits/{first.id}/leave")
    assert left.json()["status"] == "left"
    assert (await browser.get(f"/api/visits/{first.id}/waiting")).json()["ahead"] is None
    back = await browser.post(f"/api/visits/{first.id}/return")
    assert back.json()["status"] == "waiting"
    assert (await browser.get(f"/api/visits/{first.id}/waiting")).json()["ahead"] == 0
    assert second.id != first.id


async def test_a_red_flag_moves_a_patient_to_the_front_and_stays_when_raised_again(
    clinic: ClinicAtWork,
) -> None:
    await clinic.waiting(await clinic.another_patient())
    flagged = await clinic.waiting()
    for priority in (Priority.EMERGENCY, Priority.URGENT):
        await clinic.act(
            clinic.patient, flagged.id, service.raise_priority, [(decision("chest_pain"), priority)]
        )
    doctor = await clinic.browser(clinic.ruth)
    queue = (await doctor.get("/api/queue")).json()["entries"]
    assert queue[0]["visit_id"] == str(flagged.id)
    assert queue[0]["priority"] == Priority.EMERGENCY
    assert [(flag["code"], flag["level"]) for flag in queue[0]["red_flags"]] == [("chest_pain", "emergency")]


async def test_what_the_state_does_not_allow_says_what_the_state_is(clinic: ClinicAtWork) -> None:
    visit = await clinic.admitted()
    patient, doctor = await clinic.browser(clinic.patient), await clinic.browser(clinic.ruth)
    for browser, verb, body in (
        (patient, "leave", None),
        (patient, "return", None),
        (patient, "cancel", {}),
        (doctor, "running-late", {"minutes": 10}),
    ):
        answer = await browser.post(f"/api/visits/{visit.id}/{verb}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "visit_moved_on"), verb
        assert answer.json()["data"] == {"status": "admitted"}
    await clinic.act(clinic.ruth, visit.id, service.finish)
    late = await doctor.post(f"/api/visits/{visit.id}/put-back")
    assert late.json()["data"] == {"status": "finished"}


async def test_only_the_clinician_who_has_the_visit_ends_it(clinic: ClinicAtWork) -> None:
    visit = await clinic.admitted()
    other, own = await clinic.browser(clinic.omar), await clinic.browser(clinic.ruth)
    bodies = {"finish-visit": {"sha256": "0" * 64}}
    for verb in ("finish-visit", "no-show"):
        answer = await other.post(f"/api/visits/{visit.id}/{verb}", json=bodies.get(verb))
        assert (answer.status_code, answer.json()["code"]) == (403, "not_your_visit"), verb
    back = await own.post(f"/api/visits/{visit.id}/put-back")
    assert (back.json()["status"], back.json()["clinician"]) == ("waiting", None)
    taken = await other.post(f"/api/visits/{visit.id}/admit", json={})
    assert taken.json()["clinician"]["name"] == "Omar Haddad"


async def test_a_patient_whose_clinician_is_gone_is_given_back_by_a_colleague(clinic: ClinicAtWork) -> None:
    visit = await clinic.admitted()
    gone, other = await clinic.browser(clinic.ruth), await clinic.browser(clinic.omar)
    await gone.post(f"/api/visits/{visit.id}/join", json={})
    refused = await other.post(f"/api/visits/{visit.id}/put-back")
    assert (refused.status_code, refused.json()["code"]) == (409, "clinician_in_call")
    assert refused.json()["data"] == {"by": clinic.ruth.name}
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        attempt = await repository.open_attempt(unit.write, visit.id, clinic.ruth.id)
        assert attempt is not None
        await calls.end_attempt(unit.write, visit, attempt, AttemptEnd.TIMEOUT, unit.write.now())
    back = await other.post(f"/api/visits/{visit.id}/put-back")
    assert (back.json()["status"], back.json()["clinician"]) == ("waiting", None)


async def test_a_clinician_without_a_licence_where_the_patient_is_has_to_say_why(
    clinic: ClinicAtWork, owner: AsyncEngine
) -> None:
    visit = await clinic.requested()
    in_texas = {**HOME, "city": "Austin", "state": "TX", "zip": "78701"}
    await clinic.act(clinic.patient, visit.id, service.make_ready, location=in_texas, callback_phone=PHONE)
    doctor = await clinic.browser(clinic.ruth)
    assert (await doctor.get("/api/queue")).json()["entries"][0]["licensed"] is False
    refused = await doctor.post(f"/api/visits/{visit.id}/admit", json={})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_licensed_there")
    assert refused.json()["data"] == {"state": "TX"}
    admitted = await doctor.post(f"/api/visits/{visit.id}/admit", json={"licence_reason": "Compact licence"})
    assert admitted.json()["status"] == "admitted"
    async with owner.connect() as connection:
        reasons = await connection.scalars(
            text("SELECT reason FROM audit_event WHERE action = 'visit.admitted' AND entity_id = :visit"),
            {"visit": visit.id},
        )
    assert reasons.all() == ["Compact licence"]


async def test_the_thread_tells_the_story_with_names_and_times(clinic: ClinicAtWork) -> None:
    visit = await clinic.admitted()
    await clinic.act(clinic.ruth, visit.id, service.finish)
    browser = await clinic.browser(clinic.patient)
    steps = (await browser.get(f"/api/visits/{visit.id}/thread")).json()["steps"]
    assert [(step["kind"], step["by"]) for step in steps] == [
        ("visit.requested", "Maria Lopez"),
        ("visit.ready", "Maria Lopez"),
        ("visit.admitted", "Ruth Adler"),
        ("visit.finished", "Ruth Adler"),
    ]
    assert sorted(step["at"] for step in steps) == [step["at"] for step in steps]


async def test_a_stranger_finds_nothing_at_all(clinic: ClinicAtWork, elsewhere: ClinicAtWork) -> None:
    visit = await clinic.waiting()
    neighbour = await clinic.browser(await clinic.another_patient())
    foreign_patient = await elsewhere.browser(elsewhere.patient)
    foreign_doctor = await elsewhere.browser(elsewhere.ruth)
    reads = (f"/api/visits/{visit.id}", f"/api/visits/{visit.id}/thread")
    for browser in (neighbour, foreign_patient, foreign_doctor):
        for path in reads:
            answer = await browser.get(path)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    bodies = {
        "join": {"location": HOME, "callback_phone": PHONE},
        "cancel": {},
        "here": {"page": "tab-1"},
        "away": {"page": "tab-1"},
    }
    for verb in ("leave", "return", *bodies):
        answer = await foreign_patient.post(f"/api/visits/{visit.id}/{verb}", json=bodies.get(verb))
        assert answer.status_code == 404, verb
    bodies = {"admit": {}, "finish-visit": {"sha256": "0" * 64}}
    for verb in ("admit", "put-back", "no-show", "finish-visit"):
        answer = await foreign_doctor.post(f"/api/visits/{visit.id}/{verb}", json=bodies.get(verb))
        assert answer.status_code == 404, verb
    assert (await foreign_doctor.get("/api/queue")).json()["entries"] == []
    assert (await clinic.fetch(visit.id)).status == "waiting"


async def test_everything_that_is_done_and_read_stands_in_the_audit(
    clinic: ClinicAtWork, owner: AsyncEngine
) -> None:
    visit = await clinic.admitted()
    doctor = await clinic.browser(clinic.ruth)
    await doctor.get(f"/api/visits/{visit.id}")
    await doctor.get("/api/queue")
    async with owner.connect() as connection:
        rows = await connection.execute(
            text(
                "SELECT action, account_id, patient_id FROM audit_event WHERE clinic_id = :clinic ORDER BY seq"
            ),
            {"clinic": clinic.clinic_id},
        )
    told: list[tuple[str, UUID, UUID | None]] = [
        (row.action, row.account_id, row.patient_id)
        for row in rows
        if row.action.startswith(("visit", "queue"))
    ]
    patient, ruth = clinic.patient, clinic.ruth
    assert told == [
        ("visit.requested", patient.account_id, patient.id),
        ("visit.ready", patient.account_id, patient.id),
        ("visit.admitted", ruth.id, patient.id),
        ("visit.read", ruth.id, patient.id),
        ("queue.read", ruth.id, None),
    ]
