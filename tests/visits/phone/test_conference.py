"""A visit goes on by telephone: both are rung, talk, hang up and go back to video, and the visit goes on."""

from tests.visits.phone.conftest import OWN, OnPhone
from visits.domain import VisitStatus


async def test_both_telephones_are_rung_and_joined_in_one_conference(phone: OnPhone) -> None:
    await phone.both_talk()
    assert await phone.legs() == {"patient": "in_call", "clinician": "in_call"}
    patient, doctor = phone.newest(phone.number), phone.newest(OWN)
    assert patient.conference == doctor.conference
    assert phone.exchange.conferences[patient.conference].started
    assert await phone.steps() == ["phone_started", "phone_connected"]
    seen = await phone.seen()
    assert seen["modality"] == "audio_only"


async def test_nobody_learns_the_whole_number_and_the_patient_nothing_of_the_clinicians(
    phone: OnPhone,
) -> None:
    await phone.both_talk()
    mine, theirs = await phone.seen(), await phone.seen(phone.patient)
    assert {leg["side"]: leg["number"] for leg in mine["calls"][0]["legs"]} == {
        "patient": f"••• {phone.number[-4:]}",
        "clinician": f"••• {OWN[-4:]}",
    }
    assert {leg["side"]: leg["number"] for leg in theirs["calls"][0]["legs"]} == {
        "patient": f"••• {phone.number[-4:]}",
        "clinician": None,
    }
    assert theirs["own_number"] is None
    assert OWN not in str(theirs) and phone.number not in str(mine)


async def test_what_is_said_on_the_line_names_no_patient_and_no_clinician(phone: OnPhone) -> None:
    await phone.both_talk()
    said = " ".join(phone.newest(phone.number).said + phone.newest(OWN).said)
    assert "Test Clinic" in said
    assert not any(name in said for name in ("Maria", "Lopez", "Ruth", "Adler", "cough"))


async def test_the_clinician_hangs_up_and_the_visit_goes_on(phone: OnPhone) -> None:
    await phone.both_talk()
    phone.exchange.hang_up(phone.newest(OWN))
    await phone.until_over(phone.number)
    [call] = (await phone.seen())["calls"]
    assert call["end_cause"] == "hung_up" and call["ended_at"]
    assert (await phone.clinic.fetch(phone.visit_id)).status is VisitStatus.ADMITTED
    assert await phone.steps() == ["phone_started", "phone_connected", "phone_ended"]


async def test_a_patient_who_hung_up_is_rung_again_while_the_clinician_waits(phone: OnPhone) -> None:
    await phone.both_talk()
    phone.exchange.hang_up(phone.newest(phone.number))
    await phone.until_over(phone.number)
    assert await phone.legs() == {"patient": "completed", "clinician": "in_call"}
    again = await phone.ring("patient")
    assert again.status_code == 200, again.text
    await phone.work()
    await phone.until(lambda: bool(phone.newest(phone.number).conference))
    assert await phone.legs() == {"patient": "in_call", "clinician": "in_call"}
    assert len((await phone.seen())["calls"]) == 1, "one call, one encounter"


async def test_back_to_video_hangs_up_both(phone: OnPhone) -> None:
    await phone.both_talk()
    ended = await phone.end()
    assert ended.status_code == 200, ended.text
    assert ended.json()["calls"][0]["end_cause"] == "back_to_video"
    assert (await phone.end()).status_code == 200, "said twice, it is said once"
    await phone.work()
    for number in (OWN, phone.number):
        await phone.until_over(number)
    joined = await phone.doctor.post(f"/api/visits/{phone.visit_id}/join", json={})
    assert joined.status_code == 200, "without another check-in"


async def test_a_visit_that_ends_ends_its_telephone_call(phone: OnPhone) -> None:
    from visits import service

    await phone.both_talk()
    await phone.clinic.act(phone.clinic.ruth, phone.visit_id, service.finish)
    await phone.work()
    await phone.work()
    for number in (OWN, phone.number):
        await phone.until_over(number)
    assert (await phone.seen())["calls"][0]["end_cause"] == "visit_over"


async def test_nobody_puts_a_patient_back_whose_clinician_is_on_the_telephone(phone: OnPhone) -> None:
    await phone.both_talk()
    omar = await phone.clinic.browser(phone.clinic.omar)
    refused = await omar.post(f"/api/visits/{phone.visit_id}/put-back")
    assert (refused.status_code, refused.json()["code"]) == (409, "clinician_in_call")
    await phone.end()
    assert (await omar.post(f"/api/visits/{phone.visit_id}/put-back")).status_code == 200


async def test_the_patient_asks_and_the_clinician_sees_it_until_they_ring(phone: OnPhone) -> None:
    for _ in range(2):
        asked = await phone.patient.post(f"/api/visits/{phone.visit_id}/phone/ask")
        assert asked.status_code == 204, asked.text
    assert (await phone.seen())["asked_at"] is not None
    assert await phone.steps() == ["phone_asked"]
    await phone.both_talk()
    assert (await phone.seen())["asked_at"] is None


async def test_only_the_clinician_who_has_the_visit_rings(phone: OnPhone) -> None:
    omar = await phone.clinic.browser(phone.clinic.omar)
    refused = await phone.begin(omar)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_visit")
    assert (await phone.begin(phone.patient)).status_code == 403
    assert not phone.exchange.calls
