"""Browsers in calls, for a load on signaling: pairs of pages that join, trickle candidates, beat, and keep the time."""

import asyncio
import re
import time
from collections import deque
from typing import Final

import msgspec

from signaling import protocol as p
from tests.bench.sockets import Socket, connect
from tests.signaling.people import BOTH_ON, ORIGIN, Visit

# What a browser says while it connects: one description for some eight candidates.
DESCRIPTION_EVERY: Final = 9
_LINES: Final = (
    "v=0",
    "o=- 4611731400430051336 2 IN IP4 127.0.0.1",
    "s=-",
    "t=0 0",
    "a=group:BUNDLE 0 1",
    f"a=fingerprint:sha-256 {':'.join(['AB'] * 32)}",
    "m=audio 9 UDP/TLS/RTP/SAVPF 111",
    *(f"a=rtpmap:{number} VP8/90000" for number in range(150)),
)
SDP: Final = "".join(f"{line}\\r\\n" for line in _LINES)
"""As long as a browser's, with audio and video; escaped as in JSON."""
CANDIDATE: Final = (
    '{"candidate":"candidate:842163049 1 udp 1677729535 203.0.113.77 46154 typ srflx raddr 192.0.2.17 rport 46154 '
    'generation 0 ufrag EsAw network-cost 999","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"EsAw"}'
)
_SEQ: Final = re.compile(rb'"seq":(\d+)')
_WITHIN_SECONDS: Final = 30.0


class Page:
    """One side of a call. `took` collects the seconds that each message to it was under way."""

    other: "Page"

    def __init__(self, name: str) -> None:
        self.name = name
        self.took: list[float] = []
        self._sent_at: deque[float] = deque()
        self._socket: Socket
        self._sent = self._taken = 0
        self._beating: asyncio.TimerHandle | None = None
        self._all_came: asyncio.Future[None] | None = None
        self._welcomed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def join(self, port: int, visit: Visit, role: p.Role) -> None:
        """Take a seat in a call of the signaling process at this port."""
        ticket = visit.ticket(self.name, role)
        join = p.Join(version=p.PROTOCOL_VERSION, ticket=ticket, instance=self.name, media=BOTH_ON)
        await self._open(port, msgspec.json.encode(p.ClientFrame(message=join)))

    async def meet(self, port: int, visit: Visit) -> None:
        """Wait for the other page at the bare relay."""
        await self._open(port, visit.visit_id.encode())

    def say(self) -> None:
        """The next numbered message to the other page: a description, or one of the candidates that follow it."""
        self._sent += 1
        to = f'"to":"{self.other.name}","instance":"{self.other.name}","connection":1'
        if self._sent % DESCRIPTION_EVERY == 1:
            message = f'{{"type":"description",{to},"kind":"offer","sdp":"{SDP}"}}'
        else:
            message = f'{{"type":"candidate",{to},"candidate":{CANDIDATE}}}'
        self.other._sent_at.append(time.perf_counter())
        self._socket.send(f'{{"seq":{self._sent},"ack":{self._taken},"message":{message}}}'.encode())

    def beat(self, every: float) -> None:
        """Now, and again after so many seconds, until it leaves."""
        self._beating = asyncio.get_running_loop().call_later(every, self.beat, every)
        self._socket.send(f'{{"seq":0,"ack":{self._taken},"message":{{"type":"heartbeat"}}}}'.encode())

    def leave(self) -> None:
        if self._beating is not None:
            self._beating.cancel()
        self._socket.close()

    async def heard_all(self) -> None:
        """When everything that was said to it has come."""
        if self._sent_at:
            self._all_came = asyncio.get_running_loop().create_future()
            await self._all_came

    async def _open(self, port: int, first: bytes) -> None:
        self._socket = await connect(port, ORIGIN, self._hear)
        self._socket.send(first)
        async with asyncio.timeout(_WITHIN_SECONDS):
            await self._welcomed

    def _hear(self, text: bytes) -> None:
        if not self._welcomed.done():
            return self._welcomed.set_result(None)
        numbers = _SEQ.search(text)
        # What is said again after a heartbeat has been taken already.
        if numbers is None or int(numbers[1]) != self._taken + 1:
            return None
        self._taken += 1
        if b'"candidate"' in text or b'"description"' in text:
            self.took.append(time.perf_counter() - self._sent_at.popleft())
            if not self._sent_at and self._all_came is not None and not self._all_came.done():
                self._all_came.set_result(None)
        return None
