"""What a coordinator does for a patient who cannot get in, or whose account another may have got into."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from limits import RateLimitItemPerDay
from sqlalchemy import text, update

from app.registry import all_subscribers
from core.actor import Role
from core.clock import FrozenClock
from core.events.relay import drain
from identity import limits
from identity.limits import Limit
from identity.models import Patient
from tests.identity.conftest import Door
from tests.notices import notices_of
from tests.people import make_patient, make_staff, session_for, sign_in

PHONE, NEW_PHONE, MAIL = "+12125550142", "+12125550188", "maria@example.org"
PROOF = {"proof": "called_back", "note": "Gave birth date and address on the number from the insurer."}


@pytest.fixture
async def patient(door: Door) -> Patient:
    async with door.inside() as unit:
        found = await make_patient(unit.write, phone=PHONE)
        await unit.write.execute(text("UPDATE account SET email = :mail"), {"mail": MAIL})
        await unit.write.execute(text("UPDATE patient SET email = :mail"), {"mail": MAIL})
    return found


@pytest.fixture
async def desk(door: Door, browser: httpx.AsyncClient) -> httpx.AsyncClient:
    """A coordinator's browser."""
    async with door.inside() as unit:
        sign_in(browser, await session_for(unit.write, await make_staff(unit.write, Role.COORDINATOR)))
    return browser


async def act(desk: httpx.AsyncClient, patient: Patient, verb: str, **more: object) -> httpx.Response:
    return await desk.post(f"/api/patients/{patient.id}/account/{verb}", json={**PROOF, **more})


async def alive(browser: httpx.AsyncClient) -> bool:
    return (await browser.get("/api/session")).status_code == 200


async def told(door: Door) -> list[tuple[str, str]]:
    """Who was written to, and the kind of notice."""
    await drain(door.services, all_subscribers(), door.clinic.id)
    return sorted((each.to, each.kind) for each in await notices_of(door.services, door.clinic.id))


async def test_a_disabled_patient_is_out_at_once_and_back_when_enabled(
    door: Door, desk: httpx.AsyncClient, patient: Patient
) -> None:
    async with door.browser() as home:
        await door.come_in(home, PHONE)
        assert (await act(desk, patient, "disable")).json()["status"] == "disabled"
        assert not await alive(home)
        refused = await door.identify(home, await door.prove(home, PHONE))
        assert refused.json()["code"] == "account_disabled"
        answer = (await act(desk, patient, "enable")).json()
        assert (answer["status"], answer["known_devices"]) == ("active", 0)
        assert (await door.prove(home, PHONE))["outcome"] == "identify", "every device is new"


async def test_a_corrected_contact_ends_what_went_by_the_former_one(
    door: Door, desk: httpx.AsyncClient, patient: Patient
) -> None:
    async with door.browser() as thief:
        await door.come_in(thief, PHONE)
        asked = await door.ask(thief, PHONE)
        code = (await door.delivered(asked["code_id"])).code
        answer = await act(desk, patient, "contact", channel="sms", contact="(212) 555-0188")
        assert answer.status_code == 200, answer.text
        assert not await alive(thief)
        spent = await thief.post(door.path(f"/codes/{asked['code_id']}/check"), json={"code": code})
        assert spent.json()["fields"][0]["code"] == "code_spent"
        assert (await door.prove(thief, PHONE))["outcome"] == "register"
    assert {(each["channel"], each["value"]) for each in answer.json()["contacts"]} == {
        ("sms", NEW_PHONE), ("email", MAIL),
    }  # fmt: skip
    written = await told(door)
    for contact in (PHONE, NEW_PHONE, MAIL):
        assert (contact, "security") in written
    async with door.browser() as home:
        await door.come_in(home, NEW_PHONE)


