"""What may be used once is used once, also by twenty at the same moment."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import Role
from core.database.session import open_unit
from core.errors import Problem
from identity.codes import deliveries
from identity.models import Account, Invite
from identity.person.name import Name
from identity.staff import confirmations, freezing, people
from tests.identity.conftest import PASSWORD, Door, Member, enrol
from tests.patience import PATIENCE
from tests.people import actor_of, make_staff, session_for, sign_in

AT_ONCE = 20


async def race(door: Door, path: str, body: Callable[[int], dict[str, Any]]) -> Counter[int]:
    """The same request from as many browsers at once; how often each status was answered."""

    async def one(number: int) -> int:
        async with door.browser() as browser:
            return (await browser.post(door.path(path), json=body(number))).status_code

    return Counter(await asyncio.gather(*(one(number) for number in range(AT_ONCE))))


async def sessions_of(door: Door, account_id: object) -> int:
    async with door.inside() as unit:
        count: int = await unit.read.scalar(
            text("SELECT count(*) FROM auth_session WHERE account_id = :id"), {"id": account_id}
        )
    return count


async def test_a_recovery_code(door: Door, member: Member, browser: httpx.AsyncClient) -> None:
    """Each with a challenge of its own, so that only the code itself stands between them."""
    challenges = [await member.challenge(browser) for _ in range(5)]
    code = member.recovery_codes[0]
    answers = await race(
        door, "/staff/recovery", lambda number: {"challenge": challenges[number % 5], "code": code}
    )
    assert answers[200] == 1, answers
    assert await sessions_of(door, member.account.id) == 1


async def test_a_challenge(door: Door, member: Member, browser: httpx.AsyncClient) -> None:
    """Each with a recovery code of its own, so that only the challenge stands between them."""
    challenge = await member.challenge(browser)
    codes = member.recovery_codes
    answers = await race(
        door, "/staff/recovery", lambda number: {"challenge": challenge, "code": codes[number % 10]}
    )
    assert answers[200] == 1, answers
    assert await sessions_of(door, member.account.id) == 1


async def test_an_invitation(door: Door, browser: httpx.AsyncClient) -> None:
    admin = await enrol(door, Role.ADMIN)
    await admin.sign_in(browser)
    form = {"given": "Lee", "family": "Park", "email": "lee@harbor.example", "roles": ["coordinator"]}
    person = (await browser.post("/api/admin/people", json=form)).json()
    async with door.inside() as unit:
        invite: Invite = await unit.read.one_or_none(select(Invite).where(Invite.account_id == person["id"]))
        delivery = await deliveries.take_invite(unit.write, invite.id)
    assert delivery is not None
    token = delivery.link.partition("#")[2]
    answers = await race(
        door, "/invites/accept", lambda number: {"token": token, "password": f"{PASSWORD} {number}"}
    )
    assert answers == {200: 1, 409: AT_ONCE - 1}


async def test_a_registration(door: Door, browser: httpx.AsyncClient) -> None:
    asked = await door.ask(browser, "+12125550177")
    code = (await door.delivered(asked["code_id"])).code
    proven = (await browser.post(door.path(f"/codes/{asked['code_id']}/check"), json={"code": code})).json()
    form = {
        "registration": proven["registration"],
        "given": "Ana",
        "family": "Ruiz",
        "birth_date": "1990-01-31",
    }
    answers = await race(
        door, "/patients", lambda number: {**form, "given": f"Ana {'abcdefghijklmnopqrst'[number]}"}
    )
    assert answers == {201: 1, 409: AT_ONCE - 1}


async def test_wrong_guesses_at_one_code(door: Door, browser: httpx.AsyncClient) -> None:
    """However many guess at once, five guesses end the code, and the right one after them is refused."""
    asked = await door.ask(browser, "+12125550178")
    code = (await door.delivered(asked["code_id"])).code
    path = f"/codes/{asked['code_id']}/check"
    wrong = f"{(int(code or '0') + 1) % 10**6:06}"
    answers: Awaitable[Counter[int]] = race(door, path, lambda number: {"code": wrong})
    assert await answers == {422: AT_ONCE}
    late = await browser.post(door.path(path), json={"code": code})
    assert (late.status_code, late.json()["fields"][0]["code"]) == (422, "code_spent")


@pytest.mark.parametrize("second", ["disables", "demotes"])
async def test_two_admins_who_take_it_from_each_other(door: Door, owner: AsyncEngine, second: str) -> None:
    """The one whose transaction comes second reads that they are the last, and the clinic keeps them."""
    async with door.inside() as unit:
        ann, ben = [await make_staff(unit.write, Role.ADMIN, name=name) for name in ("Ann", "Ben")]

    async def ben_takes_it_from_ann() -> None:
        async with open_unit(door.services, actor_of(ben)) as unit:
            if second == "disables":
                await people.disable(unit.write, ann.id)
            else:
                form = people.Form(name=Name(family="Ann"), email=ann.email or "", roles=["coordinator"])
                await people.change(unit.write, ann.id, 1, form)

    async with open_unit(door.services, actor_of(ann)) as unit:
        await people.disable(unit.write, ben.id)
        late = asyncio.create_task(ben_takes_it_from_ann())
        await waits_or_is_done(owner, late)
    with pytest.raises(Problem) as refused:
        await late
    if second == "disables":
        assert (refused.value.status, refused.value.code) == (409, "last_admin")
    else:
        assert [(each.path, each.code) for each in refused.value.fields] == [("roles", "last_admin")]
    async with door.inside() as unit:
        left = await unit.read.scalar(
            text("SELECT count(*) FROM account WHERE status = 'active' AND 'admin' = ANY (roles)")
        )
    assert left == 1


async def waits_or_is_done(owner: AsyncEngine, task: asyncio.Task[Any]) -> None:
    """Until the other transaction stands before a lock; or, were there none, has gone through."""
    async with asyncio.timeout(PATIENCE), owner.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        waits = text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        while not (task.done() or await connection.scalar(waits)):  # noqa: ASYNC110  as in chart/test_locks
            await asyncio.sleep(0.02)


@dataclass
class Taken:
    """A clinician whose address was just changed by `maker`: the owner holds a link, `second` is to judge."""

    door: Door
    doctor: Account
    maker: Account
    second: Account
    link: str

    async def freeze_by_link(self) -> httpx.Response:
        async with self.door.browser() as browser:
            return await browser.post(self.door.path("/freeze"), json={"token": self.link})

    async def edit(self) -> httpx.Response:
        async with self.door.browser() as desk:
            async with self.door.inside() as unit:
                sign_in(desk, await session_for(unit.write, self.maker))
            return await desk.put(f"/api/admin/people/{self.doctor.id}", json={**self._form(), "version": 2})

    async def disable(self) -> httpx.Response:
        async with self.door.browser() as desk:
            async with self.door.inside() as unit:
                sign_in(desk, await session_for(unit.write, self.maker))
            return await desk.post(f"/api/admin/people/{self.doctor.id}/disable")

    def _form(self) -> dict[str, object]:
        return {
            "given": "Dana",
            "family": "Reyes",
            "email": "new@clinic.example",
            "roles": ["clinician"],
            "npi": "1234567893",
        }


@pytest.fixture
async def taken(door: Door) -> Taken:
    roles = (Role.CLINICIAN, Role.ADMIN, Role.ADMIN)
    doctor, maker, second = [(await enrol(door, role)).account for role in roles]
    form = people.Form(
        Name(given="Dana", family="Reyes"), "new@clinic.example", ["clinician"], npi="1234567893"
    )
    async with open_unit(door.services, actor_of(maker)) as unit:
        await people.change(unit.write, doctor.id, 1, form)
        page = await freezing.make_link(unit.write, doctor.id)
    return Taken(door, doctor, maker, second, str(page).partition("#")[2])


@pytest.mark.parametrize("other", ["freeze_by_link", "edit", "disable"])
async def test_a_colleague_freezes_while_another_changes_the_account(
    taken: Taken, owner: AsyncEngine, other: str
) -> None:
    """Account, then staff, in every way there is: taken the other way round, one of the two would be cut off."""
    async with open_unit(taken.door.services, actor_of(taken.second)) as unit:
        await confirmations.require_may_judge(unit.write, taken.doctor.id)
        late = asyncio.create_task(getattr(taken, other)())
        await waits_or_is_done(owner, late)
        assert not late.done(), "it has waited for this one"
        await freezing.freeze(unit.write, (await people.held(unit.write, taken.doctor.id)).account)
    assert (await late).is_success, late.result().text
    async with taken.door.inside() as unit:
        found = await people.get(unit.read, taken.doctor.id)
    assert (found.account.status, found.staff.frozen_at is not None) == ("disabled", True)


async def test_an_invitation_that_is_accepted_while_the_account_is_disabled(
    door: Door, owner: AsyncEngine
) -> None:
    """Whoever disables has the last word: the one who comes does not make the account active again."""
    admin = (await enrol(door, Role.ADMIN)).account
    form = people.Form(Name(given="Lee", family="Park"), "lee@harbor.example", ["coordinator"])
    async with open_unit(door.services, actor_of(admin)) as unit:
        invited = await people.invite(unit.write, form)
        made = await unit.read.scalar(select(Invite.id).where(Invite.account_id == invited.account.id))
        delivery = await deliveries.take_invite(unit.write, made)
    assert delivery is not None
    body = {"token": delivery.link.partition("#")[2], "password": PASSWORD}

    async def accept() -> httpx.Response:
        async with door.browser() as browser:
            return await browser.post(door.path("/invites/accept"), json=body)

    async with open_unit(door.services, actor_of(admin)) as unit:
        await people.disable(unit.write, invited.account.id)
        await unit.write.flush()
        late = asyncio.create_task(accept())
        await waits_or_is_done(owner, late)
    assert ((await late).status_code, late.result().json()["code"]) == (409, "link_over")
    async with door.inside() as unit:
        assert (await people.get(unit.read, invited.account.id)).account.status == "disabled"


@pytest.mark.parametrize("ended_by", ["reset-second-factor", "disable, enable"])
async def test_a_sign_in_half_done_leads_nowhere_once_it_was_ended(
    door: Door, member: Member, browser: httpx.AsyncClient, ended_by: str
) -> None:
    """Whoever knows the password stands before the second factor while an administrator takes it all away."""
    challenge = await member.challenge(browser)
    async with door.browser() as desk:
        admin = (await enrol(door, Role.ADMIN)).account
        async with door.inside() as unit:
            sign_in(desk, await session_for(unit.write, admin))
        for step in ended_by.split(", "):
            assert (await desk.post(f"/api/admin/people/{member.account.id}/{step}")).is_success
    code = member.code()
    answer = await browser.post(door.path("/staff/totp"), json={"challenge": challenge, "code": code})
    assert (answer.status_code, answer.json()["code"]) == (409, "challenge_over")
