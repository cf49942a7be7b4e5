"""How the clinic's calls went: counted by reason and browser, the worst visits first, of this clinic alone."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.visits.conftest import Browser, ClinicAtWork
from tests.visits.history.conftest import HERE, JSON, InCall, an_administrator


async def health(browser: Browser, days: int = 7) -> JSON:
    answer = await browser.get("/api/calls/health", params={"days": days})
    assert answer.status_code == 200, answer.text
    found: JSON = answer.json()
    return found


async def fails(call: InCall, reason: str) -> None:
    path = f"/api/visits/{call.visit_id}/connection/failures"
    answer = await call.patient.post(path, json={"reason": reason, "attempt_id": call.patients_attempt})
    assert answer.status_code == 204, answer.text


async def another_call(clinic: ClinicAtWork, given: str) -> tuple[Browser, UUID, str]:
    patient = await clinic.another_patient(given)
    visit = await clinic.admitted(patient)
    browser = await clinic.browser(patient)
    answer = await browser.post(f"/api/visits/{visit.id}/join", json=HERE)
    return browser, visit.id, answer.json()["attempt_id"]


async def test_a_clinic_without_calls_has_nothing_to_show(clinic: ClinicAtWork) -> None:
    found = await health(await an_administrator(clinic))
    assert found == {
        "days": 7, "visits": 0, "attempts": 0, "drops": 0, "marks": 0, "failed": 0, "failures": [], "worst": [],
    }  # fmt: skip


async def test_failures_are_counted_by_reason_and_browser(call: InCall) -> None:
    await fails(call, "device_denied")
    await fails(call, "no_media")
    found = await health(call.support)
    assert (found["visits"], found["attempts"], found["failed"]) == (1, 2, 2)
    assert found["failures"] == [
        {"reason": "device_denied", "browser": "Chrome 140 on Windows", "count": 1},
        {"reason": "no_media", "browser": "Chrome 140 on Windows", "count": 1},
    ]


async def test_a_ticket_that_nobody_used_is_a_failure_unless_the_page_said_why(
    call: InCall, owner: AsyncEngine
) -> None:
    ended = text(
        "UPDATE call_attempt SET ended_at = now(), end_cause = 'never_joined' WHERE visit_id = :visit"
    )
    async with owner.begin() as connection:
        await connection.execute(ended, {"visit": call.visit_id})
    await fails(call, "no_signaling")
    found = await health(call.support)
    assert {(each["reason"], each["count"]) for each in found["failures"]} == {
        ("no_signaling", 1),
        ("never_joined", 1),
    }


async def test_the_worst_visits_come_first_and_good_ones_not_at_all(call: InCall) -> None:
    dropped, its_visit, its_attempt = await another_call(call.clinic, "Lou")
    drop = {"at_ms": 10, "lasted_ms": 900, "cause": "media"}
    await dropped.post(
        f"/api/visits/{its_visit}/connection", json={"attempt_id": its_attempt, "drops": [drop]}
    )
    await another_call(call.clinic, "Kim")
    await call.patient.post(
        f"/api/visits/{call.visit_id}/connection/mark", json={"attempt_id": call.patients_attempt}
    )
    await call.send(samples=[call.sample(path="relay", loss=0.5)])
    worst = (await health(call.support))["worst"]
    assert [UUID(each["visit_id"]) for each in worst] == [call.visit_id, its_visit]
    assert (worst[0]["marks"], worst[0]["relayed"], worst[0]["loss"]) == (1, True, pytest.approx(0.5))
    assert (worst[1]["drops"], worst[1]["marks"], worst[1]["relayed"]) == (1, 0, False)


async def test_only_the_days_that_were_asked_for_count(call: InCall, owner: AsyncEngine) -> None:
    await fails(call, "no_media")
    values = {"by": timedelta(days=8), "visit": call.visit_id}
    async with owner.begin() as connection:
        for statement in (
            "UPDATE call_attempt SET requested_at = requested_at - cast(:by AS interval) WHERE visit_id = :visit",
            "UPDATE call_failure SET at = at - cast(:by AS interval) WHERE visit_id = :visit",
        ):
            await connection.execute(text(statement), values)
    week, month = await health(call.support, 7), await health(call.support, 30)
    assert (week["attempts"], week["failed"], week["worst"]) == (0, 0, [])
    assert (month["attempts"], month["failed"], len(month["worst"])) == (2, 1, 1)
    for days in ("0", "91", "-1", "x", "1e9", "NaN"):
        assert (await call.support.get("/api/calls/health", params={"days": days})).status_code == 422


async def test_another_clinic_sees_none_of_it(call: InCall, elsewhere: ClinicAtWork) -> None:
    await fails(call, "no_media")
    admin = await an_administrator(elsewhere)
    assert (await health(admin))["attempts"] == 0
    assert (await admin.get(f"/api/visits/{call.visit_id}/connection")).status_code == 404


async def test_patients_and_clinicians_are_kept_out(call: InCall) -> None:
    for browser in (call.patient, call.doctor):
        for path in ("/api/calls/health", f"/api/visits/{call.visit_id}/connection"):
            answer = await browser.get(path)
            assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
