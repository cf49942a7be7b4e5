"""One socket from its first frame to its end: join or resume, then say, say, say; and every way to
misbehave."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Final, NamedTuple

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from core.logs import Log
from core.tickets import TicketRefused, verify
from signaling import events as ev
from signaling import tokens
from signaling.limits import Allowance
from signaling.node import AWAY, Node
from signaling.protocol import (
    PROTOCOL_VERSION,
    BadMessage,
    ClientFrame,
    CloseCode,
    Heartbeat,
    Join,
    Resume,
    ServerFrame,
    decode_client,
)
from signaling.store import Contended
from signaling.wire import Wire

log = Log("signaling")

JOIN_WITHIN_SECONDS: Final = 5.0
FAREWELL_SECONDS: Final = 3.0
# Of a client that beats every `heartbeat_seconds`, so many in a row may be late.
MISSED_HEARTBEATS: Final = 3


class Place(NamedTuple):
    """Where this socket's frames go."""

    visit_id: str
    clinic_id: str
    participant_id: str


class Turned(Exception):
    """The socket is closed with this code and reason."""

    def __init__(self, code: int, reason: str | None = None) -> None:
        self.code = int(code)
        self.reason = reason or CloseCode(code).name.lower()
        super().__init__(self.reason)


class Visitor:
    """One socket, served by `await serve(...)`."""

    def __init__(self, node: Node, key: bytes, socket: ServerConnection) -> None:
        self._node = node
        self._key = key
        self._socket = socket
        self._now = asyncio.get_running_loop().time
        self._wire = Wire(node.new_conn(), socket)
        self._allowance = Allowance(self._now())
        self._place: Place | None = None
        self._writing = asyncio.create_task(self._wire.run())
        node.hold(self._wire)

    async def serve(self, entering: AbstractContextManager[None]) -> None:
        """Until the socket closes; the room then learns that it is gone. `entering` lasts until it is known
        whose socket this is, or it was turned away."""
        try:
            with entering:
                entered = await self._politely(self._enter)
            if entered:
                await self._politely(self._talk)
        finally:
            await self._finish()

    async def _politely(self, work: Callable[[], Awaitable[None]]) -> bool:
        try:
            await work()
        except ConnectionClosed:
            return False
        except Turned as turned:
            self._wire.close(turned.code, turned.reason)
            log.info("signaling.turned", code=turned.reason, close_code=turned.code)
            return False
        return True

    async def _finish(self) -> None:
        """What was ordered is still sent, to whoever reads it within a moment."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._socket.wait_closed(), timeout=FAREWELL_SECONDS)
        self._writing.cancel()
        await asyncio.gather(self._writing, return_exceptions=True)
        self._node.let_go(self._wire)
        if self._place is not None:
            await self._node.lost(self._place.visit_id, self._place.clinic_id, self._wire.conn)

    # --- coming in -------------------------------------------------------------------------------------

    async def _enter(self) -> None:
        frame = await self._next(JOIN_WITHIN_SECONDS)
        message = frame.message
        if not isinstance(message, Join | Resume):
            raise Turned(CloseCode.BAD_MESSAGE)
        if message.version != PROTOCOL_VERSION:
            raise Turned(CloseCode.VERSION_UNSUPPORTED)
        try:
            if isinstance(message, Join):
                await self._join(message)
            else:
                await self._resume(message, frame.ack)
        except (*AWAY, Contended):
            raise Turned(CloseCode.UNAVAILABLE) from None

    async def _join(self, join: Join) -> None:
        try:
            ticket = verify(self._key, join.ticket, datetime.now(UTC))
        except TicketRefused as refused:
            raise Turned(CloseCode.TICKET_REFUSED, refused.code) from None
        if not await self._node.store.spend(ticket.jti):
            raise Turned(CloseCode.TICKET_REFUSED, "ticket_used")
        place = Place(ticket.visit_id, ticket.clinic_id, ticket.participant_id)
        arrive = ev.Arrive(
            conn=self._wire.conn,
            ticket=ticket,
            instance=join.instance,
            media=join.media,
            token=str(tokens.fresh(*place)),
        )
        self._place = place
        await self._node.handle(place.visit_id, place.clinic_id, arrive)

    async def _resume(self, resume: Resume, ack: int) -> None:
        token = tokens.parse(resume.token)
        if token is None:
            raise Turned(CloseCode.RESUME_REFUSED)
        self._place = Place(token.visit_id, token.clinic_id, token.participant_id)
        back = ev.Return(conn=self._wire.conn, token=resume.token, ack=ack)
        await self._node.handle(token.visit_id, token.clinic_id, back)

    # --- being here ------------------------------------------------------------------------------------

    async def _talk(self) -> None:
        silence = self._node.rules.heartbeat_seconds * MISSED_HEARTBEATS
        while True:
            await self._say(await self._next(silence))

    async def _say(self, frame: ClientFrame) -> None:
        visit_id, clinic_id, participant_id = self._place or ("", "", "")
        said = ev.Say(conn=self._wire.conn, participant_id=participant_id, frame=frame)
        try:
            await self._node.handle(visit_id, clinic_id, said)
        except (*AWAY, Contended):
            # Not taken, so not acknowledged: the client says it again. It shall not think us dead meanwhile.
            if isinstance(frame.message, Heartbeat):
                self._wire.order(ev.Send(self._wire.conn, ServerFrame(message=Heartbeat())))

    async def _next(self, within: float) -> ClientFrame:
        """The next frame. Raises Turned for whoever is silent, floods, or talks something else."""
        try:
            async with asyncio.timeout(within):
                data = await self._socket.recv()
        except TimeoutError:
            raise Turned(CloseCode.SILENT) from None
        if not self._allowance.take(len(data), self._now()):
            raise Turned(CloseCode.TOO_MANY_MESSAGES)
        if not isinstance(data, str):
            raise Turned(CloseCode.BAD_MESSAGE)
        try:
            return decode_client(data)
        except BadMessage:
            raise Turned(CloseCode.BAD_MESSAGE) from None