@pytest.mark.parametrize("asked_for", ["step-up", "new contact"])
async def test_a_code_that_was_on_its_way_is_dead_once_the_contact_was_corrected(
    door: Door, patient: Patient, asked_for: str
) -> None:
    """Whoever reads the wrong number has it, and comes in again by the mailbox."""
    async with door.browser() as desk, door.browser() as thief:
        async with door.inside() as unit:
            sign_in(desk, await session_for(unit.write, await make_staff(unit.write, Role.COORDINATOR)))
        await door.come_in(thief, PHONE)
        if asked_for == "step-up":
            path, body = "/api/session/step-up/code", {"channel": "sms"}
        else:
            path, body = "/api/me/contact", {"contact": "+12125550177"}
        asked = (await thief.post(path, json=body)).json()
        code = (await door.delivered(asked["code_id"])).code
        assert (await act(desk, patient, "contact", channel="sms", contact=NEW_PHONE)).is_success
        await door.come_in(thief, MAIL)
        answer = await thief.post(f"{path}/{asked['code_id']}/check", json={"code": code})
    assert answer.json()["fields"][0]["code"] == "code_spent"


async def test_a_code_to_a_contact_in_dispute_proves_nothing(door: Door, patient: Patient) -> None:
    async with door.browser() as home:
        await door.come_in(home, PHONE)
        asked = (await home.post("/api/session/step-up/code", json={"channel": "sms"})).json()
        code = (await door.delivered(asked["code_id"])).code
        async with door.inside() as unit:
            await unit.write.execute(
                text("UPDATE account SET phone_disputed_at = now() WHERE phone = :phone"), {"phone": PHONE}
            )
        answer = await home.post(f"/api/session/step-up/code/{asked['code_id']}/check", json={"code": code})
    assert answer.json()["fields"][0]["code"] == "code_spent"


async def test_the_proof_is_kept_and_audited(door: Door, desk: httpx.AsyncClient, patient: Patient) -> None:
    answer = await act(desk, patient, "let-in")
    [change] = answer.json()["changes"]
    assert (change["change"], change["proof"], change["note"], change["by"]) == (
        "let_in", "called_back", PROOF["note"], "Dana Reyes",
    )  # fmt: skip
    async with door.inside() as unit:
        row = (
            await unit.read.execute(
                text("SELECT patient_id, detail FROM audit_event WHERE action = 'patient.let_in'")
            )
        ).one()
    assert (row.patient_id, row.detail) == (patient.id, {"proof": "called_back"})


@pytest.mark.parametrize(
    ("verb", "more"),
    [
        ("disable", {}),
        ("enable", {}),
        ("let-in", {}),
        ("contact", {"channel": "sms", "contact": NEW_PHONE}),
        ("contact/confirm", {"channel": "sms"}),
        ("person", {"given": "Maria", "family": "Lopez", "birth_date": "1988-02-29", "sex": "female"}),
    ],
)
async def test_nothing_is_done_without_proof_a_note_or_a_fresh_second_factor(
    door: Door,
    desk: httpx.AsyncClient,
    patient: Patient,
    clock: FrozenClock,
    verb: str,
    more: dict[str, Any],
) -> None:
    path = f"/api/patients/{patient.id}/account/{verb}"
    empty = await desk.post(path, json={**more, "proof": "photo_id", "note": "  "})
    assert empty.json()["fields"] == [{"path": "note", "code": "required"}]
    assert (await desk.post(path, json={**more, "note": "It was her."})).status_code == 422
    async with door.inside() as unit:
        await unit.write.execute(
            text("UPDATE auth_session SET stepped_up_at = stepped_up_at - interval '2 hours'")
        )
    late = await act(desk, patient, verb, **more)
    assert (late.status_code, late.json()["code"]) == (403, "step_up_required")
    assert (await desk.get(f"/api/patients/{patient.id}/account")).json()["changes"] == []


