"""A client of the protocol in Python: joins, resumes when its socket is lost, beats, and hands on what it
is told."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage
from websockets.typing import Origin

from signaling.headless.client import Dialogue
from signaling.protocol import (
    ClientFrame,
    ClientMessage,
    CloseCode,
    Media,
    ServerMessage,
    Welcome,
    decode_server,
    encode,
)

# After these there is nothing to come back to, or nobody wants us back.
FINAL: Final = frozenset(
    {
        1000,
        CloseCode.BAD_MESSAGE,
        CloseCode.VERSION_UNSUPPORTED,
        CloseCode.TAKEN_OVER,
        CloseCode.VISIT_OVER,
        CloseCode.REMOVED,
        CloseCode.ROOM_FULL,
    }
)
_NEEDS_TICKET: Final = frozenset({CloseCode.TICKET_REFUSED, CloseCode.RESUME_REFUSED})
_FIRST_PAUSE_SECONDS: Final = 0.3
_LONGEST_PAUSE_SECONDS: Final = 5.0
_SILENT_AFTER_HEARTBEATS: Final = 2.5
_GREETED_WITHIN_SECONDS: Final = 10.0

GetTicket = Callable[[], Awaitable[str]]


class Hung(Exception):
    """The call is over for this caller: `code` and `reason` are those of the close."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class Caller:
    """`async for message in caller.messages()` while others `await caller.say(...)`."""

    def __init__(self, url: str, origin: str, get_ticket: GetTicket, instance: str, media: Media) -> None:
        self.dialogue = Dialogue(instance, media)
        self._url = url
        self._origin = Origin(origin)
        self._get_ticket = get_ticket
        self._socket: ClientConnection | None = None
        self._failures = 0

    async def say(self, message: ClientMessage) -> None:
        """Kept and said again if the socket is lost over it."""
        if frame := self.dialogue.say(message):
            await self._send(frame)

    async def cut(self) -> None:
        """Lose the socket as a dead network would: no close frame."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def messages(self) -> AsyncIterator[ServerMessage]:
        """Everything that is told, each once and in order, over as many sockets as it takes. Raises Hung."""
        while True:
            # Before there is a socket: that one has 5 seconds to show it.
            ticket = "" if self.dialogue.token else await self._get_ticket()
            try:
                async with connect(
                    self._url,
                    origin=self._origin,
                    compression=None,
                    proxy=None,
                    ping_interval=None,
                    user_agent_header=None,
                ) as socket:
                    async for message in self._over(socket, ticket):
                        yield message
            except (OSError, InvalidHandshake, InvalidMessage, TimeoutError):
                pass
            self._socket = None
            await asyncio.sleep(self._pause())

    def _pause(self) -> float:
        longest = min(_FIRST_PAUSE_SECONDS * 2.0 ** min(self._failures, 10), _LONGEST_PAUSE_SECONDS)
        self._failures += 1
        return longest * random.uniform(0.5, 1)  # noqa: S311 - spreads clients, guards nothing

    async def _over(self, socket: ClientConnection, ticket: str) -> AsyncIterator[ServerMessage]:
        beating: asyncio.Task[None] | None = None
        silent_after = _GREETED_WITHIN_SECONDS
        try:
            await socket.send(encode(self.dialogue.opening(ticket)))
            while True:
                async with asyncio.timeout(silent_after):
                    frame_in = decode_server(await socket.recv())
                heard = self.dialogue.receive(frame_in)
                for frame in heard.frames:
                    await socket.send(encode(frame))
                for message in heard.messages:
                    if isinstance(message, Welcome):
                        self._socket = socket
                        self._failures = 0
                        silent_after = message.heartbeat_seconds * _SILENT_AFTER_HEARTBEATS
                        beating = asyncio.create_task(self._beat(socket, message.heartbeat_seconds))
                    yield message
        except TimeoutError:
            # Nobody is there to say goodbye to.
            socket.transport.abort()
        except ConnectionClosed as closed:
            code = closed.rcvd.code if closed.rcvd else 1006
            if code in FINAL:
                raise Hung(code, closed.rcvd.reason if closed.rcvd else "") from None
            if code in _NEEDS_TICKET:
                self.dialogue.refused()
        finally:
            if beating is not None:
                beating.cancel()

    async def _beat(self, socket: ClientConnection, seconds: float) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(seconds)
                await socket.send(encode(self.dialogue.heartbeat()))

    async def _send(self, frame: ClientFrame) -> None:
        if self._socket is not None:
            with contextlib.suppress(ConnectionClosed):
                await self._socket.send(encode(frame))
