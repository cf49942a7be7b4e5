"""One-time codes and links as people use them, and as somebody who wants in without one would."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
import msgspec
import pytest
from limits import RateLimitItemPerHour
from sqlalchemy import select, text

from app.asgi import build_app
from core.clock import FrozenClock
from core.config import Settings
from core.services import open_services
from identity import limits
from identity.limits import Limit
from identity.models import OneTimeCode, Patient
from tests.identity.conftest import Door
from tests.people import make_patient

NEW = {"given": "Ana", "family": "Núñez", "birth_date": "1990-04-01", "time_zone": "America/Denver"}


async def test_a_patient_signs_in_with_the_code_from_the_phone(
    door: Door, browser: httpx.AsyncClient
) -> None:
    async with door.inside() as unit:
        patient = await make_patient(unit.write, phone="+12125550142")
    asked = await door.ask(browser, "(212) 555-0142")
    assert asked["masked"] == "••• 0142"
    message = await door.delivered(asked["code_id"])
    assert (message.to, message.channel) == ("+12125550142", "sms")
    answer = await browser.post(
        door.path(f"/codes/{asked['code_id']}/check"), json={"code": f" {message.code} "}
    )
    assert answer.json()["outcome"] == "identify"
    answer = await door.identify(browser, answer.json())
    assert answer.json()["outcome"] == "signed_in"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "path=/" in cookie
    session = (await browser.get("/api/session")).json()
    assert session["patient_id"] == str(patient.id)
    assert session["clinic"]["slug"] == door.clinic.slug


async def test_known_and_unknown_contacts_get_the_same_answer(door: Door, browser: httpx.AsyncClient) -> None:
    async with door.inside() as unit:
        await make_patient(unit.write, phone="+12125550143")
    known = await door.ask(browser, "+1 212 555 0143")
    unknown = await door.ask(browser, "+1 212 555 0144")
    assert known.keys() == unknown.keys()
    for one, other in ((known, unknown),):
        assert one["expires_at"] == other["expires_at"] and one["channel"] == other["channel"]
    # Both were sent a message, and the messages differ in code and link only.
    first, second = await door.delivered(known["code_id"]), await door.delivered(unknown["code_id"])
    assert (first.kind, first.name, first.clinic_name) == (second.kind, second.name, second.clinic_name)


async def test_somebody_new_registers_once_the_contact_is_proven(
    door: Door, browser: httpx.AsyncClient
) -> None:
    asked = await door.ask(browser, "Ana@Example.org")
    message = await door.delivered(asked["code_id"])
    assert message.to == "ana@example.org"
    accepted = await browser.post(door.path(f"/codes/{asked['code_id']}/check"), json={"code": message.code})
    assert accepted.json()["outcome"] == "register"
    assert (await browser.get("/api/session")).status_code == 401
    token = accepted.json()["registration"]
    made = await browser.post(door.path("/patients"), json={**NEW, "registration": token, "language": "es"})
    assert made.status_code == 201, made.text
    session = (await browser.get("/api/session")).json()
    assert (session["name"], session["locale"], session["roles"]) == ("Ana Núñez", "es", ["patient"])
    again = await browser.post(door.path("/patients"), json={**NEW, "registration": token})
    assert (again.status_code, again.json()["code"]) == (409, "registration_over")
    async with door.inside() as unit:
        patients = list(await unit.read.scalars(select(Patient)))
    assert [(each.email, each.time_zone) for each in patients] == [("ana@example.org", "America/Denver")]


async def test_what_is_wrong_with_a_registration_is_said_beside_the_field(
    door: Door, browser: httpx.AsyncClient
) -> None:
    form = {
        "registration": "x",
        "given": "a\x07",
        "family": "a\u202eb",
        "birth_date": "2199-01-01",
        "time_zone": "Mars/Olympus",
    }
    answer = await browser.post(door.path("/patients"), json=form)
    assert answer.status_code == 422
    assert {each["path"]: each["code"] for each in answer.json()["fields"]} == {
        "given": "control_characters",
        "family": "control_characters",
        "birth_date": "birth_date_in_future",
        "time_zone": "time_zone_unknown",
    }


async def test_registering_cannot_choose_a_role_or_a_clinic(door: Door, browser: httpx.AsyncClient) -> None:
    asked = await door.ask(browser, "mass@example.org")
    code = (await door.delivered(asked["code_id"])).code
    accepted = await browser.post(door.path(f"/codes/{asked['code_id']}/check"), json={"code": code})
    extra = {"role": "admin", "roles": ["admin"], "clinic_id": str(door.clinic.id), "status": "active"}
    body = {**NEW, "registration": accepted.json()["registration"]}
    refused = await browser.post(door.path("/patients"), json={**body, **extra})
    assert {each["code"] for each in refused.json()["fields"]} == {"unknown_field"}
    await browser.post(door.path("/patients"), json=body)
    assert (await browser.get("/api/session")).json()["roles"] == ["patient"]


async def test_five_wrong_tries_end_a_code(door: Door, browser: httpx.AsyncClient) -> None:
    asked = await door.ask(browser, "+12125550145")
    right = (await door.delivered(asked["code_id"])).code
    wrong = "000000" if right != "000000" else "111111"
    path = door.path(f"/codes/{asked['code_id']}/check")
    said = []
    for _ in range(5):
        problem = (await browser.post(path, json={"code": wrong})).json()["fields"][0]
        said.append((problem["code"], problem.get("params", {}).get("left")))
    assert said == [
        ("code_wrong", 4), ("code_wrong", 3), ("code_wrong", 2), ("code_wrong", 1), ("code_spent", None),
    ]  # fmt: skip
    answer = await browser.post(path, json={"code": right})
    assert (answer.status_code, answer.json()["fields"][0]["code"]) == (422, "code_spent")


async def test_a_code_and_its_link_are_good_for_ten_minutes(
    door: Door, browser: httpx.AsyncClient, clock: FrozenClock
) -> None:
    asked = await door.ask(browser, "+12125550147")
    message = await door.delivered(asked["code_id"])
    clock.advance(timedelta(minutes=10))
    code = await browser.post(door.path(f"/codes/{asked['code_id']}/check"), json={"code": message.code})
    token = message.link.partition("#")[2]
    link = await browser.post(door.path("/links/check"), json={"token": token})
    for answer in (code, link):
        assert (answer.status_code, answer.json()["fields"][0]["code"]) == (422, "code_spent")
    assert (await browser.get("/api/session")).status_code == 401


async def test_a_link_is_used_once_by_its_button_and_never_by_opening_it(
    door: Door, browser: httpx.AsyncClient, clock: FrozenClock
) -> None:
    async with door.inside() as unit:
        await make_patient(unit.write, phone="+12125550148")
    asked = await door.ask(browser, "+12125550148")
    link = (await door.delivered(asked["code_id"])).link
    page, _, token = link.partition("#")
    assert page.endswith(f"/c/{door.clinic.slug}/link") and len(token) == 43
    # A mail scanner opens the link; what is after the # does not even leave it. Then it tries the route by GET.
    for address in (page.removeprefix("http://127.0.0.1:8000"), door.path("/links/check")):
        await browser.get(address, params={"token": token})
    answer = await browser.post(door.path("/links/check"), json={"token": token})
    assert answer.json()["outcome"] == "identify"
    again = await browser.post(door.path("/links/check"), json={"token": token})
    assert (again.status_code, again.json()["fields"][0]["code"]) == (422, "code_spent")


async def test_of_twenty_at_once_one_gets_in(door: Door) -> None:
    async with door.inside() as unit:
        await make_patient(unit.write, phone="+12125550149")
    async with door.browser() as browser:
        asked = await door.ask(browser, "+12125550149")
    message = await door.delivered(asked["code_id"])
    token = message.link.partition("#")[2]

    async def attempt(number: int) -> int:
        async with door.browser() as one:
            if number % 2:
                answer = await one.post(door.path("/links/check"), json={"token": token})
            else:
                path = door.path(f"/codes/{asked['code_id']}/check")
                answer = await one.post(path, json={"code": message.code})
        return answer.status_code

    statuses = await asyncio.gather(*(attempt(number) for number in range(20)))
    assert sorted(statuses) == [200] + [422] * 19


async def test_a_disabled_patient_is_told_only_when_they_have_said_who_they_are(
    door: Door, browser: httpx.AsyncClient
) -> None:
    async with door.inside() as unit:
        patient = await make_patient(unit.write, phone="+12125550152")
        await unit.write.execute(
            text("UPDATE account SET status = 'disabled' WHERE id = :id"), {"id": patient.account_id}
        )
    proof = await door.prove(browser, "+12125550152")
    wrong = await door.identify(browser, proof, "Perez")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid")
    answer = await door.identify(browser, proof)
    assert (answer.status_code, answer.json()["code"]) == (403, "account_disabled")


async def test_the_database_and_the_outbox_hold_no_code_in_the_clear(
    door: Door, browser: httpx.AsyncClient
) -> None:
    asked = await door.ask(browser, "+12125550153")
    async with door.inside() as unit:
        row = await unit.read.one_or_none(select(OneTimeCode).where(OneTimeCode.id == asked["code_id"]))
        message = await door.delivered(asked["code_id"])
        events = await unit.read.scalars(
            text("SELECT ids::text FROM outbox WHERE clinic_id = :clinic"), {"clinic": door.clinic.id}
        )
        assert message.code is not None
        kept = b"".join((row.code_hash, row.link_hash, row.sealed))
        assert message.code.encode() not in kept
        assert all(message.code not in ids and message.to not in ids for ids in events)
    await browser.post(door.path(f"/codes/{asked['code_id']}/check"), json={"code": message.code})
    async with door.inside() as unit:
        row = await unit.read.one_or_none(select(OneTimeCode).where(OneTimeCode.id == asked["code_id"]))
        assert row.sealed is None


async def test_another_clinic_knows_nothing_of_a_code(
    door: Door, browser: httpx.AsyncClient, still_app: object, other_clinic_id: object
) -> None:
    asked = await door.ask(browser, "+12125550154")
    code = (await door.delivered(asked["code_id"])).code
    answer = await browser.post(
        f"/api/clinics/test-{other_clinic_id}/codes/{asked['code_id']}/check", json={"code": code}
    )
    assert answer.json()["fields"][0]["code"] == "code_spent"


async def test_strangers_use_up_no_codes_of_patients_and_learn_nothing_from_it(
    door: Door, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody with many addresses asks for codes to made-up numbers, all day."""
    monkeypatch.setattr(limits, "CODES_TO_STRANGERS", Limit("few-strangers", (RateLimitItemPerHour(3),)))
    async with door.inside() as unit:
        await make_patient(unit.write, phone="+12125550143")
    strangers = [await door.ask(browser, f"+1212555{number}") for number in range(3000, 3006)]
    patient = await door.ask(browser, "+12125550143")
    assert strangers[-1].keys() == patient.keys()
    async with door.inside() as unit:
        asked = await unit.read.scalars(text("SELECT ids ->> 'code_id' FROM outbox WHERE name LIKE '%code%'"))
        sent = set(asked.all())
    assert [each["code_id"] in sent for each in strangers] == [True] * 3 + [False] * 3
    assert patient["code_id"] in sent


