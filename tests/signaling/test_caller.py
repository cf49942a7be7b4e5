"""The caller in Python comes back from what a network or a node does to its socket, as docs/signaling.md has it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from websockets.asyncio.server import ServerConnection, serve

from signaling import protocol as p
from signaling.headless.caller import Caller
from tests.patience import PATIENCE
from tests.signaling.people import BOTH_ON, ORIGIN

Hears = Callable[[ServerConnection], Awaitable[None]]


@asynccontextmanager
async def node(hears: Hears) -> AsyncIterator[str]:
    """A node that does this with each socket."""
    async with serve(hears, "127.0.0.1", 0) as server:
        yield f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"


async def welcome(socket: ServerConnection, *, heartbeat_seconds: float) -> None:
    await socket.recv()
    message = p.Welcome(
        version=p.PROTOCOL_VERSION,
        participant_id="me",
        resume_token="token",
        resumed=False,
        heartbeat_seconds=heartbeat_seconds,
        grace_seconds=45,
        peers=[],
    )
    await socket.send(p.encode(p.ServerFrame(seq=0, ack=0, message=message)))


async def call_until(enough: asyncio.Event, url: str, ticket: Callable[[], None] = lambda: None) -> None:
    async def get_ticket() -> str:
        ticket()
        return "ticket"

    async def listen() -> None:
        async for _ in caller.messages():
            pass

    caller = Caller(url, ORIGIN, get_ticket, "i", BOTH_ON)
    listening = asyncio.create_task(listen())
    met = asyncio.create_task(enough.wait())
    done, _ = await asyncio.wait({listening, met}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
    listening.cancel()
    met.cancel()
    assert done == {met}, "it gave up, or waits for ever"


async def test_a_socket_that_says_nothing_is_lost() -> None:
    """As behind a link that is down, or a node that stands still."""
    came, again = [], asyncio.Event()

    async def falls_silent(socket: ServerConnection) -> None:
        came.append(socket)
        if len(came) == 2:
            again.set()
        await welcome(socket, heartbeat_seconds=0.05)
        await socket.wait_closed()

    async with node(falls_silent) as url:
        await call_until(again, url)


async def test_the_ticket_is_there_before_the_socket_that_has_five_seconds_to_show_it() -> None:
    """Else an API that is away for longer costs the socket, and then the ticket."""
    order: list[str] = []
    shown = asyncio.Event()

    async def hears(socket: ServerConnection) -> None:
        order.append("socket")
        await socket.recv()
        shown.set()

    async with node(hears) as url:
        await call_until(shown, url, lambda: order.append("ticket"))
    assert order == ["ticket", "socket"]
