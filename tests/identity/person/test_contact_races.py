"""A contact changes while somebody else changes it, or signs in by it: one comes after the other, never between."""

import asyncio

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.registry import all_subscribers
from core.actor import Role
from core.database.session import open_unit
from core.events.relay import drain
from identity.models import Account, Patient
from identity.patient_account import administration
from identity.patient_account.schemas import CorrectContact, Proven
from tests.identity.conftest import Door
from tests.identity.test_races import waits_or_is_done
from tests.notices import notices_of
from tests.people import actor_of, make_patient, make_staff

PHONE, TYPED, CORRECTED = "+12125550142", "+12125550177", "+12125550188"


@pytest.fixture
async def patient(door: Door) -> Patient:
    async with door.inside() as unit:
        found = await make_patient(unit.write, phone=PHONE)
        for table in ("account", "patient"):
            await unit.write.execute(text(f"UPDATE {table} SET email = 'maria@example.org'"))  # noqa: S608  two names
    return found


@pytest.fixture
async def coordinator(door: Door) -> Account:
    async with door.inside() as unit:
        return await make_staff(unit.write, Role.COORDINATOR)


async def contacts(door: Door) -> tuple[set[str], set[str]]:
    """The phone of the account and of the patient's record."""
    async with door.inside() as unit:
        account = await unit.read.scalars(text("SELECT phone FROM account WHERE roles = '{patient}'"))
        patient = await unit.read.scalars(text("SELECT phone FROM patient"))
        return set(account), set(patient)


async def told(door: Door) -> set[str]:
    """Who was written to of a change."""
    await drain(door.services, all_subscribers(), door.clinic.id)
    notices = await notices_of(door.services, door.clinic.id)
    return {each.to for each in notices if each.kind == "security"}


async def asked_to_change(door: Door, browser: httpx.AsyncClient) -> tuple[str, dict[str, str]]:
    """A patient's browser before the code of their new number: where to send it, and the code."""
    await door.come_in(browser, PHONE)
    asked = (await browser.post("/api/me/contact", json={"contact": TYPED})).json()
    code = (await door.delivered(asked["code_id"])).code or ""
    return f"/api/me/contact/{asked['code_id']}/check", {"code": code}


PROOF = Proven(proof="called_back", note="Gave birth date and address.")
CORRECTION = CorrectContact(proof=PROOF.proof, note=PROOF.note, channel="sms", contact=CORRECTED)


async def test_staff_correct_a_number_while_its_owner_takes_a_new_one(
    door: Door,
    browser: httpx.AsyncClient,
    owner: AsyncEngine,
    patient: Patient,
    coordinator: Account,
) -> None:
    """The one who waited finds the code void: staff were asked because that browser may be a stranger's."""
    path, body = await asked_to_change(door, browser)
    async with open_unit(door.services, actor_of(coordinator)) as unit:
        await administration.correct_contact(unit.write, patient.id, CORRECTION)
        late = asyncio.create_task(browser.post(path, json=body))
        await waits_or_is_done(owner, late)
        assert not late.done(), "it has waited for this one"
    refused = await late
    assert refused.status_code in (401, 422), refused.text
    assert await contacts(door) == ({CORRECTED}, {CORRECTED})


async def test_a_patient_takes_a_new_number_while_staff_correct_the_former(
    door: Door,
    browser: httpx.AsyncClient,
    owner: AsyncEngine,
    patient: Patient,
    coordinator: Account,
) -> None:
    """Staff's word is the last, and the number that the patient had for a moment is told as the former one."""
    path, body = await asked_to_change(door, browser)

    async def correct() -> None:
        async with open_unit(door.services, actor_of(coordinator)) as unit:
            await administration.correct_contact(unit.write, patient.id, CORRECTION)

    # Both are stopped where they first touch the account, and go on in the order in which they came.
    async with owner.begin() as gate:
        held = "SELECT FROM account WHERE roles = '{patient}' FOR NO KEY UPDATE"
        await gate.execute(text(held))
        first = asyncio.create_task(browser.post(path, json=body))
        await waits_or_is_done(owner, first)
        late = asyncio.create_task(correct())
        await waiting(owner, 2)
    assert (await first).status_code == 200, first.result().text
    await late
    assert await contacts(door) == ({CORRECTED}, {CORRECTED})
    async with door.inside() as unit:
        open_codes = "SELECT count(*) FROM one_time_code WHERE used_at IS NULL AND voided_at IS NULL"
        assert await unit.read.scalar(text(open_codes)) == 0
    assert TYPED in await told(door)
    assert (await browser.get("/api/session")).status_code == 401


@pytest.mark.parametrize("verb", ["correct", "disable"])
@pytest.mark.parametrize("device", ["known", "new"])
async def test_nobody_comes_in_while_staff_put_everybody_out(
    door: Door,
    browser: httpx.AsyncClient,
    owner: AsyncEngine,
    patient: Patient,
    coordinator: Account,
    verb: str,
    device: str,
) -> None:
    """A sign-in by the wrong number at the moment of its correction leaves no session behind."""
    if device == "known":
        await door.come_in(browser, PHONE)
        await browser.post("/api/session/end")
        asked = await door.ask(browser, PHONE)
        code = (await door.delivered(asked["code_id"])).code
        entering = browser.post(door.path(f"/codes/{asked['code_id']}/check"), json={"code": code})
    else:
        entering = door.identify(browser, await door.prove(browser, PHONE))
    async with open_unit(door.services, actor_of(coordinator)) as unit:
        if verb == "correct":
            await administration.correct_contact(unit.write, patient.id, CORRECTION)
        else:
            await administration.disable(unit.write, patient.id, PROOF)
        late = asyncio.create_task(entering)
        await waits_or_is_done(owner, late)
    refused = await late
    assert refused.is_error or refused.json()["outcome"] != "signed_in", refused.text
    if verb == "disable":
        async with open_unit(door.services, actor_of(coordinator)) as unit:
            await administration.enable(unit.write, patient.id, PROOF)
    async with door.inside() as unit:
        left = await unit.read.scalar(text("SELECT count(*) FROM auth_session WHERE ended_at IS NULL"))
    assert left == 0


async def waiting(owner: AsyncEngine, count: int) -> None:
    """Until so many transactions stand before a lock."""
    async with owner.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        query = text("SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted")
        while await connection.scalar(query) < count:  # noqa: ASYNC110  as in chart/test_locks
            await asyncio.sleep(0.02)
