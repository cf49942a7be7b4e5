"""The reply is lost after the commit (case 25), on every route that takes an Idempotency-Key.

The routes come from the route table: one that takes a key and is not in `stage.ACTS` fails here, and so does one that
creates, takes no key, and gives no reason below.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from litestar.types import Message, Receive, Scope, Send
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.commands.describe import routes_offline
from core.ids import new_id
from core.services import Services
from tests.app.every_route.stage import ACTS, Act, Stage, set_stage
from tests.conftest import ORIGIN

WRITES = [(method, path, handler) for method, path, handler in routes_offline() if method in ("POST", "PUT")]
WITH_KEY = {path: method for method, path, handler in WRITES if handler.opt["idempotent"]}

# Routes that create something and take no key, each with what makes a second try harmless.
WITHOUT_KEY = {
    "/api/clinics/{slug}/codes": "nobody is signed in; asking again is meant to send another code, and is counted",
    "/api/clinics/{slug}/patients": "nobody is signed in; the proof of the contact is good for one patient",
    "/api/me/contact": "asking again is meant to send another code, and is counted",
    "/api/session/step-up/code": "asking again is meant to send another code, and is counted",
    "/api/passkeys": "the ceremony's challenge is good for one passkey",
    "/api/threads/{thread_id}/messages": "the message's own client_id is its key",
}


class LostReply(httpx.AsyncBaseTransport):
    """A network that brings the request, and loses whatever is answered."""

    def __init__(self, app: Litestar) -> None:
        self._inner = httpx.ASGITransport(self._lose)  # type: ignore[arg-type]  # litestar's own ASGI types
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._inner.handle_async_request(request)

    async def _lose(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def drop(message: Message) -> None:
            """What uvicorn does with an answer to somebody who has gone."""

        await self._app(scope, receive, drop)
        raise OSError("the connection is gone")


@pytest.fixture
async def stage(services: Services, app: Litestar, owner: AsyncEngine) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        yield await set_stage(services, app, owner, stack)


def test_every_creating_route_takes_a_key_or_says_why_not() -> None:
    assert sorted(ACTS) == sorted(WITH_KEY)
    created = {path for method, path, handler in WRITES if method == "POST" and handler.status_code == 201}
    assert created - set(WITH_KEY) == set(WITHOUT_KEY)


@pytest.mark.parametrize("path", sorted(WITH_KEY))
async def test_the_same_key_gives_the_same_answer_when_the_reply_was_lost(
    path: str, stage: Stage, owner: AsyncEngine
) -> None:
    act = await ACTS[path](stage)
    browser, method, url = stage.browsers[act.role], WITH_KEY[path], path.format(**act.ids)
    key = {"idempotency-key": str(new_id())}
    before = await rows(owner, stage.clinic.id)

    await _send_and_lose_the_reply(stage, act, method, url, key)
    written = await rows(owner, stage.clinic.id)
    assert written != before, "nothing was committed"

    again = await asyncio.gather(
        *(browser.request(method, url, json=act.body, headers=key) for _ in range(4))
    )
    assert again[0].status_code in (200, 201, 204), again[0].text
    assert len({(answer.status_code, answer.text) for answer in again}) == 1
    assert await rows(owner, stage.clinic.id) == written

    for other_url, body in ((url, {**act.body, "other": 1}), (f"{url}?other=1", act.body)):
        changed = await browser.request(method, other_url, json=body, headers=key)
        assert (changed.status_code, changed.json()["code"]) == (422, "idempotency_key_reused")
    assert await rows(owner, stage.clinic.id) == written


async def _send_and_lose_the_reply(
    stage: Stage, act: Act, method: str, url: str, key: dict[str, str]
) -> None:
    async with httpx.AsyncClient(
        transport=LostReply(stage.app), base_url=ORIGIN, cookies=stage.browsers[act.role].cookies
    ) as broken:
        with pytest.raises(OSError, match="the connection is gone"):
            await broken.request(method, url, json=act.body, headers={"origin": ORIGIN, **key})


async def rows(owner: AsyncEngine, clinic_id: UUID) -> dict[str, int]:
    """How many rows each table has of a clinic: the chart, the audit, what goes out, all of it."""
    async with owner.connect() as connection:
        await connection.execute(
            text("SELECT set_config('carethread.clinic_id', :clinic, true)"), {"clinic": str(clinic_id)}
        )
        tables = await connection.scalars(
            text(
                "SELECT table_name FROM information_schema.columns"
                " WHERE column_name = 'clinic_id' AND table_schema = 'public' ORDER BY 1"
            )
        )
        counts = " UNION ALL ".join(
            f"SELECT '{table}', count(*) FROM {table} WHERE clinic_id = :clinic"  # noqa: S608  names of our own tables
            for table in tables
        )
        found = await connection.execute(text(counts), {"clinic": clinic_id})
        return {name: count for name, count in found}
