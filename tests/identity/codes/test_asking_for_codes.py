"""Codes asked for by strangers: they never keep the phone's owner out, and one message cannot be guessed for ever."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from limits import RateLimitItemPerMinute
from sqlalchemy import text

from core.clock import FrozenClock
from identity import limits
from identity.limits import Limit
from tests.identity.conftest import Door
from tests.people import make_patient

PHONE = "+12125550142"


async def check(door: Door, browser: httpx.AsyncClient, code_id: str, code: str | None) -> httpx.Response:
    return await browser.post(door.path(f"/codes/{code_id}/check"), json={"code": code})


async def sent(door: Door) -> set[str]:
    """The requests that made a message."""
    async with door.inside() as unit:
        ids = await unit.read.scalars(text("SELECT ids ->> 'code_id' FROM outbox WHERE name LIKE '%code%'"))
        return set(ids.all())


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that few requests go beyond them."""
    for name, limit in {
        "CODES_BY_ASKER": Limit("small-asker", (RateLimitItemPerMinute(2, 15),)),
        "CODES_TO_CONTACT": Limit("small-contact", (RateLimitItemPerMinute(3, 15),)),
        "GUESSES_BY_ASKER": Limit("small-guess", (RateLimitItemPerMinute(6, 600),)),
    }.items():
        monkeypatch.setattr(limits, name, limit)


@pytest.mark.parametrize("strangers", [1, 5])
async def test_however_often_strangers_ask_the_owner_gets_in(
    door: Door, browser: httpx.AsyncClient, strangers: int
) -> None:
    """From the owner's own address, the worst case: before them, and between their asking and their typing."""
    async with door.inside() as unit:
        await make_patient(unit.write, phone=PHONE)
    async with door.browser() as stranger:
        first, *_ = [await door.ask(stranger, PHONE) for _ in range(strangers)]
        on_the_phone = (await door.delivered(first["code_id"])).code
        own = await door.ask(browser, PHONE)
        await door.ask(stranger, PHONE)
    # Whether or not their own request made another message: what lies on the phone opens the door.
    answer = await check(door, browser, own["code_id"], on_the_phone)
    assert (answer.status_code, answer.json()["outcome"]) == (200, "identify"), answer.text


async def test_strangers_cannot_have_a_phone_ring_all_day(door: Door, browser: httpx.AsyncClient) -> None:
    asked = [await door.ask(browser, PHONE) for _ in range(6)]
    messages = await sent(door) & {each["code_id"] for each in asked}
    assert len(messages) == 2
    assert {tuple(sorted(each)) for each in asked} == {tuple(sorted(asked[0]))}, "all are answered alike"


async def test_beyond_every_limit_there_still_is_a_code_that_works(
    door: Door, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, clock: FrozenClock
) -> None:
    """An attack from everywhere, all day: one message goes out now and then, and it is good for whoever asks."""
    monkeypatch.setattr(limits, "CODES_TO_CONTACT", Limit("few", (RateLimitItemPerMinute(1, 600),)))
    first = await door.ask(browser, PHONE)
    clock.advance(timedelta(minutes=11))
    second = await door.ask(browser, PHONE)
    third = await door.ask(browser, PHONE)
    assert await sent(door) == {first["code_id"], second["code_id"]}
    code = (await door.delivered(second["code_id"])).code
    assert (await check(door, browser, third["code_id"], code)).status_code == 200


async def test_a_code_asked_for_again_is_the_same_and_used_once(
    door: Door, browser: httpx.AsyncClient, clock: FrozenClock
) -> None:
    first = await door.ask(browser, PHONE)
    clock.advance(timedelta(minutes=9))
    second = await door.ask(browser, PHONE)
    code = (await door.delivered(first["code_id"])).code
    assert (await door.delivered(second["code_id"])).code == code
    clock.advance(timedelta(minutes=2))
    late = await check(door, browser, first["code_id"], code)
    assert late.json()["fields"][0]["code"] == "code_spent"
    assert (await check(door, browser, second["code_id"], code)).status_code == 200
    third = await door.ask(browser, PHONE)
    again = await check(door, browser, third["code_id"], code)
    assert again.json()["fields"][0]["code"] == "code_wrong"