@pytest.mark.parametrize(
    "contact", ["+44 7700 900123", "+1 876 555 0123", "+371 2000 0000", "+882 1620 0000"]
)
async def test_no_text_message_goes_to_where_it_costs_a_fortune(
    door: Door, browser: httpx.AsyncClient, contact: str
) -> None:
    answer = await browser.post(door.path("/codes"), json={"contact": contact})
    assert answer.status_code == 422
    assert [(each["path"], each["code"]) for each in answer.json()["fields"]] == [
        ("contact", "phone_country")
    ]


@pytest.mark.parametrize(
    ("carrier", "goes", "says"),
    [
        ({"smtp_url": "smtp://localhost"}, "ana@example.org", {"+1 212 555 0199": "sms_unavailable"}),
        ({"twilio_account_sid": "AC1"}, "+1 212 555 0199", {"ana@example.org": "email_unavailable"}),
    ],
)
async def test_nobody_waits_for_a_code_that_nothing_would_carry(
    door: Door, settings: Settings, carrier: dict[str, str], goes: str, says: dict[str, str]
) -> None:
    """An installation with one carrier, or none, says so beside the field; the other way in stays."""
    real = msgspec.structs.replace(settings, demo=False, **carrier)
    async with open_services(real, door.services.clock) as services:
        there = replace(door, services=services, app=build_app(services))
        async with there.browser() as browser:
            assert (await browser.post(door.path("/codes"), json={"contact": goes})).status_code == 201
            for contact, code in says.items():
                answer = await browser.post(door.path("/codes"), json={"contact": contact})
                assert answer.status_code == 422
                assert answer.json()["fields"] == [{"path": "contact", "code": code}]


@pytest.mark.parametrize(
    "contact", ["+1 212 555 0199", "+1 787 555 0123", "+52 55 1234 5678", "ana@example.co.uk"]
)
async def test_codes_go_to_where_the_patients_are(
    door: Door, browser: httpx.AsyncClient, contact: str
) -> None:
    await door.ask(browser, contact)
