"""A sign-in that reaches its end during a call lives on while the call does, and no longer than it may."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from identity.domain import AFTER_CALL, IN_CALL_AT_MOST
from identity.sessions.authentication import streams_alive
from tests.visits.conftest import Browser, ClinicAtWork
from tests.visits.test_calls import HERE, join, say

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def _at(system: AsyncEngine, session_id: str, ended: timedelta, left: timedelta | None) -> None:
    """Put the end of the sign-in, and of its calls, that long ago."""
    async with system.begin() as connection:
        await connection.execute(
            text("UPDATE auth_session SET expires_at = now() - cast(:ago AS interval) WHERE id = :id"),
            {"ago": ended, "id": session_id},
        )
        if left is not None:
            await connection.execute(
                text("UPDATE call_attempt SET ended_at = now() - cast(:ago AS interval), end_cause = 'hang_up'"
                     " WHERE session_id = :id"),
                {"ago": left, "id": session_id},
            )  # fmt: skip


async def _in_call(clinic: ClinicAtWork, browser: Browser, visit_id: UUID, *, patient: bool) -> None:
    """Be in the visit's call with somebody."""
    attempt = (await join(browser, visit_id, HERE if patient else None))["attempt_id"]
    for kind in ("joined", "connected"):
        await say(clinic, visit_id, attempt, kind)


async def _lives(clinic: ClinicAtWork, browser: Browser, session_id: str) -> bool:
    """Whether requests are still answered, and the live stream with them."""
    answer = await browser.get("/api/session")
    patient_id = answer.json().get("patient_id")
    stream = (UUID(session_id), UUID(patient_id) if patient_id else None)
    alive = await streams_alive(clinic.services, {stream})
    assert (answer.status_code == 200) is bool(alive)
    return bool(alive)


@pytest.mark.parametrize("patient", [True, False])
@pytest.mark.parametrize(
    ("ended", "left", "lives"),
    [
        (MINUTE, None, True),
        (3 * HOUR, None, True),
        (IN_CALL_AT_MOST - MINUTE, None, True),
        (IN_CALL_AT_MOST + MINUTE, None, False),
        (30 * MINUTE, AFTER_CALL - MINUTE, True),
        (30 * MINUTE, AFTER_CALL + MINUTE, False),
        (5 * MINUTE, AFTER_CALL + MINUTE, False),
        (IN_CALL_AT_MOST + MINUTE, MINUTE, False),
    ],
)
async def test_a_call_keeps_the_sign_in_within_bounds(
    clinic: ClinicAtWork, patient: bool, ended: timedelta, left: timedelta | None, lives: bool
) -> None:
    visit = await clinic.admitted()
    browser = await clinic.browser(clinic.patient if patient else clinic.ruth)
    session_id = (await browser.get("/api/session")).json()["session_id"]
    await _in_call(clinic, browser, visit.id, patient=patient)
    await _at(clinic.services.system, session_id, ended, left)
    assert await _lives(clinic, browser, session_id) is lives


async def test_without_a_call_a_sign_in_ends_when_it_says(clinic: ClinicAtWork) -> None:
    visit = await clinic.admitted()
    browser, other = await clinic.browser(clinic.ruth), await clinic.browser(clinic.ruth)
    session_id = (await browser.get("/api/session")).json()["session_id"]
    # The same person's call by another sign-in keeps only that one.
    await _in_call(clinic, other, visit.id, patient=False)
    await _at(clinic.services.system, session_id, MINUTE, None)
    assert not await _lives(clinic, browser, session_id)


async def test_who_is_signed_out_or_disabled_is_out_in_the_middle_of_a_call(clinic: ClinicAtWork) -> None:
    visit = await clinic.admitted()
    for how in ("UPDATE auth_session SET ended_at = now(), ended_because = 'not_me' WHERE id = :session",
                "UPDATE account SET status = 'disabled' WHERE id = :account"):  # fmt: skip
        browser = await clinic.browser(clinic.ruth)
        session = (await browser.get("/api/session")).json()
        await _in_call(clinic, browser, visit.id, patient=False)
        await _at(clinic.services.system, session["session_id"], MINUTE, None)
        assert await _lives(clinic, browser, session["session_id"])
        async with clinic.services.system.begin() as connection:
            await connection.execute(
                text(how), {"session": session["session_id"], "account": session["account_id"]}
                if ":account" in how else {"session": session["session_id"]},
            )  # fmt: skip
        assert not await _lives(clinic, browser, session["session_id"])


async def test_who_rejoins_past_the_end_gets_a_ticket(clinic: ClinicAtWork) -> None:
    visit = await clinic.admitted()
    browser = await clinic.browser(clinic.patient)
    session = (await browser.get("/api/session")).json()
    await _in_call(clinic, browser, visit.id, patient=True)
    await _at(clinic.services.system, session["session_id"], 20 * MINUTE, MINUTE)
    assert (await join(browser, visit.id, HERE))["ticket"]


@pytest.mark.parametrize("said", [[], ["joined"]])
async def test_a_ticket_or_a_room_without_anybody_keeps_no_sign_in(
    clinic: ClinicAtWork, said: list[str]
) -> None:
    visit = await clinic.admitted()
    browser = await clinic.browser(clinic.patient)
    session_id = (await browser.get("/api/session")).json()["session_id"]
    attempt = (await join(browser, visit.id, HERE))["attempt_id"]
    for kind in said:
        await say(clinic, visit.id, attempt, kind)
    await _at(clinic.services.system, session_id, MINUTE, None)
    assert not await _lives(clinic, browser, session_id)
