"""Sessions as a thief would try them: prepared, replayed, left open, and kept after they were ended."""

import secrets
import string
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from app.asgi import build_app
from core import live
from core.actor import Role, system_actor
from core.clock import FrozenClock
from core.database.session import open_unit
from core.services import Services
from identity.models import Account, AuthSession, Patient
from identity.sessions.authentication import streams_alive
from identity.sessions.tokens import digest, is_marked, session_key
from tests.conftest import new_browser
from tests.identity.conftest import Door
from tests.people import make_patient, make_staff, session_for, sign_in


async def _patient(door: Door) -> tuple[Patient, str]:
    async with door.inside() as unit:
        patient = await make_patient(unit.write)
        return patient, await session_for(unit.write, patient)


async def _staff(door: Door, *roles: Role) -> tuple[Account, str]:
    async with door.inside() as unit:
        account = await make_staff(unit.write, *roles)
        return account, await session_for(unit.write, account)


async def _who(browser: httpx.AsyncClient) -> dict[str, Any] | int:
    answer = await browser.get("/api/session")
    body: dict[str, Any] = answer.json()
    return body if answer.status_code == 200 else answer.status_code


async def test_a_session_says_who_what_and_how_long(
    door: Door, browser: httpx.AsyncClient, clock: FrozenClock
) -> None:
    account, token = await _staff(door, Role.CLINICIAN, Role.ADMIN)
    sign_in(browser, token)
    session = await _who(browser)
    assert isinstance(session, dict)
    assert session["account_id"] == str(account.id)
    assert session["roles"] == ["admin", "clinician"]
    assert {"note.sign", "admin.people"} <= set(session["permissions"])
    assert "record.own" not in session["permissions"]
    assert session["idle_seconds"] == 15 * 60


async def test_a_session_says_after_which_live_event_its_page_is_as_new(
    door: Door, browser: httpx.AsyncClient
) -> None:
    _, token = await _staff(door, Role.CLINICIAN)
    sign_in(browser, token)
    numbers = []
    for number in range(3):
        session = await _who(browser)
        assert isinstance(session, dict)
        numbers.append(session["live_after"])
        async with door.inside() as unit:
            live.publish(unit.write, "test.changed", [live.role(Role.CLINICIAN)], thing_id=str(number))
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]


async def test_the_token_is_new_at_sign_in_and_a_prepared_one_is_worth_nothing(door: Door) -> None:
    patient, _ = await _patient(door)
    async with door.browser() as victim:
        victim.cookies.set("carethread", "prepared-by-somebody-else")
        victim.cookies.set("carethread-device", "prepared-too")
        await door.come_in(victim, str(patient.phone))
        given = {cookie.value for cookie in victim.cookies.jar if cookie.domain}
    async with door.browser() as attacker:
        sign_in(attacker, "prepared-by-somebody-else")
        assert await _who(attacker) == 401
    assert all(value and len(value) == 43 for value in given)


async def test_signing_in_again_ends_the_session_that_the_browser_came_with(door: Door) -> None:
    patient, first = await _patient(door)
    async with door.browser(cookie=f"carethread={first}") as browser:
        await door.come_in(browser, str(patient.phone))
    async with door.browser() as thief:
        sign_in(thief, first)
        assert await _who(thief) == 401


async def test_after_sign_out_the_old_token_gets_401(door: Door, browser: httpx.AsyncClient) -> None:
    _, token = await _patient(door)
    sign_in(browser, token)
    answer = await browser.post("/api/session/end")
    assert answer.status_code == 204
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    async with door.browser() as replay:
        sign_in(replay, token)
        assert await _who(replay) == 401


async def test_sign_out_everywhere_ends_them_all(door: Door, browser: httpx.AsyncClient) -> None:
    patient, one = await _patient(door)
    async with door.inside() as unit:
        other = await session_for(unit.write, patient)
    sign_in(browser, one)
    listed = (await browser.get("/api/sessions")).json()
    assert [each["current"] for each in listed].count(True) == 1 and len(listed) == 2
    await browser.post("/api/session/end-all")
    for token in (one, other):
        async with door.browser() as replay:
            sign_in(replay, token)
            assert await _who(replay) == 401


async def test_one_ends_ones_own_other_browser_but_nobody_elses(
    door: Door, browser: httpx.AsyncClient
) -> None:
    patient, one = await _patient(door)
    _, foreign = await _patient(door)
    async with door.inside() as unit:
        other = await session_for(unit.write, patient)
    async with door.browser() as stranger:
        sign_in(stranger, foreign)
        theirs = (await stranger.get("/api/sessions")).json()[0]["id"]
        sign_in(browser, one)
        mine = [each["id"] for each in (await browser.get("/api/sessions")).json() if not each["current"]]
        assert (await browser.post(f"/api/sessions/{theirs}/end")).status_code == 404
        assert (await browser.post(f"/api/sessions/{mine[0]}/end")).status_code == 204
        assert isinstance(await _who(stranger), dict)
    async with door.browser() as ended:
        sign_in(ended, other)
        assert await _who(ended) == 401