async def test_a_patient_who_was_let_in_needs_the_code_alone_once_and_soon(
    door: Door,
    desk: httpx.AsyncClient,
    patient: Patient,
    clock: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "WRONG_ANSWERS", Limit("few-answers", (RateLimitItemPerDay(2),)))
    async with door.browser() as new:
        proof = await door.prove(new, PHONE)
        for _ in range(2):
            await door.identify(new, proof, "Perez")
        locked = await door.identify(new, await door.prove(new, PHONE))
        assert locked.json()["code"] == "identity_locked"
        await act(desk, patient, "let-in")
        proof = await door.prove(new, PHONE)
        assert proof["outcome"] == "signed_in"
    async with door.browser() as third:
        proof = await door.prove(third, PHONE)
        assert proof["outcome"] == "identify", "once"
        assert (await door.identify(third, proof)).status_code == 200, "the wrong answers are forgotten"
        await act(desk, patient, "let-in")
        await third.post("/api/session/end-all")
        clock.advance(timedelta(minutes=31))
    async with door.browser() as late:
        assert (await door.prove(late, PHONE))["outcome"] == "identify"


async def test_a_contact_in_dispute_is_confirmed_or_replaced(
    door: Door, desk: httpx.AsyncClient, patient: Patient
) -> None:
    """Nothing of the patient's goes to a number in dispute; the clinic finds out whose it is."""
    async with door.browser() as newcomer:
        proof = await door.prove(newcomer, PHONE)
        form = {"given": "Sam", "family": "Wu", "birth_date": "2001-05-06", "number_is_new": True}
        made = await newcomer.post(
            door.path("/patients"), json={**form, "registration": proof["registration"]}
        )
        assert made.status_code == 201
    written = await told(door)
    assert (PHONE, "security") not in written and (MAIL, "security") in written
    async with door.inside() as unit:
        task = (await unit.read.execute(text("SELECT source, patient_id FROM task"))).one()
        assert (task.source, task.patient_id) == ("contact_disputed", patient.id)
    account = (await desk.get(f"/api/patients/{patient.id}/account")).json()
    assert [each["channel"] for each in account["contacts"] if each["disputed_at"]] == ["sms"]
    account = (await act(desk, patient, "contact/confirm", channel="sms")).json()
    assert not any(each["disputed_at"] for each in account["contacts"])
    async with door.browser() as home:
        await door.come_in(home, PHONE)


async def test_name_and_birth_date_are_corrected_by_staff_alone(
    door: Door, desk: httpx.AsyncClient, patient: Patient
) -> None:
    async with door.browser() as home:
        await door.come_in(home, PHONE)
        await home.patch("/api/me", json={"given": "Eve", "birth_date": "2000-01-01", "locale": "en"})
        assert (await home.get("/api/me")).json()["patient"]["birth_date"] == "1988-02-29"
    wrong = await act(desk, patient, "person", given="", family=" ", birth_date="2199-01-01", sex="female")
    assert {each["path"]: each["code"] for each in wrong.json()["fields"]} == {
        "family": "required",
        "birth_date": "birth_date_in_future",
    }
    right = {"given": "Ana María", "family": "Ruiz López", "birth_date": "1989-03-01", "sex": "female"}
    assert (await act(desk, patient, "person", **right)).status_code == 200
    async with door.browser() as home:
        proof = await door.prove(home, PHONE)
        assert (await door.identify(home, proof)).status_code == 422
        assert (await door.identify(home, proof, "lopez", birth_date="1989-03-01")).status_code == 200
        assert (await home.get("/api/session")).json()["name"] == "Ana María Ruiz López"


async def test_an_address_is_split_by_staff_and_absent_it_stays(
    door: Door, desk: httpx.AsyncClient, patient: Patient
) -> None:
    one_text = {"line": ["12 Elm Street, Albany, NY 12207"], "city": "", "country": "US"}
    async with door.inside() as unit:
        await unit.write.execute(update(Patient).where(Patient.id == patient.id).values(address=one_text))
    person = {"given": "Ana", "family": "Ruiz", "birth_date": "1989-03-01", "sex": "female"}
    kept = (await act(desk, patient, "person", **person)).json()["address"]
    assert (kept["line"], kept["city"]) == (one_text["line"], "")
    assert (await act(desk, patient, "person", **person, address=kept)).status_code == 200
    wrong = await act(desk, patient, "person", **person, address={**kept, "city": "Albany"})
    assert [each["path"] for each in wrong.json()["fields"]] == ["address.state", "address.postalCode"]
    whole = {
        "line": ["12 Elm Street"],
        "city": "Albany",
        "state": "NY",
        "postalCode": "12207",
        "country": "US",
    }
    assert (await act(desk, patient, "person", **person, address=whole)).json()["address"] == whole
    assert (await act(desk, patient, "person", **person, address=None)).json()["address"] is None


