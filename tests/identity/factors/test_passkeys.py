"""Passkeys: the device, unlocked, signs in; a copied, phished or foreign answer does not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.asgi import build_app
from core.clock import FrozenClock
from core.services import Services, make_redis
from identity.limits import PASSKEYS_FROM_ADDRESS
from identity.tasks import forget_old_secrets
from tests.identity.conftest import Door, Member, enrol
from tests.identity.soft_authenticator import SoftAuthenticator
from tests.people import make_clinic, make_patient, session_for, sign_in
from tests.ports import free_ports

SITE = "http://localhost:8000"


@pytest.fixture(scope="module")
def named(still: Services) -> Services:
    """A site with a host name: an IP address cannot have passkeys."""
    return replace(still, settings=msgspec.structs.replace(still.settings, public_url=SITE))


@pytest.fixture(scope="module")
def named_app(named: Services) -> Litestar:
    return build_app(named)


@pytest.fixture
async def site(named: Services, named_app: Litestar, owner: AsyncEngine) -> Door:
    return Door(await make_clinic(owner), named, named_app)


def at_site(site: Door) -> httpx.AsyncClient:
    browser = site.browser(origin=SITE)
    browser.base_url = httpx.URL(SITE)
    return browser


async def _register(
    browser: httpx.AsyncClient, device: SoftAuthenticator, name: str = "Phone"
) -> dict[str, Any]:
    begun = (await browser.post("/api/passkeys/options")).json()
    answer = await browser.post(
        "/api/passkeys",
        json={"challenge": begun["challenge"], "credential": device.create(begun["options"]), "name": name},
    )
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def _sign_in(site: Door, device: SoftAuthenticator, **changes: Any) -> httpx.Response:
    async with at_site(site) as browser:
        begun = (await browser.post(site.path("/passkeys/options"))).json()
        body = {"challenge": begun["challenge"], "credential": device.get(begun["options"], **changes)}
        return await browser.post(site.path("/passkeys/sign-in"), json=body)


async def _patient_with(site: Door, device: SoftAuthenticator) -> str:
    async with site.inside() as unit:
        patient = await make_patient(unit.write)
        token = await session_for(unit.write, patient)
    async with at_site(site) as browser:
        sign_in(browser, token)
        await _register(browser, device)
    return token


async def test_a_patient_adds_a_passkey_names_it_uses_it_and_removes_it(site: Door) -> None:
    device = SoftAuthenticator(SITE)
    token = await _patient_with(site, device)
    answer = await _sign_in(site, device)
    assert answer.status_code == 200 and "carethread=" in answer.headers["set-cookie"]
    async with at_site(site) as browser:
        sign_in(browser, token)
        listed = (await browser.get("/api/passkeys")).json()
        assert [(each["name"], each["last_used_at"] is not None) for each in listed] == [("Phone", True)]
        path = f"/api/passkeys/{listed[0]['id']}"
        assert (await browser.patch(path, json={"name": " My  phone "})).json()["name"] == "My phone"
        assert (await browser.patch(path, json={"name": " "})).json()["fields"][0]["code"] == "required"
        assert (await browser.delete(path)).status_code == 204
    assert (await _sign_in(site, device)).status_code == 422


async def test_staff_enter_with_a_passkey_alone_because_it_is_two_factors(site: Door) -> None:
    member = await enrol(site)
    device = SoftAuthenticator(SITE)
    async with at_site(site) as browser:
        await member.sign_in(browser)
        await _register(browser, device)
    answer = await _sign_in(site, device)
    assert answer.status_code == 200


@pytest.mark.parametrize("wrong", ["phished", "not_unlocked", "copied", "other_challenge", "garbage"])
async def test_an_answer_that_proves_nothing_is_refused(site: Door, wrong: str) -> None:
    device = SoftAuthenticator(SITE)
    await _patient_with(site, device)
    async with at_site(site) as browser:
        begun = (await browser.post(site.path("/passkeys/options"))).json()
        options = begun["options"]
        if wrong == "phished":
            credential = device.get(options, origin="http://localhost.evil.example:8000")
        elif wrong == "not_unlocked":
            device.verifies = False
            credential = device.get(options)
        elif wrong == "copied":
            await _sign_in(site, device)
            device.count = 0
            credential = device.get(options)
        elif wrong == "other_challenge":
            credential = device.get({**options, "challenge": "AAAA"})
        else:
            credential = {**device.get(options), "response": {"clientDataJSON": "!", "userHandle": "é"}}
        body = {"challenge": begun["challenge"], "credential": credential}
        answer = await browser.post(site.path("/passkeys/sign-in"), json=body)
    assert answer.status_code == 422
    assert answer.json()["fields"] == [{"path": "credential", "code": "passkey_refused"}]


_NO_CHAIN = {"sig": b"", "alg": -7, "x5c": []}
_PACKED: dict[str, Any] = {"fmt": "packed", "attStmt": {"sig": b"", "alg": -7}}


@pytest.mark.parametrize(
    "made",
    [
        {"key": {}, **_PACKED},
        {"key": {1: 2}, **_PACKED},
        {"key": [], **_PACKED},
        {"key": "a", **_PACKED},
        {"fmt": "packed", "attStmt": _NO_CHAIN},
        {"fmt": "apple", "attStmt": _NO_CHAIN},
        {"fmt": "tpm", "attStmt": {"x5c": [b"a"], "ver": "2.0"}},
        {"authData": b""},
        {"authData": 5},
        {"authData": bytes(400)},
        {"fmt": None},
    ],
    ids=repr,
)
async def test_a_passkey_that_no_device_makes_is_refused(site: Door, made: dict[str, Any]) -> None:
    device = SoftAuthenticator(SITE)
    async with at_site(site) as browser:
        async with site.inside() as unit:
            sign_in(browser, await session_for(unit.write, await make_patient(unit.write)))
        begun = (await browser.post("/api/passkeys/options")).json()
        credential = device.create(begun["options"], **made)
        body = {"challenge": begun["challenge"], "credential": credential, "name": "Phone"}
        answer = await browser.post("/api/passkeys", json=body)
    assert (answer.status_code, answer.json()["fields"][0]["code"]) == (422, "passkey_refused")


async def test_an_answer_is_good_once(site: Door) -> None:
    device = SoftAuthenticator(SITE)
    await _patient_with(site, device)
    async with at_site(site) as browser:
        begun = (await browser.post(site.path("/passkeys/options"))).json()
        body = {"challenge": begun["challenge"], "credential": device.get(begun["options"])}
        assert (await browser.post(site.path("/passkeys/sign-in"), json=body)).status_code == 200
        replay = await browser.post(site.path("/passkeys/sign-in"), json=body)
    assert (replay.status_code, replay.json()["code"]) == (409, "challenge_over")


async def test_a_passkey_of_one_clinic_opens_no_other(site: Door, owner: AsyncEngine) -> None:
    device = SoftAuthenticator(SITE)
    await _patient_with(site, device)
    other = Door(await make_clinic(owner), site.services, site.app)
    assert (await _sign_in(other, device)).status_code == 422


async def test_stepping_up_takes_ones_own_passkey_only(site: Door) -> None:
    member = await enrol(site)
    own, foreign = SoftAuthenticator(SITE), SoftAuthenticator(SITE)
    await _patient_with(site, foreign)
    async with at_site(site) as browser:
        await member.sign_in(browser)
        none = await browser.post("/api/session/step-up/passkey/options")
        assert none.json()["code"] == "no_passkey"
        await _register(browser, own)
        begun = (await browser.post("/api/session/step-up/passkey/options")).json()
        path = "/api/session/step-up/passkey"
        stolen = {"challenge": begun["challenge"], "credential": foreign.get(begun["options"])}
        assert (await browser.post(path, json=stolen)).status_code == 422
        mine = {"challenge": begun["challenge"], "credential": own.get(begun["options"])}
        answer = await browser.post(path, json=mine)
    assert answer.status_code == 200 and answer.json()["stepped_up_until"] is not None


async def test_staff_cannot_remove_their_last_second_factor(site: Door) -> None:
    async with site.inside() as unit:
        from tests.people import make_staff

        account = await make_staff(unit.write)
        token = await session_for(unit.write, account)
    async with at_site(site) as browser:
        sign_in(browser, token)
        made = await _register(browser, SoftAuthenticator(SITE))
        answer = await browser.delete(f"/api/passkeys/{made['id']}")
    assert (answer.status_code, answer.json()["code"]) == (409, "last_second_factor")


async def test_a_site_without_a_name_says_that_it_has_no_passkeys(
    member: Member, browser: httpx.AsyncClient
) -> None:
    assert (await browser.get(member.door.path(""))).json()["passkeys"] is False
    answer = await browser.post(member.door.path("/passkeys/options"))
    assert (answer.status_code, answer.json()["code"]) == (409, "passkeys_unavailable")


async def test_an_address_begins_only_so_many_sign_ins_and_what_was_begun_is_forgotten(
    site: Door, clock: FrozenClock, owner: AsyncEngine
) -> None:
    path, number = site.path("/passkeys/options"), PASSKEYS_FROM_ADDRESS.items[0].amount
    async with at_site(site) as browser:
        statuses = {(await browser.post(path)).status_code for _ in range(number)}
        refused = await browser.post(path)
    assert statuses == {200}
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many")
    count = text("SELECT count(*) FROM challenge WHERE clinic_id = :clinic")
    for left, later in ((number, timedelta()), (0, timedelta(days=2))):
        await forget_old_secrets(replace(site.services, clock=FrozenClock(clock.now() + later)))
        async with owner.connect() as connection:
            assert await connection.scalar(count, {"clinic": site.clinic.id}) == left


async def test_without_valkey_a_passkey_still_signs_in(site: Door) -> None:
    """Guessing is what must not become free, and nobody guesses a passkey."""
    nowhere = make_redis(f"redis://127.0.0.1:{free_ports()}")
    services = replace(site.services, redis=nowhere)
    async with at_site(replace(site, services=services, app=build_app(services))) as browser:
        answer = await browser.post(site.path("/passkeys/options"))
    await nowhere.aclose()
    assert answer.status_code == 200, answer.text
