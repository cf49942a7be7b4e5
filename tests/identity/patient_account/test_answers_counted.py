"""Who guesses whose phone this is: counted at every door, the asker before the asked, also many guesses at once."""

import asyncio
from collections import Counter

import httpx
import pytest
from limits import RateLimitItemPerDay

from identity import limits
from identity.limits import Limit
from tests.conftest import ORIGIN
from tests.identity.conftest import Door
from tests.identity.patient_account.test_second_check import BORN, PHONE, patient_of, register, who

FORM = {"given": "Maria", "family": "Lopez", "birth_date": BORN}


def few(monkeypatch: pytest.MonkeyPatch, *, asker: int, contact: int) -> None:
    monkeypatch.setattr(limits, "ANSWERS_BY_ASKER", Limit("few-by-asker", (RateLimitItemPerDay(asker),)))
    monkeypatch.setattr(limits, "WRONG_ANSWERS", Limit("few-answers", (RateLimitItemPerDay(contact),)))


async def guess(door: Door, browser: httpx.AsyncClient, where: str, answer: str) -> httpx.Response:
    proof = await door.prove(browser, PHONE, somebody_else=True)
    if where == "identify":
        return await door.identify(browser, proof, answer)
    return await register(door, browser, proof, **{**FORM, "family": answer})


@pytest.mark.parametrize("where", ["identify", "register"])
async def test_one_asker_uses_up_their_own_guesses_and_not_everybodys(
    door: Door, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """The former partner with the phone in hand is stopped; its owner, at another address, comes in by an answer."""
    few(monkeypatch, asker=2, contact=3)
    patient = await patient_of(door)
    async with door.browser() as stranger:
        for answer in ("Perez", "Garcia", "Gomez", "Torres"):
            await guess(door, stranger, where, answer)
        right = await guess(door, stranger, where, "Lopez")
        assert (right.status_code, right.json()["code"]) == (403, "identity_locked")
        # Whether the form was right or wrong, the answer is the same.
        wrong = await guess(door, stranger, where, "Perez")
        assert (wrong.status_code, wrong.json()["code"]) == (403, "identity_locked")
    async with at("198.51.100.7", door) as home:
        found = await door.identify(home, await door.prove(home, PHONE))
        assert found.status_code == 200, found.text
        assert await who(home) == str(patient.id)


@pytest.mark.parametrize("where", ["identify", "register"])
async def test_many_askers_together_are_stopped_at_the_contact(
    door: Door, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    few(monkeypatch, asker=2, contact=3)
    patient = await patient_of(door)
    for number in range(4):
        async with at(f"198.51.100.{number}", door) as stranger:
            await guess(door, stranger, where, f"Perez {'abcd'[number]}")
    async with at("198.51.100.99", door) as stranger:
        await guess(door, stranger, where, "Lopez")
        assert await who(stranger) != str(patient.id)


async def test_whoever_registers_on_a_number_of_nobody_uses_nothing_up(
    door: Door, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A family's first member is no guess."""
    few(monkeypatch, asker=1, contact=1)
    assert (await guess(door, browser, "register", "Lopez")).status_code == 201
    mother = await who(browser)
    await browser.post("/api/session/end")
    assert (await guess(door, browser, "identify", "Lopez")).status_code == 200
    assert await who(browser) == mother


@pytest.mark.parametrize("where", ["identify", "register"])
async def test_guesses_at_one_moment_are_counted_one_by_one(
    door: Door, browser: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Eight proofs in hand, and one guess left: one is heard."""
    few(monkeypatch, asker=1, contact=1)
    await patient_of(door)
    proofs = [await door.prove(browser, PHONE) for _ in range(8)]

    async def one(number: int) -> int:
        async with door.browser() as own:
            if where == "identify":
                return (await door.identify(own, proofs[number], f"Perez{number}")).status_code
            given = f"Maria{'abcdefgh'[number]}"
            # The last one is right, and comes too late or first.
            form = FORM if number == 7 else {**FORM, "given": given}
            return (await register(door, own, proofs[number], **form)).status_code

    answers = Counter([await one(0), *await asyncio.gather(*(one(number) for number in range(1, 8)))])
    assert answers == {{"identify": 422, "register": 201}[where]: 1, 403: 7}


def at(address: str, door: Door) -> httpx.AsyncClient:
    """A browser at another address."""
    transport = httpx.ASGITransport(door.app, raise_app_exceptions=False, client=(address, 1))  # type: ignore[arg-type]  # litestar's own ASGI types
    return httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers={"origin": ORIGIN})
