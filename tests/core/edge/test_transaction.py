"""A request is one transaction: what stays of it, and what is sent, by how it ends. On routes of the test's own."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import Litestar
from sqlalchemy import text

from app.asgi import build_app
from core.actor import Actor, Role, system_actor
from core.clock import FrozenClock
from core.config import Settings
from core.crypto import NoSigner
from core.database.engine import make_bound_engine, no_engine
from core.database.session import LaterBody, ReadSession, WriteSession, open_unit
from core.edge.web import get, post
from core.errors import Problem
from core.services import Services
from identity.permissions import Permission
from tests.conftest import new_browser
from tests.people import make_patient, make_staff, session_for, sign_in

RENAME = text("UPDATE account SET name = 'Half Done' WHERE id = :id")


class Ending(msgspec.Struct, forbid_unknown_fields=True):
    """How a request ends: by this error. `kept` says that what it did is to stay all the same."""

    status: int
    code: str
    kept: bool = False


async def _pieces() -> AsyncIterator[bytes]:
    yield b"what nobody else "
    yield b"may read"


@post("/api/test-edge/renamed", permission=Permission.SESSION)
async def renamed(write: WriteSession, actor: Actor, data: Ending) -> None:
    await write.execute(RENAME, {"id": actor.account_id})
    if data.kept:
        write.keep_on_error()
    raise Problem(data.status, data.code)


@get("/api/test-edge/file", permission=Permission.SESSION, include_in_schema=False)
async def file(read: ReadSession, status: int = 200) -> None:
    read.answer_later(LaterBody(25, _pieces))
    if status != 200:
        raise Problem(status, "refused")


@get("/api/test-edge/stream", permission=Permission.SESSION, stream=True)
async def stream() -> dict[str, str]:
    return {"it": "goes on"}


@get("/api/test-edge/admins-stream", permission=Permission.ADMIN_AUDIT, stream=True)
async def admins_stream() -> dict[str, str]:
    return {"it": "goes on"}


def edge_app(services: Services) -> Litestar:
    system, signer = no_engine("the system's database"), NoSigner("the audit's key")
    app = build_app(replace(services, system=system, audit_signer=signer))
    for route in (renamed, file, stream, admins_stream):
        app.register(route)
    return app


@dataclass
class Desk:
    """A coordinator's browser, and the clock of its application, which stands."""

    browser: httpx.AsyncClient
    app: Litestar
    clock: FrozenClock
    clinic_id: UUID
    services: Services

    async def name(self) -> str:
        return str((await self.browser.get("/api/session")).json()["name"])

    async def refusals(self) -> list[Any]:
        """Those that are audited, as (code, request's id)."""
        query = text("SELECT detail ->> 'code', request_id FROM audit_event WHERE action = 'access.refused'")
        async with open_unit(self.services, system_actor(self.clinic_id)) as unit:
            return [tuple(row) for row in await unit.read.execute(query)]


@pytest.fixture
async def desk(services: Services, clinic_id: UUID) -> AsyncIterator[Desk]:
    clock = FrozenClock(datetime.now(UTC))
    app = edge_app(replace(services, clock=clock))
    async with open_unit(services, system_actor(clinic_id)) as unit:
        token = await session_for(unit.write, await make_staff(unit.write, Role.COORDINATOR))
    async with new_browser(app) as browser:
        sign_in(browser, token)
        yield Desk(browser, app, clock, clinic_id, services)


@pytest.mark.parametrize(
    ("status", "code", "is_refusal"),
    [
        (400, "malformed", False),
        (403, "not_permitted", True),
        (404, "not_found", True),
        (409, "conflict", False),
        (500, "internal", False),
    ],
)
async def test_whatever_ends_in_an_error_has_done_nothing_and_its_refusal_is_recorded(
    desk: Desk, status: int, code: str, is_refusal: bool
) -> None:
    answer = await desk.browser.post("/api/test-edge/renamed", json={"status": status, "code": code})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await desk.name() == "Dana Reyes"
    assert await desk.refusals() == ([(code, answer.headers["x-request-id"])] if is_refusal else [])


