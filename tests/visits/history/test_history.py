"""What a page in a call tells of it: kept once, of one's own attempt alone, and whatever nonsense comes is refused."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.upkeep import UPKEEP
from tests.visits.conftest import ClinicAtWork
from tests.visits.history.conftest import CHROME, HERE, InCall, an_administrator, begin_earlier
from visits import service
from visits.history.domain import KEEP, MAX_DROPS, MAX_SAMPLES


async def test_support_staff_see_who_was_there_and_what_was_measured(call: InCall) -> None:
    drop = {"at_ms": 2000, "lasted_ms": 1500, "cause": "media"}
    answer = await call.send(
        samples=[call.sample(), call.sample(12_000, path="relay", loss=0.2)], drops=[drop]
    )
    assert answer.status_code == 204, answer.text
    seen = await call.seen()
    patient, doctor = seen["attempts"]
    assert (patient["role"], patient["browser"]) == ("patient", "Chrome 140 on Windows")
    assert (doctor["role"], doctor["ended_at"]) == ("clinician", None)
    assert [(each["from_role"], each["path"], each["loss"]) for each in seen["samples"]] == [
        ("clinician", "direct", pytest.approx(0.01)),
        ("clinician", "relay", pytest.approx(0.2)),
    ]
    assert [(each["cause"], each["lasted_ms"], each["recovered"]) for each in seen["drops"]] == [
        ("media", 1500, True)
    ]
    assert seen["thinned"] is False


async def test_what_they_see_names_nobody(call: InCall) -> None:
    await call.send(samples=[call.sample()])
    admin = await an_administrator(call.clinic)
    answer = await admin.get(f"/api/visits/{call.visit_id}/connection")
    assert answer.status_code == 200
    patient, account = call.clinic.patient, call.clinic.ruth
    for secret in (patient.id, patient.account_id, patient.full_name, patient.mrn, account.id, account.name):
        assert str(secret) not in answer.text
    assert "12 Elm" not in answer.text
    assert CHROME not in answer.text


async def test_reading_it_is_on_record_as_about_the_patient(call: InCall, owner: AsyncEngine) -> None:
    answer = await call.support.get(f"/api/visits/{call.visit_id}/connection")
    row = text("SELECT action, patient_id, entity_id FROM audit_event WHERE request_id = :request")
    async with owner.connect() as connection:
        found = (await connection.execute(row, {"request": answer.headers["x-request-id"]})).all()
    assert [tuple(each) for each in found] == [("call.history", call.clinic.patient.id, call.visit_id)]


async def test_the_same_batch_twice_is_kept_once(call: InCall) -> None:
    batch = {
        "samples": [call.sample(), call.sample(15_000)],
        "drops": [{"at_ms": 3000, "lasted_ms": 900, "cause": "signaling"}],
    }
    for _ in range(3):
        assert (await call.send(**batch)).status_code == 204
    seen = await call.seen()
    assert (len(seen["samples"]), len(seen["drops"])) == (2, 1)


async def test_nobody_fills_the_table_with_samples_of_one_moment(call: InCall) -> None:
    many = [call.sample(1000 + number) for number in range(MAX_SAMPLES)]
    assert (await call.send(samples=many)).status_code == 204
    assert len((await call.seen())["samples"]) == 1


async def test_a_page_writes_of_its_own_attempt_alone(call: InCall, elsewhere: ClinicAtWork) -> None:
    stranger = await call.clinic.browser(await call.clinic.another_patient())
    foreign = await elsewhere.browser(elsewhere.patient)
    colleague = await call.clinic.browser(call.clinic.omar)
    for browser in (call.doctor, stranger, foreign, colleague):
        for path, body in (("", {}), ("/mark", {"reason": "no_sound"})):
            answer = await browser.post(
                f"/api/visits/{call.visit_id}/connection{path}",
                json={"attempt_id": call.patients_attempt, **body},
            )
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    other = await call.clinic.admitted(await call.clinic.another_patient("Lou"))
    elsewhere_visit = await call.patient.post(
        f"/api/visits/{other.id}/connection", json={"attempt_id": call.patients_attempt}
    )
    assert elsewhere_visit.status_code == 404
    seen = await call.seen()
    assert seen["samples"] == seen["marks"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"loss": -0.1},
        {"loss": 1.5},
        {"loss": 1e308},
        {"loss": "much"},
        {"round_trip_ms": -1},
        {"round_trip_ms": 10**400},
        {"received_kbps": 1e308},
        {"sent_kbps": 2**63},
        {"fps": 1.5},
        {"width": 65_536},
        {"path": "carrier pigeon"},
        {"transport": ""},
        {"at_ms": -1},
        {"at_ms": 86_400_001},
        {"at_ms": 3_600_000},
        {"participant_id": "nobody"},
        {"participant_id": "01a21f4a-3245-7dba-85ed-c2c9e863662e"},
        {"address": "203.0.113.7"},
    ],
    ids=str,
)
async def test_absurd_measurements_are_refused_and_hurt_nobody(
    call: InCall, wrong: dict[str, object]
) -> None:
    answer = await call.send(samples=[call.sample(), call.sample(9000) | wrong])
    refused = answer.status_code, answer.json()["code"]
    assert refused in [(422, "invalid"), (400, "malformed")], answer.text
    assert (await call.seen())["samples"] == []
    assert (await call.send(samples=[call.sample()])).status_code == 204


async def test_the_other_person_must_be_in_this_call(call: InCall) -> None:
    for who in (call.clinic.omar.id, call.clinic.patient.account_id):
        answer = await call.send(samples=[call.sample(participant_id=str(who))])
        assert answer.json()["fields"] == [{"path": "samples.0.participant_id", "code": "not_in_the_call"}], (
            answer.text
        )


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e400", b"01", b"0x1"])
async def test_what_is_no_number_is_refused(call: InCall, number: bytes) -> None:
    body = b'{"attempt_id": "%b", "samples": [{"participant_id": "%b", "at_ms": 1000, "loss": %b}]}' % (
        call.patients_attempt.encode(),
        str(call.clinic.ruth.id).encode(),
        number,
    )
    answer = await call.patient.post(
        f"/api/visits/{call.visit_id}/connection", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["code"] in ("malformed", "invalid")


async def test_too_much_at_once_is_refused(call: InCall) -> None:
    many = [call.sample(1000 + 2000 * number) for number in range(MAX_SAMPLES + 1)]
    assert (await call.send(samples=many)).status_code == 422
    drops = [{"at_ms": 0, "lasted_ms": 1, "cause": "media"}] * (MAX_DROPS + 1)
    assert (await call.send(drops=drops)).status_code == 422
    large = await call.patient.post(
        f"/api/visits/{call.visit_id}/connection",
        content=b" " * 40_000,
        headers={"content-type": "application/json"},
    )
    assert (large.status_code, large.json()["code"]) == (413, "request_too_large")


async def test_a_full_batch_fits(call: InCall, owner: AsyncEngine) -> None:
    await begin_earlier(owner, call.patients_attempt, timedelta(hours=1))
    full = call.sample(
        jitter_ms=60_000, received_kbps=999_999, sent_kbps=999_999, width=16_384, height=16_384
    )
    samples = [
        full | {"at_ms": 1_000_000 + 10_000 * number, "loss": 0.123456789} for number in range(MAX_SAMPLES)
    ]
    drops = [{"at_ms": 5000 * number, "lasted_ms": 999, "cause": "other_away"} for number in range(MAX_DROPS)]
    assert (await call.send(samples=samples, drops=drops)).status_code == 204
    assert len((await call.seen())["samples"]) == MAX_SAMPLES


async def test_whoever_sends_without_end_is_told_to_wait_and_others_are_not(call: InCall) -> None:
    answers = [await call.send(samples=[call.sample(1000 + 10 * number)]) for number in range(21)]
    assert [each.status_code for each in answers] == [204] * 20 + [429]
    assert answers[-1].json()["code"] == "too_many"
    theirs = {"attempt_id": call.doctors_attempt, "samples": []}
    assert (await call.send(call.doctor, **theirs)).status_code == 204


async def test_a_call_that_is_over_takes_what_could_not_be_sent_before_for_a_day(
    call: InCall, owner: AsyncEngine
) -> None:
    await begin_earlier(owner, call.patients_attempt, timedelta(hours=2))
    await call.clinic.act(call.clinic.ruth, call.visit_id, service.finish)
    assert (await call.send(samples=[call.sample()])).status_code == 204
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE call_attempt SET ended_at = ended_at - interval '25 hours' WHERE visit_id = :visit"),
            {"visit": call.visit_id},
        )
    for path, body in (("", {}), ("/mark", {"reason": "other"})):
        late = await call.patient.post(
            f"/api/visits/{call.visit_id}/connection{path}",
            json={"attempt_id": call.patients_attempt, **body},
        )
        assert (late.status_code, late.json()["code"]) == (409, "call_over")


async def test_what_a_page_saw_after_its_attempt_was_given_up_costs_nothing_from_before(
    call: InCall, owner: AsyncEngine
) -> None:
    """As when a telephone was offline for ten minutes: signaling gives up the seat, and the page tells all later."""
    await begin_earlier(owner, call.patients_attempt, timedelta(hours=2))
    async with owner.begin() as connection:
        await connection.execute(
            text(
                "UPDATE call_attempt SET ended_at = requested_at + interval '60 s', end_cause = 'timeout' "
                "WHERE id = :id"
            ),
            {"id": UUID(call.patients_attempt)},
        )
    drop = {"at_ms": 15_000, "lasted_ms": 600_000, "cause": "offline"}
    sent = await call.send(samples=[call.sample(10_000), call.sample(620_000)], drops=[drop])
    assert sent.status_code == 204, sent.text
    seen = await call.seen()
    assert (len(seen["samples"]), seen["drops"][0]["lasted_ms"]) == (1, 75_000)


async def test_bad_call_is_one_tap_and_its_reason_may_follow(call: InCall) -> None:
    path = f"/api/visits/{call.visit_id}/connection/mark"
    for body in ({}, {"reason": "no_sound"}):
        answer = await call.patient.post(path, json={"attempt_id": call.patients_attempt, **body})
        assert answer.status_code == 204, answer.text
    [mark] = (await call.seen())["marks"]
    assert (mark["attempt_id"], mark["reason"]) == (call.patients_attempt, "no_sound")
    answer = await call.patient.post(path, json={"attempt_id": call.patients_attempt, "reason": "<b>bad</b>"})
    assert answer.status_code == 422


async def test_what_keeps_somebody_out_is_kept_once_a_minute(call: InCall) -> None:
    path = f"/api/visits/{call.visit_id}/connection/failures"
    for reason in ("device_denied", "device_denied", "no_signaling"):
        assert (await call.patient.post(path, json={"reason": reason})).status_code == 204
    failures = (await call.seen())["failures"]
    assert {(each["role"], each["reason"], each["browser"]) for each in failures} == {
        ("patient", "device_denied", "Chrome 140 on Windows"),
        ("patient", "no_signaling", "Chrome 140 on Windows"),
    }
    # The clock may have gone on to the next minute between the two.
    assert len(failures) in (2, 3)


async def test_nobody_tells_of_a_failure_in_anothers_visit_or_one_that_is_over(call: InCall) -> None:
    stranger = await call.clinic.browser(await call.clinic.another_patient())
    colleague = await call.clinic.browser(call.clinic.omar)
    path = f"/api/visits/{call.visit_id}/connection/failures"
    assert (await stranger.post(path, json={"reason": "no_media"})).status_code == 404
    assert (await colleague.post(path, json={"reason": "no_media"})).json()["code"] == "not_your_visit"
    foreign = await call.patient.post(path, json={"reason": "no_media", "attempt_id": call.doctors_attempt})
    assert foreign.status_code == 404
    early = await call.clinic.waiting(await call.clinic.another_patient("Lou"))
    answer = await call.doctor.post(
        f"/api/visits/{early.id}/connection/failures", json={"reason": "no_media"}
    )
    assert answer.status_code in (403, 409)
    assert (await call.seen())["failures"] == []


async def test_it_is_forgotten_after_ninety_days_and_the_attempts_are_not(
    call: InCall, owner: AsyncEngine
) -> None:
    await call.send(samples=[call.sample()], drops=[{"at_ms": 10, "lasted_ms": 5, "cause": "asleep"}])
    await call.patient.post(f"/api/visits/{call.visit_id}/connection/failures", json={"reason": "no_media"})
    await call.patient.post(
        f"/api/visits/{call.visit_id}/connection/mark", json={"attempt_id": call.patients_attempt}
    )
    [forget] = [each for each in UPKEEP if each.name == "upkeep.forget"]
    await _age(owner, call, KEEP - timedelta(minutes=5))
    await forget.run(call.clinic.services)
    kept = await call.seen()
    assert all(len(kept[name]) == 1 for name in ("samples", "drops", "failures", "marks"))
    await _age(owner, call, timedelta(minutes=10))
    await forget.run(call.clinic.services)
    gone = await call.seen()
    assert all(gone[name] == [] for name in ("samples", "drops", "failures", "marks"))
    assert len(gone["attempts"]) == 2


async def _age(owner: AsyncEngine, call: InCall, by: timedelta) -> None:
    async with owner.begin() as connection:
        for table in ("call_sample", "call_drop", "call_mark", "call_failure"):
            await connection.execute(
                text(f"UPDATE {table} SET at = at - cast(:by AS interval) WHERE clinic_id = :clinic"),  # noqa: S608 - our words
                {"by": by, "clinic": call.clinic.clinic_id},
            )


async def test_a_reload_is_a_second_attempt_with_a_history_of_its_own(call: InCall) -> None:
    await call.send(samples=[call.sample()])
    again = await call.patient.post(f"/api/visits/{call.visit_id}/join", json=HERE)
    second = again.json()["attempt_id"]
    assert (await call.send(attempt_id=second, samples=[call.sample(5000)])).status_code == 204
    seen = await call.seen()
    assert [each["end_cause"] for each in seen["attempts"] if each["role"] == "patient"] == [
        "taken_over",
        None,
    ]
    assert [UUID(each["attempt_id"]) for each in seen["samples"]] == [
        UUID(call.patients_attempt),
        UUID(second),
    ]
