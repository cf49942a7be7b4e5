"""One socket from its first frame to its end: join or resume, then say, say, say; and every way to
misbehave."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Final

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from core.logs import Log
from core.tickets import TicketRefused, verify
from signaling import events as ev
from signaling import tokens
from signaling.allowance import Allowance
from signaling.node import AWAY, Node, SharedRoom
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
        self._wire = Wire(node.new_conn(), socket, self._now())
        self._allowance = Allowance(self._now())
        self._participant_id = ""
        self._room: SharedRoom | None = None
        node.hold(self._wire)

    async def serve(self, entering: AbstractContextManager[None]) -> None:
        """Until the socket closes; the room then learns that it is gone. `entering` lasts until it is known
        whose socket this is, or it was turned away."""
        try:
            with entering:
                entered = await self._politely(self._enter)
            if entered and (room := self._room) is not None:
                await self._politely(lambda: self._talk(room))
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
        try:
            async with asyncio.timeout(FAREWELL_SECONDS):
                await self._socket.wait_closed()
        except TimeoutError:
            self._wire.cut()
        self._node.let_go(self._wire)
        if self._room is not None:
            await self._node.lost(self._room, self._wire.conn)

    # --- coming in -------------------------------------------------------------------------------------

    async def _enter(self) -> None:
        try:
            async with asyncio.timeout(JOIN_WITHIN_SECONDS):
                frame = await self._next()
        except TimeoutError:
            raise Turned(CloseCode.SILENT) from None
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
        arrive = ev.Arrive(
            conn=self._wire.conn,
            ticket=ticket,
            instance=join.instance,
            media=join.media,
            token=str(tokens.fresh(ticket.visit_id, ticket.clinic_id, ticket.participant_id)),
        )
        self._participant_id = ticket.participant_id
        self._room = self._node.room(ticket.visit_id, ticket.clinic_id)
        await self._node.handle(self._room, arrive)

    async def _resume(self, resume: Resume, ack: int) -> None:
        token = tokens.parse(resume.token)
        if token is None:
            raise Turned(CloseCode.RESUME_REFUSED)
        self._participant_id = token.participant_id
        self._room = self._node.room(token.visit_id, token.clinic_id)
        await self._node.handle(self._room, ev.Return(conn=self._wire.conn, token=resume.token, ack=ack))

    # --- being here ------------------------------------------------------------------------------------

    async def _talk(self, room: SharedRoom) -> None:
        while True:
            frame = await self._next()
            said = ev.Say(conn=self._wire.conn, participant_id=self._participant_id, frame=frame)
            try:
                await self._node.handle(room, said)
            except (*AWAY, Contended):
                # Not taken, so not acknowledged: the client says it again. It shall not think us dead meanwhile.
                if isinstance(frame.message, Heartbeat):
                    self._wire.order(ev.Send(self._wire.conn, ServerFrame(message=Heartbeat())))

    async def _next(self) -> ClientFrame:
        """The next frame. Raises Turned for whoever floods, or talks something else."""
        data = await self._socket.recv()
        now = self._wire.heard_at = self._now()
        if not self._allowance.take(len(data), now):
            raise Turned(CloseCode.TOO_MANY_MESSAGES)
        if not isinstance(data, str):
            raise Turned(CloseCode.BAD_MESSAGE)
        try:
            return decode_client(data)
        except BadMessage:
            raise Turned(CloseCode.BAD_MESSAGE) from None
