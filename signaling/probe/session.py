"""One check, from the socket's first message to its end: a ticket, an offer and its answer, then measuring.

The socket is the lease of everything else. When it closes the peer is gone, and a page that is left leaves nothing.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from aiortc import RTCIceServer
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from core.logs import Log
from core.tickets import TicketRefused, verify_probe
from signaling.probe.limits import (
    ANSWER_SECONDS,
    CONNECT_SECONDS,
    MAX_COMMANDS,
    SESSION_SECONDS,
    START_WITHIN_SECONDS,
)
from signaling.probe.offer import OfferRefused, taken
from signaling.probe.peer import ProbePeer
from signaling.probe.places import Places
from signaling.probe.protocol import (
    VERSION,
    Answer,
    BadMessage,
    CloseCode,
    Command,
    Said,
    Send,
    Start,
    Tally,
    decode,
    encode,
)

log = Log("probe")

WATCH_SECONDS = 0.25


class Turned(Exception):
    """The socket is closed with this code and reason."""

    def __init__(self, code: CloseCode, reason: str | None = None) -> None:
        self.code = code
        self.reason = reason or code.name.lower()
        super().__init__(self.reason)


class Session:
    """One socket, served by `await serve(...)`."""

    def __init__(
        self,
        socket: ServerConnection,
        key: bytes,
        places: Places,
        ice_servers: Sequence[RTCIceServer],
        *,
        allow_private: bool,
    ) -> None:
        self._socket = socket
        self._key = key
        self._places = places
        self._ice_servers = ice_servers
        self._allow_private = allow_private
        self._commands = 0

    async def serve(self, entering: AbstractContextManager[None]) -> None:
        """Until the socket closes. `entering` lasts until a ticket was shown."""
        code, reason = CloseCode.OVER, "over"
        try:
            async with asyncio.timeout(SESSION_SECONDS):
                await self._serve(entering)
        except ConnectionClosed:
            return
        except Turned as turned:
            code, reason = turned.code, turned.reason
            log.info("probe.turned", code=reason, close_code=int(code))
        except TimeoutError:
            log.info("probe.turned", code=reason, close_code=int(code))
        await self._socket.close(code, reason)

    async def _serve(self, entering: AbstractContextManager[None]) -> None:
        with entering:
            start = await self._start()
            participant_id = self._spent(start.ticket)
        try:
            offer = taken(start.sdp, allow_private=self._allow_private)
        except OfferRefused as refused:
            raise Turned(CloseCode.OFFER_REFUSED, refused.code) from None
        with self._places.taken(participant_id) as place:
            if place is None:
                raise Turned(CloseCode.BUSY)
            async with contextlib.AsyncExitStack() as stack:
                peer = ProbePeer(self._ice_servers)
                stack.push_async_callback(peer.close)
                await self._answer(peer, offer)
                await self._until_over(peer, place.given_up)

    async def _start(self) -> Start:
        try:
            async with asyncio.timeout(START_WITHIN_SECONDS):
                command = await self._next()
        except TimeoutError:
            raise Turned(CloseCode.SILENT) from None
        if not isinstance(command, Start):
            raise Turned(CloseCode.BAD_MESSAGE)
        if command.version != VERSION:
            raise Turned(CloseCode.VERSION_UNSUPPORTED)
        return command

    def _spent(self, token: str) -> str:
        now = datetime.now(UTC)
        try:
            ticket = verify_probe(self._key, token, now)
        except TicketRefused as refused:
            raise Turned(CloseCode.TICKET_REFUSED, refused.code) from None
        if not self._places.spend(ticket, now):
            raise Turned(CloseCode.TICKET_REFUSED, "ticket_used")
        return ticket.participant_id

    async def _answer(self, peer: ProbePeer, offer: str) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                sdp = await peer.answer(offer)
        except TimeoutError:
            raise Turned(CloseCode.UNAVAILABLE) from None
        except Exception as error:
            # The offer was checked, so this is for us to look at; it must not end other people's checks.
            log.error("probe.answer_failed", error)
            raise Turned(CloseCode.UNAVAILABLE) from None
        await self._say(Answer(sdp=sdp))

    async def _until_over(self, peer: ProbePeer, given_up: asyncio.Event) -> None:
        """Do what is asked until the socket closes, the connection ends, or somebody else has the place."""
        jobs = [
            asyncio.create_task(job)
            for job in (self._obey(peer), _found(peer), _watched(peer), given_up.wait())
        ]
        try:
            done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
            for job in done:
                job.result()
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)
        if peer.crossed is not None:
            raise Turned(CloseCode.TOO_MUCH, peer.crossed)
        if given_up.is_set():
            raise Turned(CloseCode.TAKEN_OVER)
        if not peer.connected.is_set():
            raise Turned(CloseCode.NO_PATH)

    async def _obey(self, peer: ProbePeer) -> None:
        while True:
            match await self._next():
                case Tally():
                    await self._say(peer.tally())
                case Send(kbps=kbps, ms=ms):
                    async with self._places.bulk:
                        sent = await peer.send(kbps, ms)
                    await self._say(sent)
                case Start():
                    raise Turned(CloseCode.BAD_MESSAGE)

    async def _next(self) -> Command:
        data = await self._socket.recv()
        self._commands += 1
        if self._commands > MAX_COMMANDS:
            raise Turned(CloseCode.TOO_MUCH, "too_many_messages")
        try:
            return decode(data)
        except BadMessage:
            raise Turned(CloseCode.BAD_MESSAGE) from None

    async def _say(self, message: Said) -> None:
        await self._socket.send(encode(message))


async def _found(peer: ProbePeer) -> None:
    """Returns once the connection has ended. Raises Turned if it does not come about."""
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            await peer.connected.wait()
    except TimeoutError:
        raise Turned(CloseCode.NO_PATH) from None
    await peer.over.wait()


async def _watched(peer: ProbePeer) -> None:
    """Returns once a limit is crossed, or the connection has ended before it was there."""
    while not peer.over.is_set():
        peer.watch()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WATCH_SECONDS):
                await peer.over.wait()
