"""An account that was taken is frozen, by its owner's old address or by the second person (ADR 17)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from app.registry import all_subscribers
from core.actor import Role
from core.events.relay import drain
from identity.models import Account, Invite
from tests.identity.conftest import PASSWORD, Door, enrol
from tests.identity.office import CONFIRMATIONS, Office, edit, mailbox


@pytest.fixture
async def office(door: Door) -> AsyncIterator[Office]:
    async with AsyncExitStack() as stack:
        yield Office(door, stack)


async def freeze_token(office: Office, address: str) -> str:
    await drain(office.door.services, all_subscribers(), office.door.clinic.id)
    link = (await mailbox(office.door, address, "staff_security"))[-1]
    page, _, token = link.partition("#")
    assert page.endswith(f"/c/{office.door.clinic.slug}/freeze")
    return token


async def test_whoever_reads_the_old_address_stops_it_without_signing_in(
    office: Office, browser: httpx.AsyncClient
) -> None:
    door = office.door
    member = await enrol(door, Role.CLINICIAN)
    old, admin = str(member.account.email), await office.hire(Role.ADMIN, email="boss@clinic.example")
    desk, theirs = await office.browser(admin), await office.browser(member.account)
    await edit(desk, member.account, email="mine@elsewhere.example")
    token = await freeze_token(office, old)
    for _ in range(2):
        shown = await browser.post(door.path("/freeze/open"), json={"token": token})
        assert (shown.status_code, shown.json()) == (200, {"name": member.account.name})
    assert (await browser.get(door.path(f"/freeze?token={token}"))).status_code == 405, (
        "reading uses nothing up"
    )
    assert (await browser.post(door.path("/freeze"), json={"token": token})).status_code == 204
    again = await browser.post(door.path("/freeze"), json={"token": token})
    assert (again.status_code, again.json()["code"]) == (409, "link_over")
    assert (await theirs.get("/api/session")).status_code == 401
    taken = {"email": "mine@elsewhere.example", "password": PASSWORD}
    assert (await browser.post(door.path("/staff/password"), json=taken)).status_code == 422
    person = (await desk.get(f"/api/admin/people/{member.account.id}")).json()
    assert (person["status"], person["frozen"]) == ("disabled", True)
    await drain(door.services, all_subscribers(), door.clinic.id)
    assert len(await mailbox(door, "boss@clinic.example", "frozen")) == 1


async def test_an_account_is_not_changed_in_silence_while_it_is_disabled(
    office: Office, browser: httpx.AsyncClient
) -> None:
    door, doctor = office.door, await office.hire(Role.CLINICIAN, email="dana@clinic.example")
    desk = await office.browser(await office.hire(Role.ADMIN))
    await desk.post(f"/api/admin/people/{doctor.id}/disable")
    await edit(desk, doctor, email="mine@elsewhere.example")
    token = await freeze_token(office, "dana@clinic.example")
    await desk.post(f"/api/admin/people/{doctor.id}/enable")
    assert (await browser.post(door.path("/freeze"), json={"token": token})).status_code == 204
    assert (await desk.get(f"/api/admin/people/{doctor.id}")).json()["frozen"]


async def test_links_to_a_former_address_open_nothing(office: Office, browser: httpx.AsyncClient) -> None:
    """A mailbox that was taken, or never was theirs: neither sets the password any more."""
    door = office.door
    desk = await office.browser(await office.hire(Role.ADMIN))
    doctor = await office.hire(Role.CLINICIAN, email="dana@clinic.example")
    await browser.post(door.path("/staff/forgot"), json={"email": "dana@clinic.example"})
    form = {"given": "Amara", "family": "Okafor", "email": "typo@clinic.example", "roles": ["clinician"]}
    invited = (await desk.post("/api/admin/people", json=form)).json()
    await drain(door.services, all_subscribers(), door.clinic.id)
    links = [
        *await mailbox(door, "dana@clinic.example", "reset"),
        *await mailbox(door, "typo@clinic.example", "invite"),
    ]
    assert len(links) == 2
    await edit(desk, doctor, email="dana.reyes@clinic.example")
    await edit(desk, Account(id=UUID(invited["id"])), email="amara@clinic.example")
    for link in links:
        answer = await browser.post(door.path("/invites/open"), json={"token": link.rpartition("#")[2]})
        assert answer.json()["code"] == "link_over"
    await drain(door.services, all_subscribers(), door.clinic.id)
    assert len(await mailbox(door, "amara@clinic.example", "invite")) == 1
    assert await mailbox(door, "typo@clinic.example", "staff_security") == [], "it was nobody's yet"


async def test_a_frozen_account_comes_back_without_any_of_its_ways_in(
    office: Office, browser: httpx.AsyncClient
) -> None:
    """Whoever took it may know the password and have the app."""
    door = office.door
    member = await enrol(door, Role.CLINICIAN)
    desk = await office.browser(await office.hire(Role.ADMIN))
    await desk.post(f"/api/admin/people/{member.account.id}/reset-second-factor")
    first = await freeze_token(office, str(member.account.email))
    await desk.post(f"/api/admin/people/{member.account.id}/reset-second-factor")
    second = await freeze_token(office, str(member.account.email))
    assert first != second
    await browser.post(door.path("/freeze"), json={"token": first})
    enabled = (await desk.post(f"/api/admin/people/{member.account.id}/enable")).json()
    assert (enabled["status"], enabled["frozen"], enabled["second_factor"]) == ("invited", False, [])
    assert enabled["waits_for"] == ["enabled", "second_factor"]
    assert (await member.password(browser)).status_code == 422
    again = await browser.post(door.path("/freeze"), json={"token": second})
    assert again.json()["code"] == "link_over", "a link that was kept does not freeze it for ever"


async def test_a_link_that_was_under_way_opens_nothing_after_a_freeze(
    office: Office, browser: httpx.AsyncClient
) -> None:
    door, doctor = office.door, await office.hire(Role.CLINICIAN, email="dana@clinic.example")
    desk = await office.browser(await office.hire(Role.ADMIN))
    await edit(desk, doctor, name="Dana R. Reyes")
    token = await freeze_token(office, "dana@clinic.example")
    await browser.post(door.path("/staff/forgot"), json={"email": "dana@clinic.example"})
    await drain(door.services, all_subscribers(), door.clinic.id)
    link = (await mailbox(door, "dana@clinic.example", "reset"))[-1]
    await browser.post(door.path("/freeze"), json={"token": token})
    body = {"token": link.rpartition("#")[2], "password": "a third fine sentence 9"}
    assert (await browser.post(door.path("/invites/accept"), json=body)).json()["code"] == "link_over"
    async with door.inside() as unit:
        assert not list(await unit.read.scalars(select(Invite).where(Invite.sealed.is_not(None))))


async def test_the_second_person_stops_what_is_wrong(office: Office) -> None:
    doctor = await office.hire(Role.CLINICIAN)
    maker, second = await office.hire(Role.ADMIN), await office.hire(Role.ADMIN)
    desk, other = await office.browser(maker), await office.browser(second)
    theirs = await office.browser(doctor)
    await edit(desk, doctor, email="mine@elsewhere.example")
    path = f"{CONFIRMATIONS}/{doctor.id}/freeze"
    assert (await desk.post(path)).json()["code"] == "made_it_yourself"
    [left] = (await other.post(path)).json()
    assert left["frozen"] and (await theirs.get("/api/session")).status_code == 401
    # Of somebody of whom nothing waits there is nothing to judge.
    assert (await other.post(f"{CONFIRMATIONS}/{maker.id}/freeze")).status_code == 404


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "\x00"])
async def test_a_made_up_link_freezes_nobody(door: Door, browser: httpx.AsyncClient, token: str) -> None:
    for path in ("/freeze", "/freeze/open"):
        answer = await browser.post(door.path(path), json={"token": token})
        assert answer.status_code in (409, 422), answer.text