@pytest.mark.parametrize("status", [400, 403])
async def test_what_is_to_stay_in_spite_of_an_error_stays(desk: Desk, status: int) -> None:
    """A wrong code is counted, though its answer is an error."""
    body = {"status": status, "code": "not_permitted", "kept": True}
    assert (await desk.browser.post("/api/test-edge/renamed", json=body)).status_code == status
    assert await desk.name() == "Half Done"
    assert len(await desk.refusals()) == 1


@pytest.mark.parametrize("status", [400, 403])
async def test_a_file_goes_out_unless_the_request_ends_in_an_error(desk: Desk, status: int) -> None:
    whole = await desk.browser.get("/api/test-edge/file")
    assert (whole.content, whole.headers["content-length"]) == (b"what nobody else may read", "25")
    refused = await desk.browser.get("/api/test-edge/file", params={"status": status})
    assert (refused.status_code, refused.json()["code"]) == (status, "refused")


async def test_whoever_opens_a_stream_is_there(desk: Desk) -> None:
    """As any other request does, it lets the idle time begin anew: 15 minutes, for staff."""
    for _ in range(2):
        desk.clock.advance(timedelta(minutes=10))
        assert (await desk.browser.get("/api/test-edge/stream")).json() == {"it": "goes on"}
    desk.clock.advance(timedelta(minutes=15))
    assert (await desk.browser.get("/api/test-edge/stream")).status_code == 401


async def test_a_stream_that_is_not_for_them_is_refused_on_record(desk: Desk) -> None:
    answer = await desk.browser.get("/api/test-edge/admins-stream")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
    assert await desk.refusals() == [("not_permitted", answer.headers["x-request-id"])]


async def test_with_no_connection_left_one_can_still_sign_out(
    services: Services, settings: Settings, clinic_id: UUID
) -> None:
    one = msgspec.structs.replace(settings, pool_size=1, pool_wait_seconds=0.05)
    starved = make_bound_engine(settings.database_url, one)
    app = edge_app(replace(services, engine=starved))
    async with open_unit(services, system_actor(clinic_id)) as unit:
        token = await session_for(unit.write, await make_patient(unit.write))
    async with new_browser(app) as browser, starved.connect():
        sign_in(browser, token)
        waiting = await browser.get("/api/session")
        assert (waiting.status_code, waiting.json()["code"]) == (503, "temporarily_unavailable")
        assert (await browser.post("/api/session/end")).status_code == 204
    await starved.dispose()


async def test_what_administers_wants_the_second_factor_again_and_a_search_does_not(
    services: Services, clinic_id: UUID
) -> None:
    clock = FrozenClock(datetime.now(UTC))
    async with open_unit(services, system_actor(clinic_id)) as unit:
        token = await session_for(unit.write, await make_staff(unit.write, Role.ADMIN))
    async with new_browser(edge_app(replace(services, clock=clock))) as browser:
        sign_in(browser, token)
        for _ in range(5):
            clock.advance(timedelta(minutes=14))
            assert (await browser.post("/api/session/keep-alive")).status_code == 204
        day = {"day": (clock.now() + timedelta(days=9)).date().isoformat(), "name": "Inventory"}
        refused = await browser.post("/api/admin/holidays", json=day)
        assert (refused.status_code, refused.json()["code"]) == (403, "step_up_required")
        assert (await browser.post("/api/admin/audit/search", json={})).status_code == 200


def asked(desk: Desk, path: str, query: str) -> Any:
    """The scope of a GET that announces a body, with the browser's cookie."""
    headers = {"content-length": "5", "cookie": f"carethread={desk.browser.cookies['carethread']}"}
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }


@pytest.mark.parametrize(("status", "is_read"), [(200, False), (400, True), (403, True), (408, False)])
async def test_the_body_of_who_was_refused_is_thrown_away_so_that_they_read_why(
    desk: Desk, status: int, is_read: bool
) -> None:
    """Not that of somebody who was too slow, for whom nobody waits again. The connection ends in any case."""
    sent: list[Any] = []
    reads = 0

    async def receive() -> Any:
        nonlocal reads
        reads += 1
        return {"type": "http.request", "body": b"hello", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await desk.app(asked(desk, "/api/test-edge/file", f"status={status}"), receive, send)
    assert sent[0]["status"] == status
    assert reads == is_read
    assert ((b"connection", b"close") in sent[0]["headers"]) is not is_read