async def test_after_the_key_was_replaced_another_code_is_sent(
    door: Door, browser: httpx.AsyncClient
) -> None:
    await door.ask(browser, PHONE)
    async with door.inside() as unit:
        await unit.write.execute(text("UPDATE one_time_code SET sealed = substr(sealed, 2)"))
    again = await door.ask(browser, PHONE)
    code = (await door.delivered(again["code_id"])).code
    assert (await check(door, browser, again["code_id"], code)).status_code == 200


async def test_the_link_of_a_code_that_was_used_opens_nothing(door: Door, browser: httpx.AsyncClient) -> None:
    first, second = [await door.ask(browser, PHONE) for _ in range(2)]
    messages = [await door.delivered(each["code_id"]) for each in (first, second)]
    assert (await check(door, browser, second["code_id"], messages[1].code)).status_code == 200
    for message in messages:
        token = message.link.partition("#")[2]
        answer = await browser.post(door.path("/links/check"), json={"token": token})
        assert answer.json()["fields"][0]["code"] == "code_spent"


async def test_a_stranger_s_wrong_digits_use_up_no_tries_of_the_owner(
    door: Door, browser: httpx.AsyncClient
) -> None:
    async with door.browser() as stranger:
        theirs = await door.ask(stranger, PHONE)
        own = await door.ask(browser, PHONE)
        code = (await door.delivered(own["code_id"])).code
        wrong = f"{(int(code or '0') + 1) % 10**6:06}"
        for _ in range(6):
            await check(door, stranger, theirs["code_id"], wrong)
    assert (await check(door, browser, own["code_id"], code)).status_code == 200


async def test_asking_again_and_again_does_not_give_endless_guesses(
    door: Door, browser: httpx.AsyncClient
) -> None:
    """Each request has five tries, and one asker has so many in a day, whichever requests they are for."""
    async with door.inside() as unit:
        await make_patient(unit.write, phone=PHONE)
    own_device = await known_device(door)
    statuses = []
    for _ in range(2):
        asked = await door.ask(browser, PHONE)
        code = (await door.delivered(asked["code_id"])).code
        wrong = f"{(int(code or '0') + 1) % 10**6:06}"
        statuses += [(await check(door, browser, asked["code_id"], wrong)).status_code for _ in range(5)]
    assert statuses == [422] * 6 + [429] * 4
    # The patient's own device, at the same address, is not counted with them.
    async with door.browser() as home:
        home.cookies.set("carethread-device", own_device)
        proof = await door.prove(home, PHONE)
    assert proof["outcome"] == "signed_in"


async def test_a_known_device_gets_its_messages_whatever_strangers_do(
    door: Door, browser: httpx.AsyncClient
) -> None:
    async with door.inside() as unit:
        await make_patient(unit.write, phone=PHONE)
    own_device = await known_device(door)
    for _ in range(4):
        await door.ask(browser, PHONE)
    async with door.browser() as home:
        home.cookies.set("carethread-device", own_device)
        asked = await door.ask(home, PHONE)
    assert asked["code_id"] in await sent(door)


async def known_device(door: Door) -> str:
    """The cookie of a browser that the patient has signed in on."""
    async with door.browser() as home:
        await door.come_in(home, PHONE)
        return str(home.cookies["carethread-device"])


async def test_a_code_is_good_for_what_it_was_asked_for_only(door: Door, browser: httpx.AsyncClient) -> None:
    """The digits for a new contact do not stand in for the proof that is asked before it is added, nor sign in."""
    async with door.inside() as unit:
        await make_patient(unit.write, phone=PHONE)
    await door.come_in(browser, PHONE)
    new: dict[str, Any] = (await browser.post("/api/me/contact", json={"contact": "new@example.org"})).json()
    code = (await door.delivered(new["code_id"])).code
    proof = await browser.post(f"/api/session/step-up/code/{new['code_id']}/check", json={"code": code})
    assert proof.json()["fields"][0]["code"] == "code_spent"
    entry = await check(door, browser, new["code_id"], code)
    assert entry.json()["fields"][0]["code"] == "code_spent"
    other = replace(door)
    async with other.browser() as stranger:
        own = await door.ask(stranger, PHONE)
        digits = (await door.delivered(own["code_id"])).code
    taken = await browser.post(f"/api/me/contact/{own['code_id']}/check", json={"code": digits})
    assert taken.json()["fields"][0]["code"] == "code_spent"
