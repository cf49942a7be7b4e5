"""Clients that keep the server waiting take nothing from others: no connection, no transaction, no memory."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from uuid import UUID

import httpx
import msgspec
import pytest

from app.asgi import ApiServer
from core.actor import Role, system_actor
from core.config import Settings
from core.database.session import open_unit
from core.ids import new_id
from core.services import Services, open_services
from identity.sessions import tokens
from tests.app.process.sockets import api, client, head, port_of
from tests.conftest import ORIGIN
from tests.patience import PATIENCE
from tests.people import make_staff, session_for

pytestmark = pytest.mark.whole

POOL = 2
SOCKETS = 12
BIG = 8 * 1024 * 1024


@dataclass
class Place:
    """An API with few connections and little patience; the token of a clinician who is signed in."""

    services: Services
    server: ApiServer
    token: str
    slug: str

    def browser(self) -> httpx.AsyncClient:
        cookies = {"carethread": self.token}
        return httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}", cookies=cookies, headers={"origin": ORIGIN}
        )

    @property
    def port(self) -> int:
        return port_of(self.server)

    @property
    def in_use(self) -> int:
        return int(self.services.engine.pool.checkedout())  # type: ignore[attr-defined]  # it is a queue pool


@pytest.fixture(scope="module")
async def server(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[Services, ApiServer]]:
    pages = tmp_path_factory.mktemp("pages")
    (pages / "index.html").write_text("<!doctype html>")
    (pages / "big.bin").write_bytes(bytes(BIG))
    few = msgspec.structs.replace(
        settings,
        pool_size=POOL,
        pool_wait_seconds=1.0,
        request_seconds=2.0,
        answer_seconds=1.0,
        web_dist=str(pages),
    )
    async with open_services(few) as services, api(services) as server:
        yield services, server


@pytest.fixture
async def place(server: tuple[Services, ApiServer], clinic_id: UUID) -> Place:
    services, listening = server
    async with open_unit(services, system_actor(clinic_id)) as unit:
        token = await session_for(unit.write, await make_staff(unit.write, Role.CLINICIAN))
    return Place(services, listening, token, f"test-{clinic_id}")


MADE_UP = "carethread=" + "A" * 43
HALF = b'{"reason_code": '


def _half(path: Callable[[Place], str], **headers: str) -> Callable[[Place], bytes]:
    def made(place: Place) -> bytes:
        own = {name: value.replace("TOKEN", place.token) for name, value in headers.items()}
        return head("POST", path(place), **{"origin": ORIGIN, "content_length": "500", **own}) + HALF

    return made


def _codes(place: Place) -> str:
    return f"/api/clinics/{place.slug}/codes"


def _visits(place: Place) -> str:
    return "/api/visits"


SIGNED_IN = {"cookie": "carethread=TOKEN"}
LATE = (408, "request_too_slow")
SLOW: dict[str, tuple[Callable[[Place], bytes], tuple[int, str]]] = {
    "a made-up cookie": (_half(_visits, cookie=MADE_UP), (401, "signed_out")),
    "no cookie": (_half(_visits), (401, "signed_out")),
    "the page where anybody signs in": (_half(_codes), LATE),
    "that page with a made-up cookie": (_half(_codes, cookie=MADE_UP), LATE),
    "somebody signed in": (_half(_visits, **SIGNED_IN), LATE),
    "with an idempotency key": (_half(_visits, **SIGNED_IN, idempotency_key="k" * 20), LATE),
    "a file that does not come": (
        _half(_visits, **SIGNED_IN, content_type="multipart/form-data; boundary=x"),
        LATE,
    ),
    "the pharmacies' webhook": (_half(lambda _: "/api/script", content_type="application/xml"), LATE),
    "chunks without an end": (
        lambda place: head("POST", _codes(place), ORIGIN, transfer_encoding="chunked") + b"5\r\nabcde\r\n",
        LATE,
    ),
    "no byte of the body": (lambda place: head("POST", _codes(place), ORIGIN, content_length="5"), LATE),
    "signing out": (_half(lambda _: "/api/session/end", **SIGNED_IN), LATE),
    "from another site": (_half(_codes, origin="https://evil.example"), (403, "origin_refused")),
    "the hottest read": (
        lambda place: head(
            "GET", f"/api/patients/{new_id()}/summary", ORIGIN, content_length="9", cookie=MADE_UP
        ),
        (401, "signed_out"),
    ),
}


async def test_while_bodies_do_not_come_everybody_else_is_served(place: Place) -> None:
    """Ten such sockets once took the clinic down: each held a connection to the database, and there are ten."""
    async with AsyncExitStack() as stack:
        slow = {
            kind: [await stack.enter_async_context(client(place.port)) for _ in range(SOCKETS)]
            for kind in SLOW
        }
        for kind, clients in slow.items():
            for each in clients:
                await each.send(SLOW[kind][0](place))
        async with place.browser() as browser:
            assert (await browser.get("/health/ready")).status_code == 200
            assert (await browser.get("/api/session")).status_code == 200
            asked = await browser.post(_codes(place), json={"contact": "+12125550123"})
            assert asked.status_code == 201, asked.text
            assert (await browser.post("/api/session/end")).status_code == 204
        assert place.in_use == 0
        for kind, clients in slow.items():
            for each in clients:
                said = await each.heard()
                # The places of strangers at one address are soon taken.
                crowded = SLOW[kind][1] == LATE and said.problem == (429, "too_many_at_once")
                assert crowded or said.problem == SLOW[kind][1], kind
                assert said.headers["connection"] == "close"
                await each.closed()
    assert place.in_use == 0


@pytest.mark.parametrize(
    ("length", "signed_in"),
    [({"content_length": str(BIG)}, True), ({"transfer_encoding": "chunked"}, False)],
    ids=["announced", "in chunks"],
)
async def test_a_body_that_is_too_large_is_refused_in_words(
    place: Place, length: dict[str, str], signed_in: bool
) -> None:
    cookie = {"cookie": f"carethread={place.token}"} if signed_in else {}
    path = "/api/visits" if signed_in else _codes(place)
    piece = b"x" * 65536
    sent = piece if "content_length" in length else b"10000\r\n" + piece + b"\r\n"
    async with client(place.port) as big:
        await big.send(head("POST", path, ORIGIN, **length, **cookie))
        for _ in range(BIG // len(piece)):
            await big.send(sent)
        said = await big.heard()
    assert said.problem == (413, "request_too_large")
    assert place.in_use == 0


async def test_a_client_that_leaves_in_the_middle_leaves_nothing_behind(place: Place) -> None:
    for make, _ in SLOW.values():
        async with client(place.port) as leaving:
            await leaving.send(make(place))
    async with place.browser() as browser:
        assert (await browser.get("/api/session")).status_code == 200
    assert place.in_use == 0


async def test_headers_that_do_not_come_are_not_waited_for(place: Place) -> None:
    beginnings = (b"", b"\r\n", b"GET /api/ses", b"GET / HTTP/1.1\r\nhost: x\r\nx-a: ")
    async with AsyncExitStack() as stack:
        slow = [await stack.enter_async_context(client(place.port)) for _ in beginnings]
        for each, beginning in zip(slow, beginnings, strict=True):
            await each.send(beginning)
        for each in slow:
            assert (await each.heard()).status == 0
            await each.closed()


async def test_a_second_request_that_does_not_come_is_not_waited_for_either(place: Place) -> None:
    async with client(place.port) as slow:
        await slow.send(head("GET", "/health/live", ORIGIN))
        assert (await slow.heard()).status == 200
        await slow.send(b"GET /health/live HTTP/1.1\r\nhost: ")
        assert (await slow.heard()).status == 0


async def test_an_answer_that_nobody_reads_is_given_up(place: Place) -> None:
    small = socket.socket()
    small.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    small.connect(("127.0.0.1", place.port))
    with small:
        small.sendall(head("GET", "/big.bin", ORIGIN))
        await connections(place, lambda count: count == 1)
        await connections(place, lambda count: count == 0)


async def connections(place: Place, wanted: Callable[[int], bool]) -> None:
    """Wait until the server has as many connections as wanted."""
    async with asyncio.timeout(PATIENCE):
        while not wanted(len(place.server.server_state.connections)):  # noqa: ASYNC110 - uvicorn gives no event
            await asyncio.sleep(0.01)


async def test_with_every_connection_taken_health_answers_and_people_sign_out(place: Place) -> None:
    async with AsyncExitStack() as stack, place.browser() as browser:
        for _ in range(POOL):
            await stack.enter_async_context(place.services.engine.connect())
        starved = await browser.get("/api/sessions")
        assert (starved.status_code, starved.json()["code"]) == (503, "temporarily_unavailable")
        assert (await browser.get("/health/ready")).status_code == 200
        assert (await browser.post("/api/session/end")).status_code == 204


async def test_no_query_is_made_for_a_made_up_cookie(place: Place) -> None:
    """Not even a connection is asked for; one that we have marked is looked up."""
    async with AsyncExitStack() as stack, place.browser() as browser:
        for _ in range(POOL):
            await stack.enter_async_context(place.services.engine.connect())
        ours = tokens.session_token(tokens.session_key(place.services.settings.secret_key))
        for made_up, status in (("nonsense", 401), ("A" * 43, 401), (ours[::-1], 401), (ours, 503)):
            browser.cookies.set("carethread", made_up)
            assert (await browser.get("/api/sessions")).status_code == status, made_up
