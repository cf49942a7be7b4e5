"""The links by which people of the drill reach the proxy and each other: what goes over one can be cut off."""

import asyncio
import time
from typing import Any

Address = tuple[str, int]


class Roads:
    """Whose each address is, so that a packet leaves by its sender's link and comes by its receiver's."""

    def __init__(self) -> None:
        self.ends: dict[Address, End] = {}


class Link:
    """One person's link. `port` leads to the proxy; `hide` puts the link between them and whoever sends them media."""

    def __init__(self, roads: Roads, proxy_port: int) -> None:
        self._roads = roads
        self._proxy_port = proxy_port
        self._up = asyncio.Event()
        self._up.set()
        self._pipes: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.last_rtp = 0.0
        self.longest_silence = 0.0
        self.packets = 0

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server:
            self._server.close()
        for pipe in self._pipes:
            pipe.cancel()
        await asyncio.gather(*self._pipes, return_exceptions=True)
        for end in self._roads.ends.values():
            end.transport.close()

    @property
    def is_up(self) -> bool:
        return self._up.is_set()

    def cut(self) -> None:
        """What goes over sockets waits, as it does where TCP sends again; packets of media are lost."""
        self._up.clear()

    def mend(self) -> None:
        self._up.set()

    async def hide(self, sdp: str) -> str:
        """A description in which this link's ends stand for the candidates."""
        return "\r\n".join([await self._hidden(line) for line in sdp.splitlines()]) + "\r\n"

    def heard(self) -> None:
        now = time.monotonic()
        self.packets += 1
        if self.last_rtp:
            self.longest_silence = max(self.longest_silence, now - self.last_rtp)
        self.last_rtp = now

    async def _hidden(self, line: str) -> str:
        parts = line.split(" ")
        if not line.startswith("a=candidate:") or ":" in parts[4]:
            return line
        real = (parts[4], int(parts[5]))
        if real not in self._roads.ends:
            loop = asyncio.get_running_loop()
            _, end = await loop.create_datagram_endpoint(
                lambda: End(self, self._roads, real), local_addr=(real[0], 0)
            )
            self._roads.ends[real] = end
        parts[5] = str(self._roads.ends[real].port)
        return " ".join(parts)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._up.wait()
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._proxy_port)
        except OSError:
            writer.transport.abort()
            return
        for pipe in (self._pipe(reader, back), self._pipe(there, writer)):
            task = asyncio.create_task(pipe)
            self._pipes.add(task)
            task.add_done_callback(self._pipes.discard)

    async def _pipe(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                await self._up.wait()
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()


class End(asyncio.DatagramProtocol):
    """Where a link ends towards the others, in the place of one address of its person."""

    def __init__(self, link: Link, roads: Roads, real: Address) -> None:
        self._link = link
        self._roads = roads
        self._real = real
        self.transport: asyncio.DatagramTransport

    @property
    def port(self) -> int:
        return int(self.transport.get_extra_info("sockname")[1])

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Address) -> None:
        sender = self._roads.ends.get(addr)
        if sender is None or not (self._link.is_up and sender._link.is_up):
            return
        if _is_rtp(data):
            self._link.heard()
        sender.transport.sendto(data, self._real)


def _is_rtp(data: bytes) -> bool:
    """By RFC 7983 and RFC 5761: neither STUN nor DTLS, nor RTCP."""
    return 128 <= data[0] <= 191 and not 192 <= data[1] <= 223
