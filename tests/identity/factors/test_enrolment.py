"""A second factor that was begun and never confirmed leads nowhere after some minutes, and is not kept."""

from datetime import timedelta

import httpx
import pyotp
import pytest
from sqlalchemy import text

from core.clock import FrozenClock
from identity.staff import invites
from identity.tasks import forget_old_secrets
from tests.identity.conftest import PASSWORD, Door, Member
from tests.people import make_staff, session_for, sign_in

JSON = dict[str, str]


async def begun(door: Door, member: Member, browser: httpx.AsyncClient, where: str) -> tuple[str, JSON]:
    """An app that was shown a secret: where it is confirmed, and with what beside the code."""
    if where == "profile":
        async with door.inside() as unit:
            sign_in(browser, await session_for(unit.write, member.account))
        return "/api/me/authenticator", {}
    async with door.inside() as unit:
        account = await make_staff(unit.write)
        await invites.set_password(unit.write, account, PASSWORD)
    step = await browser.post(
        door.path("/staff/password"), json={"email": account.email, "password": PASSWORD}
    )
    return door.path("/staff/enrolment"), {"challenge": step.json()["challenge"]}


@pytest.mark.parametrize("where", ["profile", "first sign-in"])
@pytest.mark.parametrize("minutes", [9, 10, 14])
async def test_a_secret_that_was_only_shown_expires(
    door: Door, member: Member, browser: httpx.AsyncClient, clock: FrozenClock, where: str, minutes: int
) -> None:
    path, more = await begun(door, member, browser, where)
    secret = (await browser.post(path, json=more)).json()["secret"]
    clock.advance(timedelta(minutes=minutes))
    code = pyotp.TOTP(secret).at(clock.now())
    answer = await browser.post(f"{path}/confirm", json={**more, "code": code})
    if minutes < 10:
        assert answer.status_code == 200, answer.text
        return
    assert (answer.status_code, answer.json()["code"]) == (409, "enrolment_over"), answer.text
    if where == "profile":
        async with door.inside() as unit:
            sign_in(browser, await session_for(unit.write, member.account))
    again = (await browser.post(path, json=more)).json()["secret"]
    assert again != secret
    code = pyotp.TOTP(again).at(clock.now())
    answer = await browser.post(f"{path}/confirm", json={**more, "code": code})
    assert answer.status_code == 200, answer.text


async def test_an_expired_secret_is_forgotten_and_the_one_in_use_is_not(
    door: Door, member: Member, browser: httpx.AsyncClient, clock: FrozenClock
) -> None:
    path, _ = await begun(door, member, browser, "profile")
    await browser.post(path)
    kept = text(
        "SELECT secret IS NOT NULL, pending IS NOT NULL, pending_until IS NOT NULL FROM authenticator"
    )
    for minutes, expected in ((9, (True, True, True)), (1, (True, False, False))):
        clock.advance(timedelta(minutes=minutes))
        await forget_old_secrets(door.services)
        async with door.inside() as unit:
            assert tuple((await unit.read.execute(kept)).one()) == expected