async def test_a_patient_enters_pronouns_and_gender_identity_and_nothing_clinical(
    door: Door, patient: Patient
) -> None:
    async with door.browser() as home:
        await door.come_in(home, PHONE)
        said = {"pronouns": "other", "pronouns_other": " ze/zir ", "gender_identity": "non_binary"}
        own = (await home.patch("/api/me", json=said)).json()["patient"]
        assert (own["pronouns"], own["pronouns_other"]) == ("other", "ze/zir")
        assert own["gender_identity"] == "non_binary"
        wrong = await home.patch("/api/me", json={"pronouns": "other", "pronouns_other": " "})
        assert wrong.json()["fields"] == [{"path": "pronouns_other", "code": "required"}]
        assert (await home.patch("/api/me", json={"pronouns": "ze"})).status_code == 422
        assert (await home.patch("/api/me", json={"clinical_sex": "male"})).status_code == 422
        chosen = (await home.patch("/api/me", json={"pronouns": "they"})).json()["patient"]
        assert (chosen["pronouns"], chosen["pronouns_other"]) == ("they", "")
        assert chosen["gender_identity"] == "non_binary"


async def test_staff_record_each_fact_of_sex_and_gender_apart(
    desk: httpx.AsyncClient, patient: Patient
) -> None:
    person = {"given": "Ana", "family": "Ruiz", "birth_date": "1989-03-01", "sex": "male"}
    gender = {
        "birth_sex": "female",
        "clinical_sex": "specified",
        "gender_identity": "trans_man",
        "pronouns": "he",
        "pronouns_other": "",
    }
    assert (await act(desk, patient, "person", **person, gender=gender)).json()["gender"] == gender
    # What is not sent stays: another legal sex changes none of it.
    assert (await act(desk, patient, "person", **person | {"sex": "other"})).json()["gender"] == gender
    wrong = await act(desk, patient, "person", **person, gender={**gender, "pronouns": "other"})
    assert wrong.json()["fields"] == [{"path": "gender.pronouns_other", "code": "required"}]


async def test_a_corrected_sex_corrects_what_medicines_and_questions_went_by(
    door: Door, desk: httpx.AsyncClient
) -> None:
    async with door.inside() as unit:
        mistaken = await make_patient(unit.write)
        mistaken.sex = mistaken.clinical_sex = "male"
    person = {"given": "Ana", "family": "Ruiz", "birth_date": "1989-03-01", "sex": "female"}
    corrected = await act(desk, mistaken, "person", **person)
    assert corrected.json()["gender"]["clinical_sex"] == "female"


@pytest.mark.parametrize(
    ("contact", "code"),
    [
        ("555 01", "contact_invalid"),
        ("212 555 0142 ext. 204", "contact_extension"),
        ("+44 7700 900123", "phone_country"),
        (PHONE, "contact_same"),
    ],
)
async def test_a_contact_that_cannot_be_is_refused_beside_its_field(
    desk: httpx.AsyncClient, patient: Patient, contact: str, code: str
) -> None:
    answer = await act(desk, patient, "contact", channel="sms", contact=contact)
    assert answer.json()["fields"] == [{"path": "contact", "code": code}]


async def test_the_last_contact_stays(door: Door, desk: httpx.AsyncClient, patient: Patient) -> None:
    assert (await act(desk, patient, "contact", channel="email", contact="")).status_code == 200
    last = await act(desk, patient, "contact", channel="sms", contact="")
    assert (last.status_code, last.json()["code"]) == (409, "last_contact")
