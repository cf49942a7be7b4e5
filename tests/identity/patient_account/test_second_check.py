"""Who reads a phone is not yet who it belongs to: recycled numbers, former partners, families, and the owner at 78."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from limits import RateLimitItemPerDay
from sqlalchemy import func, select, text

from app.registry import all_subscribers
from core.clock import FrozenClock
from core.events.relay import drain
from followup.models import Task
from identity import limits
from identity.limits import Limit, Limiter
from identity.models import Account, Patient
from tests.identity.conftest import Door
from tests.people import make_clinic, make_patient

PHONE, BORN = "+12125550142", "1988-02-29"
NEW = {"given": "Sam", "family": "Wu", "birth_date": "2001-05-06"}


async def patient_of(door: Door, phone: str = PHONE, **fields: Any) -> Patient:
    async with door.inside() as unit:
        return await make_patient(unit.write, phone=phone, **fields)


async def who(browser: httpx.AsyncClient) -> str | None:
    """The patient who is signed in."""
    answer = await browser.get("/api/session")
    return answer.json()["patient_id"] if answer.status_code == 200 else None


async def register(
    door: Door, browser: httpx.AsyncClient, proof: dict[str, Any], **form: Any
) -> httpx.Response:
    body = {**NEW, "registration": proof["registration"], **form}
    return await browser.post(door.path("/patients"), json=body)


async def test_a_stranger_with_the_number_sees_nothing(door: Door, browser: httpx.AsyncClient) -> None:
    """They are told of nobody: no name, no initial, no other contact, and no field is said to be the wrong one."""
    patient = await patient_of(door)
    proof = await door.prove(browser, PHONE)
    assert proof.keys() == {"outcome", "registration", "masked", "until"} and await who(browser) is None
    for birth_date, answer in (("1988-02-29", "Perez"), ("1970-01-01", "Lopez"), ("1970-01-01", "Perez")):
        refused = await door.identify(browser, proof, answer, birth_date=birth_date)
        [field] = refused.json()["fields"]
        assert (field["path"], field["code"]) == ("answer", "identity_refused")
        assert str(patient.id) not in refused.text
    assert await who(browser) is None


@pytest.mark.parametrize("answer", ["Lopez", " lópez ", "12207", "12207-1234", "mrn"])
async def test_the_owner_gets_in_with_what_they_remember(
    door: Door, browser: httpx.AsyncClient, answer: str
) -> None:
    patient = await patient_of(door)
    if answer == "12207-1234":
        async with door.inside() as unit:
            await unit.write.execute(
                text("UPDATE patient SET address = jsonb_set(address, '{postalCode}', '\"12207-1234\"')")
            )
        answer = "12207"
    said = patient.mrn.lower() if answer == "mrn" else answer
    answered = await door.identify(browser, await door.prove(browser, PHONE), said)
    assert answered.status_code == 200, answered.text
    assert await who(browser) == str(patient.id)


async def test_on_a_device_that_is_known_the_code_is_enough(
    door: Door, browser: httpx.AsyncClient, clock: FrozenClock
) -> None:
    patient = await patient_of(door)
    await door.come_in(browser, PHONE)
    for days in (0, 200, 300):
        await browser.post("/api/session/end")
        clock.advance(timedelta(days=days))
        assert (await door.prove(browser, PHONE))["outcome"] == "signed_in"
        assert await who(browser) == str(patient.id)
    clock.advance(timedelta(days=366))
    assert (await door.prove(browser, PHONE))["outcome"] == "identify"


async def test_the_device_alone_opens_nothing_and_is_kept_as_a_digest(
    door: Door, browser: httpx.AsyncClient
) -> None:
    await patient_of(door)
    await door.come_in(browser, PHONE)
    token = browser.cookies["carethread-device"]
    async with door.browser() as thief:
        thief.cookies.set("carethread", token)
        thief.cookies.set("carethread-device", token)
        assert await who(thief) is None
    async with door.inside() as unit:
        kept = await unit.read.scalar(text("SELECT token_hash FROM trusted_device"))
    assert token.encode() not in bytes(kept)


async def test_a_shared_computer_is_not_remembered(door: Door, browser: httpx.AsyncClient) -> None:
    await patient_of(door)
    answer = await door.identify(browser, await door.prove(browser, PHONE), remember=False)
    assert "device" not in answer.headers["set-cookie"] and await who(browser)
    await browser.post("/api/session/end")
    assert (await door.prove(browser, PHONE))["outcome"] == "identify"


async def test_a_device_known_to_one_clinic_is_a_stranger_to_another(
    door: Door, browser: httpx.AsyncClient, owner: Any
) -> None:
    await patient_of(door)
    await door.come_in(browser, PHONE)
    other = Door(await make_clinic(owner), door.services, door.app)
    await patient_of(other)
    assert (await other.prove(browser, PHONE))["outcome"] == "identify"


async def test_a_few_wrong_answers_lock_it_for_today_and_the_right_one_is_not_told_apart(
    door: Door, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WRONG_ANSWERS", Limit("few-answers", (RateLimitItemPerDay(7),)))
    await patient_of(door)
    proof = await door.prove(browser, PHONE)
    said = [(await door.identify(browser, proof, "Perez")).json() for _ in range(5)]
    assert [each["fields"][0]["params"]["left"] for each in said[:4]] == [4, 3, 2, 1]
    assert said[4]["code"] == "identity_locked"
    late = await door.identify(browser, proof)
    assert (late.status_code, late.json()["code"]) == (403, "identity_locked")
    # Another code does not help for ever: the wrong answers of a day are counted.
    for _ in range(2):
        answer = await door.identify(browser, await door.prove(browser, PHONE), "Perez")
    answer = await door.identify(browser, await door.prove(browser, PHONE))
    assert answer.json()["code"] == "identity_locked"


async def test_a_link_that_was_forwarded_asks_too(door: Door, browser: httpx.AsyncClient) -> None:
    await patient_of(door)
    asked = await door.ask(browser, PHONE)
    token = (await door.delivered(asked["code_id"])).link.partition("#")[2]
    async with door.browser() as friend:
        answer = await friend.post(door.path("/links/check"), json={"token": token})
        assert answer.json()["outcome"] == "identify" and await who(friend) is None


async def test_the_code_of_the_other_contact_will_do(door: Door, browser: httpx.AsyncClient) -> None:
    """For whoever remembers neither; whether there is another contact is not told."""
    patient = await patient_of(door)
    async with door.inside() as unit:
        await unit.write.execute(
            text("UPDATE account SET email = 'maria@example.org' WHERE phone IS NOT NULL")
        )
    await patient_of(door, "+12125550199")
    answers = {}
    for phone in (PHONE, "+12125550199"):
        proof = await door.prove(browser, phone)
        asked = await browser.post(door.path("/identify/other"), json={"registration": proof["registration"]})
        answers[phone] = proof, asked.json()
    (proof, mine), (other_proof, nothing) = answers.values()
    assert mine.keys() == nothing.keys() == {"code_id", "expires_at", "resend_at"}
    message = await door.delivered(mine["code_id"])
    assert message.to == "maria@example.org"
    body = {"registration": other_proof["registration"], "code": message.code}
    path = door.path(f"/identify/other/{mine['code_id']}/check")
    assert (await browser.post(path, json=body)).status_code == 422, "another account's proof"
    proof = await door.prove(browser, PHONE)
    asked = await browser.post(door.path("/identify/other"), json={"registration": proof["registration"]})
    code = (await door.delivered(asked.json()["code_id"])).code
    path = door.path(f"/identify/other/{asked.json()['code_id']}/check")
    answer = await browser.post(path, json={"registration": proof["registration"], "code": code})
    assert answer.status_code == 200 and await who(browser) == str(patient.id)


async def test_it_was_me_says_so_of_what_was_on_screen(door: Door, browser: httpx.AsyncClient) -> None:
    """Another device came in while the question stood there: its event is asked about still."""
    await patient_of(door)
    await door.come_in(browser, PHONE)
    async with door.browser() as second, door.browser() as third:
        await door.come_in(second, PHONE)
        shown = [each["id"] for each in (await browser.get("/api/me/security-events")).json()]
        await door.come_in(third, PHONE)
        answer = await browser.post("/api/me/security-events/mine", json={"events": shown})
        assert answer.status_code == 204
        left = [each["id"] for each in (await browser.get("/api/me/security-events")).json()]
    assert len(left) == 1 and left[0] not in shown


@pytest.mark.parametrize("other", ["none", "open", "told enough", "guessed at by others", "out of reach"])
async def test_no_limit_tells_whether_there_is_another_contact(
    door: Door, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    """Asking and guessing end after as many tries whatever is on file, and whatever others do to that contact."""
    monkeypatch.setattr(limits, "GUESSES_BY_ASKER", Limit("few-guesses", (RateLimitItemPerDay(3),)))
    monkeypatch.setattr(limits, "CODES_FROM_ADDRESS", Limit("few-codes", (RateLimitItemPerDay(5),)))
    phone = {"none": None, "out of reach": "+442071838750"}.get(other, PHONE)
    await patient_of(door)
    async with door.inside() as unit:
        changed = "UPDATE account SET email = 'maria@example.org', phone = :phone"
        await unit.write.execute(text(changed), {"phone": phone})
    limiter, known = Limiter(door.services), (door.clinic.id, phone)
    if other == "told enough":
        for limit in (limits.CODES_TO_CONTACT, limits.CODES_DRIP):
            while await limiter.allows(limit, *known):
                pass
    if other == "guessed at by others":
        while await limiter.allows(limits.GUESSES_AT_CONTACT, *known):
            pass
    proof = await door.prove(browser, "maria@example.org")
    body, statuses = {"registration": proof["registration"]}, []
    for _ in range(2):
        asked = await browser.post(door.path("/identify/other"), json=body)
        path = door.path(f"/identify/other/{asked.json()['code_id']}/check")
        guesses = [await browser.post(path, json={**body, "code": "000000"}) for _ in range(2)]
        statuses += [answer.status_code for answer in (asked, *guesses)]
    statuses += [(await browser.post(door.path("/identify/other"), json=body)).status_code for _ in range(3)]
    assert statuses == [200, 422, 422, 200, 422, 429, 200, 200, 429]


async def test_a_number_that_changed_hands(door: Door, browser: httpx.AsyncClient) -> None:
    """The new owner registers as themselves and sees nothing; the old account is not opened by the number any more."""
    old = await patient_of(door)
    async with door.browser() as home:
        await door.come_in(home, PHONE)
        home_device = home.cookies["carethread-device"]
    proof = await door.prove(browser, PHONE)
    made = await register(door, browser, proof, number_is_new=True)
    assert made.status_code == 201, made.text
    assert await who(browser) not in (None, str(old.id))
    async with door.inside() as unit:
        account = await unit.read.one_or_none(select(Account).where(Account.id == old.account_id))
        told = await unit.read.scalars(
            text("SELECT ids ->> 'patient_id' FROM outbox WHERE name = 'identity.contact_disputed'")
        )
        assert (account.phone, account.phone_disputed_at is not None) == (PHONE, True)
        assert list(told) == [str(old.id)]
    async with door.browser() as third:
        refused = await door.identify(third, await door.prove(third, PHONE))
        assert refused.json()["fields"][0]["code"] == "identity_refused"
    # Were it said in spite, by somebody with the phone in hand: the patient's own device still lets them in.
    async with door.browser() as home:
        home.cookies.set("carethread-device", home_device)
        assert (await door.prove(home, PHONE))["outcome"] == "signed_in"
        assert await who(home) == str(old.id)


async def test_a_family_shares_a_number(door: Door, browser: httpx.AsyncClient) -> None:
    """Each has an account; on a tablet that both use, the code does not say who it is, so it is asked."""
    mother = await patient_of(door)
    await door.come_in(browser, PHONE)
    await browser.post("/api/session/end")
    # The tablet knows the mother: the son says that he is somebody else.
    proof = await door.prove(browser, PHONE, somebody_else=True)
    assert proof["outcome"] == "identify"
    assert (await register(door, browser, proof)).status_code == 201
    son = await who(browser)
    assert son not in (None, str(mother.id))
    await browser.post("/api/session/end")
    for said, born, person in (("Lopez", BORN, str(mother.id)), ("Wu", "2001-05-06", son)):
        proof = await door.prove(browser, PHONE)
        assert proof["outcome"] == "identify"
        assert (await door.identify(browser, proof, said, birth_date=born)).status_code == 200
        assert await who(browser) == person
        await browser.post("/api/session/end")
    async with door.inside() as unit:
        disputed = await unit.read.scalar(select(func.count()).where(Account.phone_disputed_at.is_not(None)))
    assert disputed == 0


async def test_twins_are_told_apart_by_their_record_numbers(door: Door, browser: httpx.AsyncClient) -> None:
    one = await patient_of(door, given="Ana")
    two = await patient_of(door, given="Eva")
    proof = await door.prove(browser, PHONE)
    assert (await door.identify(browser, proof)).status_code == 422
    assert (await door.identify(browser, proof, two.mrn)).status_code == 200
    assert await who(browser) == str(two.id) != str(one.id)


async def test_whoever_registers_a_second_time_is_who_they_were(
    door: Door, browser: httpx.AsyncClient
) -> None:
    """No second record of one person, and no way around the tries."""
    patient = await patient_of(door)
    form = {"given": "maria", "family": "López", "birth_date": BORN}
    proof = await door.prove(browser, PHONE)
    assert (await register(door, browser, proof, **form)).status_code == 201
    assert await who(browser) == str(patient.id)
    async with door.inside() as unit:
        assert await unit.read.scalar(select(func.count(Patient.id))) == 1


async def test_the_owner_hears_of_a_new_device(door: Door, browser: httpx.AsyncClient) -> None:
    """In the product on their other devices, and at the other contact; not where the code itself went."""
    patient = await patient_of(door)
    async with door.inside() as unit:
        await unit.write.execute(text("UPDATE account SET email = 'maria@example.org'"))
    await door.come_in(browser, PHONE)
    async with door.browser(**{"user-agent": "Firefox/130 Windows"}) as other:
        await door.come_in(other, PHONE)
        # It may be a stranger's: saying so there hides nothing of it from the owner.
        [event] = (await browser.get("/api/me/security-events")).json()
        shown = [each["id"] for each in (await other.get("/api/me/security-events")).json()]
        await other.post("/api/me/security-events/mine", json={"events": [*shown, event["id"]]})
        assert (await other.get("/api/me/security-events")).json() == []
        assert (await browser.get("/api/me/security-events")).json() == [event]
        assert (event["change"], event["device"]) == ("new_device", "Firefox on Windows")
        assert (await browser.post("/api/me/security-events/not-mine")).status_code == 204
        assert await who(other) is None
        assert (await door.prove(other, PHONE))["outcome"] == "identify"
    assert await who(browser) == str(patient.id)
    assert (await browser.get("/api/me/security-events")).json() == []
    async with door.inside() as unit:
        calls = await unit.read.scalar(
            text("SELECT count(*) FROM outbox WHERE name = 'identity.account_not_mine'")
        )
    assert calls == 1
    await browser.post("/api/session/end")
    assert (await door.prove(browser, PHONE))["outcome"] == "signed_in", "this device stays known"


async def test_ending_another_session_or_all_of_them_makes_those_devices_new(
    door: Door, browser: httpx.AsyncClient
) -> None:
    await patient_of(door)
    await door.come_in(browser, PHONE)
    async with door.browser() as lost:
        await door.come_in(lost, PHONE)
        sessions = (await browser.get("/api/sessions")).json()
        [there] = [each["id"] for each in sessions if not each["current"]]
        await browser.post(f"/api/sessions/{there}/end")
        assert (await door.prove(lost, PHONE))["outcome"] == "identify"
        await door.identify(lost, await door.prove(lost, PHONE))
        await browser.post("/api/session/end-all")
        assert (await door.prove(lost, PHONE))["outcome"] == "identify"
    assert (await door.prove(browser, PHONE))["outcome"] == "signed_in"


async def test_devices_are_listed_and_forgotten_by_their_owner_alone(
    door: Door, browser: httpx.AsyncClient
) -> None:
    await patient_of(door)
    await patient_of(door, "+12125550199")
    await door.come_in(browser, PHONE)
    [device] = (await browser.get("/api/me/devices")).json()
    assert device["current"] is True
    async with door.browser() as other:
        await door.come_in(other, "+12125550199")
        assert (await other.delete(f"/api/me/devices/{UUID(device['id'])}")).status_code == 404
    assert (await browser.delete(f"/api/me/devices/{device['id']}")).status_code == 204
    await browser.post("/api/session/end")
    assert (await door.prove(browser, PHONE))["outcome"] == "identify"


async def test_the_same_person_on_another_phone_is_remarked(door: Door, browser: httpx.AsyncClient) -> None:
    """Two charts of one name and birth date are looked at by somebody; whoever registers hears nothing of it."""
    await patient_of(door, given="Zoë", family="O\u2019Hara")
    other_day = {"given": "Zoe", "family": "OHara", "birth_date": "1990-01-01"}
    same = {"given": "ZOE", "family": "O'Hara", "birth_date": BORN}
    answers = []
    for phone, form in (("+12125550177", other_day), ("+12125550178", same)):
        proof = await door.prove(browser, phone)
        answers.append((await register(door, browser, proof, **form)).json())
    assert answers[0].keys() == answers[1].keys()
    await drain(door.services, all_subscribers(), door.clinic.id)
    async with door.inside() as unit:
        tasks = (await unit.read.scalars(select(Task).where(Task.source == "duplicate"))).all()
        named = [
            await unit.read.scalar(select(Patient.given).where(Patient.id == each.patient_id))
            for each in tasks
        ]
    assert named == ["ZOE"]
