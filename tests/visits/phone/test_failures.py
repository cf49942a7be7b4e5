"""What goes wrong with telephones: busy, no answer, voicemail, wrong numbers, lost replies, and webhooks of liars."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from twilio.request_validator import RequestValidator

from tests.visits.phone.conftest import OWN, TOKEN, OnPhone
from visits.phone.account import DEMO_SID
from visits.phone.simulator.calls import Does


@pytest.mark.parametrize(
    ("does", "status", "failure"),
    [
        ("busy", "busy", None),
        ("no_answer", "no_answer", None),
        ("machine", "machine", None),
        ("wrong", "failed", "wrong_number"),
    ],
)
async def test_the_clinician_reads_what_became_of_the_patients_telephone(
    phone: OnPhone, does: Does, status: str, failure: str | None
) -> None:
    phone.exchange.habits |= {phone.number: does, OWN: "answer"}
    await phone.begin()
    await phone.work()
    await phone.until_over(phone.number)
    await phone.until(lambda: bool(phone.newest(OWN).conference))
    call = (await phone.seen())["calls"][0]
    legs = {leg["side"]: leg for leg in call["legs"]}
    assert (legs["patient"]["status"], legs["patient"]["failure"]) == (status, failure)
    assert legs["clinician"]["status"] == "in_call" and call["ended_at"] is None, "they may ring again"


async def test_voicemail_hears_only_that_the_clinic_called(phone: OnPhone) -> None:
    phone.exchange.habits |= {phone.number: "machine", OWN: "answer"}
    await phone.begin()
    await phone.work()
    await phone.until_over(phone.number)
    call = phone.newest(phone.number)
    assert call.said == ["Hello. This is Test Clinic. We tried to call you, and will try again. Goodbye."]


TOLD_IN_INTAKE = (
    """UPDATE visit SET red_flags = '[{"code": "unsafe_home", "level": "urgent"}]' WHERE id = :visit"""
)
TOLD_BESIDE_A_MESSAGE = """
    INSERT INTO urgent_answer (id, clinic_id, created_at, patient_id, rule, level, yes_at)
    SELECT uuidv7(), clinic_id, now(), patient_id, 'unsafe_home', 'urgent', now() FROM visit WHERE id = :visit"""


@pytest.mark.parametrize("told", [TOLD_IN_INTAKE, TOLD_BESIDE_A_MESSAGE])
async def test_the_voicemail_of_somebody_who_may_live_with_danger_hears_nothing(
    phone: OnPhone, owner: AsyncEngine, told: str
) -> None:
    async with owner.begin() as connection:
        await connection.execute(text(told), {"visit": phone.visit_id})
    phone.exchange.habits |= {phone.number: "machine", OWN: "answer"}
    await phone.begin()
    await phone.work()
    await phone.until_over(phone.number)
    assert phone.newest(phone.number).said == []
    assert (await phone.legs())["patient"] == "machine"


async def test_a_clinicians_own_voicemail_gets_no_message_and_no_patient(phone: OnPhone) -> None:
    phone.exchange.habits |= {phone.number: "answer", OWN: "machine"}
    await phone.begin()
    await phone.work()
    await phone.until_over(OWN)
    assert phone.newest(OWN).said == []
    await phone.until(lambda: bool(phone.newest(phone.number).conference))
    assert await phone.legs() == {"patient": "in_call", "clinician": "machine"}
    assert not phone.exchange.conferences[phone.newest(phone.number).conference].started


async def test_when_neither_answers_the_call_is_over_and_another_may_be_begun(phone: OnPhone) -> None:
    phone.exchange.habits |= {phone.number: "busy", OWN: "no_answer"}
    await phone.begin()
    await phone.work()
    for number in (OWN, phone.number):
        await phone.until_over(number)
    assert (await phone.seen())["calls"][0]["end_cause"] == "unanswered"
    await phone.both_talk()
    assert len((await phone.seen())["calls"]) == 2


@pytest.mark.parametrize(
    ("number", "code"),
    [("123", "phone_invalid"), ("911", "phone_invalid"), ("+44 20 7946 0958", "phone_abroad")],
)
async def test_a_typed_number_is_checked_before_anything_rings(
    phone: OnPhone, number: str, code: str
) -> None:
    refused = await phone.begin(patient_number=number)
    assert refused.status_code == 422
    assert [(f["path"], f["code"]) for f in refused.json()["fields"]] == [("patient_number", code)]
    await phone.work()
    assert not phone.exchange.calls


async def test_another_number_is_rung_with_its_extension(phone: OnPhone) -> None:
    begun = await phone.begin(patient_number="(518) 555-0142 ext. 204")
    assert begun.status_code == 200, begun.text
    await phone.work()
    await phone.until(lambda: bool(phone.exchange.to("+15185550142")))
    assert phone.newest("+15185550142").digits == "wwww204"


async def test_a_double_click_and_a_second_tab_ring_each_telephone_once(phone: OnPhone) -> None:
    begun = await asyncio.gather(*(phone.begin() for _ in range(4)))
    assert {answer.status_code for answer in begun} == {200}
    await phone.work()
    await phone.work()
    await phone.until(lambda: len(phone.exchange.calls) == 2)
    assert len((await phone.seen())["calls"]) == 1


async def test_a_telephone_whose_placing_was_not_answered_rings_once(phone: OnPhone) -> None:
    """Twilio rings it, and its reply is lost: the next try finds the call instead of placing another."""
    phone.telephony.double.fault = "lost"
    await phone.begin()
    await phone.try_all()
    await phone.try_all(timedelta(seconds=5))
    await phone.until(lambda: len(phone.exchange.calls) == 2)
    assert len(phone.exchange.to(OWN)) == len(phone.exchange.to(phone.number)) == 1


async def test_while_twilio_is_away_the_clinician_reads_it_and_nobody_is_rung_later(phone: OnPhone) -> None:
    phone.telephony.double.fault = "down"
    await phone.begin()
    await phone.try_all()
    await phone.try_all(timedelta(minutes=2))
    phone.telephony.double.fault = ""
    await phone.try_all(timedelta(minutes=20))
    assert not phone.exchange.calls
    call = (await phone.seen())["calls"][0]
    assert {(leg["status"], leg["failure"]) for leg in call["legs"]} == {("failed", "unreachable")}


async def test_webhooks_that_were_lost_are_asked_for(phone: OnPhone, monkeypatch: pytest.MonkeyPatch) -> None:
    await phone.both_talk()

    async def lost(*_: object) -> None:
        return None

    monkeypatch.setattr(phone.exchange, "post", lost)
    phone.exchange.hang_up(phone.newest(phone.number))
    await phone.until_over(phone.number)
    assert (await phone.legs())["patient"] == "in_call"
    await phone.try_all(timedelta(seconds=30))
    assert (await phone.legs())["patient"] == "completed"


async def test_webhooks_again_in_any_order_change_nothing(phone: OnPhone) -> None:
    await phone.both_talk()
    before = await phone.seen()
    told = list(phone.exchange.told)
    for url, fields, signature in [*reversed(told), *told[::2], *told[1::2]]:
        answer = await _post(phone, url, fields, signature)
        assert answer.status_code in (200, 204)
    assert await phone.seen() == before
    assert await phone.steps() == ["phone_started", "phone_connected"]


async def test_nobody_but_twilio_is_heard(phone: OnPhone) -> None:
    phone.exchange.habits |= {OWN: "answer"}
    await phone.begin()
    await phone.work()
    await phone.until(lambda: bool(phone.newest(OWN).conference) and len(phone.exchange.calls) == 2)
    url, fields, signature = next(each for each in phone.exchange.told if each[1]["To"] == phone.number)
    lies = {**fields, "CallStatus": "completed"}
    other = {**lies, "AccountSid": "AC" + "1" * 32}
    refused = [
        await _post(phone, url, lies, signature),
        await _post(phone, url, lies, ""),
        await _post(phone, url, lies, "é".encode().decode("latin-1")),
        await _post(phone, url, lies, RequestValidator("another token").compute_signature(url, lies)),
        await _post(phone, url.replace("status", "answer"), fields, signature),
        await _post(phone, url, other, RequestValidator(TOKEN).compute_signature(url, other)),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(403, "signature_invalid")}
    assert (await phone.legs())["patient"] in ("queued", "ringing")


async def test_signed_words_about_what_is_none_of_ours_are_taken_and_do_nothing(phone: OnPhone) -> None:
    await phone.both_talk()
    url, fields, _ = phone.exchange.told[0]
    base = url.rpartition("/")[0].rpartition("/")[0]
    for strange, form in (
        (f"{base}/{uuid4()}/status", fields),
        (url.replace(str(phone.clinic.clinic_id), str(uuid4())), fields),
        (url, {**fields, "CallSid": "CAanother", "CallStatus": "completed"}),
        (url, {"AccountSid": DEMO_SID}),
    ):
        answer = await _post(phone, strange, form, RequestValidator(TOKEN).compute_signature(strange, form))
        assert answer.status_code in (200, 204)
    assert await phone.legs() == {"patient": "in_call", "clinician": "in_call"}


async def test_a_telephone_that_is_answered_after_the_call_was_given_up_hears_nothing(phone: OnPhone) -> None:
    await phone.begin()
    await phone.work()
    await phone.until(lambda: len(phone.exchange.calls) == 2)
    await phone.end()
    phone.newest(phone.number).acts.put_nowait("answer")
    await phone.until_over(phone.number)
    assert phone.newest(phone.number).said == []


async def _post(phone: OnPhone, url: str, fields: dict[str, str], signature: str) -> httpx.Response:
    stranger = await phone.clinic.anonymous()
    return await stranger.post(
        url, data=fields, headers=[(b"x-twilio-signature", signature.encode("latin-1"))]
    )
