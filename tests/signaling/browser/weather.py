"""A network that a test makes weak: media between two pages go by way of it, packet by packet.

It needs neither root nor a kernel with netem. Signaling passes through here as well, and each candidate that a page
tells of itself is replaced by a port of ours. What arrives there waits as long as the weather says, or is lost.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

Address = tuple[str, int]
# Of IPv4 and UDP, which count on a real line as well.
HEADERS = 28
# A name of nowhere (RFC 5737), for ways around.
NOWHERE = ("192.0.2.1", 9)
CANDIDATE = re.compile(r"(candidate:\S+ \d \w+ \d+) (\S+) (\d+) typ host")


@dataclass(frozen=True)
class Weather:
    """How a line is, one way: bits a second (None: all it can), seconds of queue and of delay, share lost."""

    rate: int | None = None
    queue: float = 0.4
    delay: float = 0.0
    jitter: float = 0.0
    loss: float = 0.0


FAIR = Weather()


@dataclass
class Line:
    """One way. What does not fit into the queue is dropped; what comes out keeps its order."""

    weather: Weather = FAIR
    chance: Random = field(default_factory=lambda: Random(7))  # noqa: S311 - the same losses each time
    free_at: float = 0.0
    last_at: float = 0.0
    carried: int = 0

    def carry(self, packet: bytes, deliver: Callable[[], None]) -> None:
        weather, loop = self.weather, asyncio.get_running_loop()
        now = loop.time()
        if self.chance.random() < weather.loss:
            return
        out = now
        if weather.rate is not None:
            if self.free_at - now > weather.queue:
                return
            out = self.free_at = max(self.free_at, now) + (len(packet) + HEADERS) * 8 / weather.rate
        self.last_at = max(self.last_at, out + weather.delay + weather.jitter * self.chance.random())
        self.carried += 1
        loop.call_at(self.last_at, deliver)


class _StandIn(asyncio.DatagramProtocol):
    """The port that the other side sends to when it means this address."""

    def __init__(self, between: "Between", owner: str, real: Address) -> None:
        self._between, self.owner, self.real = between, owner, real
        self.opened: asyncio.DatagramTransport | None = None

    @property
    def transport(self) -> asyncio.DatagramTransport:
        assert self.opened is not None
        return self.opened

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._between.pass_on(data, addr, self)


class Between:
    """All that lies between two pages, `patient` and `doctor`. `to` has the line that leads to each."""

    def __init__(self) -> None:
        self.to = {"patient": Line(), "doctor": Line()}
        self.url = ""
        self.edit_sdp: Callable[[str], str] = lambda sdp: sdp
        self._ports: dict[Address, _StandIn] = {}

    def turn(self, weather: Weather) -> None:
        """It is so both ways from now on."""
        for line in self.to.values():
            line.weather = weather

    def pass_on(self, data: bytes, sender: Address, arrived: _StandIn) -> None:
        other = "doctor" if arrived.owner == "patient" else "patient"
        back = self._ports.get(sender)
        if back is not None and back.owner == other:
            line, real = self.to[arrived.owner], arrived.real
            line.carry(data, lambda: _send(back, data, real))

    async def tell(self, who: str, frame: str) -> str:
        """What a page says, with the addresses that lead through here."""
        said: dict[str, Any] = json.loads(frame)
        message = said["message"]
        if message["type"] == "candidate":
            line = message["candidate"]
            line["candidate"] = await self._lead(who, line["candidate"])
        elif message["type"] == "description":
            lines = [await self._lead(who, line) for line in message["sdp"].split("\r\n")]
            message["sdp"] = self.edit_sdp("\r\n".join(lines))
        return json.dumps(said)

    async def _lead(self, who: str, line: str) -> str:
        found = CANDIDATE.search(line)
        if found is None:
            return line
        address = (found[2], int(found[3]))
        through = NOWHERE
        if " udp " in found[1].lower() and ":" not in found[2]:
            port = await self._stand_in(who, address)
            through = port.transport.get_extra_info("sockname")[:2]
        return line.replace(found[0], f"{found[1]} {through[0]} {through[1]} typ host")

    async def _stand_in(self, who: str, real: Address) -> _StandIn:
        if real not in self._ports:
            loop = asyncio.get_running_loop()
            transport, port = await loop.create_datagram_endpoint(
                lambda: _StandIn(self, who, real), local_addr=(real[0], 0)
            )
            port.opened = transport
            self._ports[real] = port
        return self._ports[real]

    def close(self) -> None:
        for port in self._ports.values():
            port.transport.close()


def _send(port: _StandIn, data: bytes, to: Address) -> None:
    if not port.transport.is_closing():
        port.transport.sendto(data, to)


@asynccontextmanager
async def between(signaling: str) -> AsyncIterator[Between]:
    """`url` is where pages find signaling now; `{who}` in it is whose page it is."""
    way = Between()

    async def through(page: ServerConnection) -> None:
        assert page.request is not None
        who = page.request.path.strip("/")
        async with connect(
            signaling, origin=Origin(page.request.headers["Origin"]), compression=None
        ) as server:
            down = asyncio.create_task(_pump(server, page))
            try:
                async for frame in page:
                    await server.send(await way.tell(who, str(frame)))
            finally:
                down.cancel()

    async with serve(through, "127.0.0.1", 0, compression=None) as server:
        way.url = f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/{{who}}"
        try:
            yield way
        finally:
            way.close()


async def _pump(source: Any, sink: Any) -> None:
    try:
        async for frame in source:
            await sink.send(frame)
        await sink.close(source.close_code or 1000, source.close_reason or "")
    except ConnectionClosed:
        await sink.close()
