"""A clinic's people, each with a browser: who changes whose account, and who confirms it."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import select

from core.actor import Role
from core.errors import Forbidden
from identity.models import Account
from identity.person.name import PARTS
from identity.staff import confirmations
from messaging.models import Notification
from messaging.notices.notify import open_content
from tests.identity.conftest import Door, enrol
from tests.people import actor_of, parts_of, session_for, sign_in

CONFIRMATIONS = "/api/confirmations"
JSON = dict[str, Any]


@dataclass
class Office:
    """A clinic's people, each with a browser."""

    door: Door
    stack: AsyncExitStack

    async def hire(self, *roles: Role, email: str | None = None) -> Account:
        """Somebody who has worked here for long: nothing of them waits, their app is set up."""
        return (await enrol(self.door, *roles, email=email)).account

    async def browser(self, who: Account) -> httpx.AsyncClient:
        """Signed in with both factors, just now."""
        browser = await self.stack.enter_async_context(self.door.browser())
        async with self.door.inside() as unit:
            sign_in(browser, await session_for(unit.write, who))
        return browser

    async def waits(self, who: Account) -> list[str]:
        async with self.door.inside() as unit:
            return sorted(await confirmations.own_waiting(unit.read, who.id))

    async def may_sign(self, who: Account) -> bool:
        async with self.door.inside() as unit:
            unit.adopt(actor_of(who))
            try:
                await confirmations.require_to_sign(unit.read)
            except Forbidden as refused:
                assert refused.code == "not_confirmed"
                return False
            return True


async def form_of(desk: httpx.AsyncClient, who: Account, **changed: object) -> JSON:
    """What the dialog in People sends back."""
    shown = (await desk.get(f"/api/admin/people/{who.id}")).json()
    fields = (*PARTS, "email", "roles", "locale", "title", "credentials", "npi", "dea", "licences", "version")
    if isinstance(name := changed.pop("name", None), str):
        changed |= parts_of(name)
    return {field: shown[field] for field in fields} | changed


async def edit(desk: httpx.AsyncClient, who: Account, **changed: object) -> JSON:
    form = await form_of(desk, who, **changed)
    answer = await desk.put(f"/api/admin/people/{who.id}", json=form)
    assert answer.status_code == 200, answer.text
    body: JSON = answer.json()
    return body


async def confirm(browser: httpx.AsyncClient, who: Account) -> tuple[int, str]:
    """Confirm all that is shown; the status and the code."""
    shown = [each for each in (await browser.get(CONFIRMATIONS)).json() if each["account_id"] == str(who.id)]
    ids = [change["id"] for change in shown[0]["changes"]]
    answer = await browser.post(f"{CONFIRMATIONS}/{who.id}/confirm", json={"changes": ids})
    return answer.status_code, answer.json()["code"] if answer.is_error else ""


async def mailbox(door: Door, address: str, kind: str) -> list[str]:
    """The last words of each notice of a kind to this address: its link."""
    async with door.inside() as unit:
        rows = await unit.read.scalars(
            select(Notification).where(Notification.kind == kind).order_by(Notification.id)
        )
        contents = [open_content(unit.read, row) for row in rows]
    return [each["text"].split()[-1] for each in contents if each["to"] == address]