@pytest.mark.parametrize(("staff", "minutes"), [(True, 15), (False, 30)])
async def test_a_session_that_nobody_uses_ends(
    door: Door, browser: httpx.AsyncClient, clock: FrozenClock, staff: bool, minutes: int
) -> None:
    _, token = await (_staff(door) if staff else _patient(door))
    sign_in(browser, token)
    for _ in range(2):
        clock.advance(timedelta(minutes=minutes - 1))
        assert isinstance(await _who(browser), dict)
    clock.advance(timedelta(minutes=minutes))
    assert await _who(browser) == 401


async def test_no_session_outlives_the_day(
    door: Door, browser: httpx.AsyncClient, clock: FrozenClock
) -> None:
    _, token = await _staff(door)
    sign_in(browser, token)
    for _ in range(71):
        clock.advance(timedelta(minutes=10))
        assert (await browser.post("/api/session/keep-alive")).status_code == 204
    clock.advance(timedelta(minutes=10))
    assert await _who(browser) == 401


async def test_the_clinic_decides_how_long(door: Door, browser: httpx.AsyncClient) -> None:
    async with door.services.system.begin() as connection:
        await connection.execute(
            text("""UPDATE clinic SET settings = '{"staff_idle_minutes": 5}' WHERE id = :id"""),
            {"id": door.clinic.id},
        )
    _, token = await _staff(door)
    sign_in(browser, token)
    session = await _who(browser)
    assert isinstance(session, dict) and session["idle_seconds"] == 300


async def test_open_streams_learn_that_a_session_has_ended(door: Door, browser: httpx.AsyncClient) -> None:
    _, token = await _patient(door)
    _, other = await _patient(door)
    sign_in(browser, token)
    session = await _who(browser)
    assert isinstance(session, dict)
    async with door.browser() as second:
        sign_in(second, other)
        body = await _who(second)
        assert isinstance(body, dict)
        mine, theirs = ((UUID(each["session_id"]), UUID(each["patient_id"])) for each in (session, body))
        assert await streams_alive(door.services, {mine, theirs}) == {mine, theirs}
        await browser.post("/api/session/end")
        assert await streams_alive(door.services, {mine, theirs}) == {theirs}


@pytest.mark.parametrize("cookie", ["", "x", "a" * 200, "\u00e9", "carethread=a; carethread=b"])
async def test_a_cookie_that_is_none_of_ours_is_nobody(door: Door, cookie: str) -> None:
    header = cookie if "=" in cookie else f"carethread={cookie}"
    async with door.browser() as browser:
        answer = await browser.get("/api/session", headers={b"cookie": header.encode("latin-1")})
    assert answer.status_code == 401


async def test_two_cookies_of_our_name_are_refused_even_if_one_is_good(door: Door) -> None:
    _, token = await _patient(door)
    async with door.browser(cookie=f"carethread={token}; carethread=planted") as browser:
        assert await _who(browser) == 401


async def test_a_session_has_one_spelling(door: Door) -> None:
    """43 characters of base64 hold 258 bits, and a token 256: its last character could be written in four ways."""
    _, token = await _patient(door)
    keys = [session_key(door.services.settings.secret_key)]
    spelled = [token[:-1] + letter for letter in string.ascii_letters + string.digits + "-_"]
    assert [each for each in spelled if is_marked(each, keys)] == [token]
    async with door.browser(cookie=f"carethread={token}") as browser:
        assert isinstance(await _who(browser), dict)


@pytest.mark.parametrize(
    "origin", [None, "https://evil.example", "null", "http://127.0.0.1:8000.evil.example"]
)
async def test_writes_from_other_sites_are_refused(door: Door, origin: str | None) -> None:
    _, token = await _patient(door)
    async with door.browser(cookie=f"carethread={token}") as browser:
        del browser.headers["origin"]
        headers = {"origin": origin} if origin else {}
        for path in ("/api/session/end", door.path("/codes"), door.path("/staff/password")):
            answer = await browser.post(path, json={}, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "origin_refused")
        assert isinstance(await _who(browser), dict)


async def test_a_plain_text_body_is_refused(door: Door, browser: httpx.AsyncClient) -> None:
    answer = await browser.post(
        door.path("/codes"), content='{"contact": "+12125550199"}', headers={"content-type": "text/plain"}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "content_type_refused")


@pytest.mark.parametrize(("until", "status"), [("now() + interval '1 hour'", 200), ("now()", 401)])
async def test_a_session_of_the_version_before_lives_out_its_day(
    services: Services, owner: AsyncEngine, clinic_id: UUID, until: str, status: int
) -> None:
    """Its token carries no mark of ours."""
    old = secrets.token_urlsafe(32)
    async with open_unit(services, system_actor(clinic_id)) as unit:
        patient = await make_patient(unit.write)
        await session_for(unit.write, patient)
        await unit.write.execute(
            update(AuthSession)
            .where(AuthSession.account_id == patient.account_id)
            .values(token_hash=digest(old))
        )
    replaced = (
        "CREATE OR REPLACE FUNCTION unmarked_sessions_until() RETURNS timestamptz LANGUAGE sql STABLE AS"
    )
    try:
        async with owner.begin() as connection:
            await connection.execute(text(f"{replaced} $$ SELECT {until} $$"))
        async with new_browser(build_app(services)) as browser:
            sign_in(browser, old)
            # What is not known yet is asked with the first such cookie.
            await browser.get("/api/session")
            assert (await browser.get("/api/session")).status_code == status
    finally:
        async with owner.begin() as connection:
            await connection.execute(text(f"{replaced} $$ SELECT to_timestamp(0) $$"))
