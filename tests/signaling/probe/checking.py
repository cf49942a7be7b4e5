"""A page that checks its network, in Python: aiortc as the browser, against the real probe."""

import asyncio
import secrets
import time
from dataclasses import dataclass
from typing import Any

from aiortc import RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from core.tickets import ProbeTicket, mint_probe
from signaling.probe.protocol import ECHO, VERSION, Answer, Command, Said, Start, decode_said, encode
from tests.patience import PATIENCE

KEY = bytes(range(32))
ORIGIN = "http://clinic.test"


def ticket(who: str = "anna", *, key: bytes = KEY, age: int = 0, jti: str | None = None) -> str:
    """As the API would mint it."""
    issued = int(time.time()) - age
    made = ProbeTicket(jti=jti or secrets.token_hex(8), participant_id=who, iat=issued, exp=issued + 60)
    return mint_probe(key, made)


async def closed(socket: ClientConnection) -> tuple[int | None, str | None]:
    """How the probe closes this socket."""
    async with asyncio.timeout(PATIENCE):
        try:
            while True:
                await socket.recv()
        except ConnectionClosed:
            return socket.close_code, socket.close_reason


@dataclass
class Page:
    """A socket to the probe, and the connection beside it."""

    socket: ClientConnection
    pc: RTCPeerConnection
    channel: RTCDataChannel
    heard: "asyncio.Queue[bytes]"

    async def ask(self, command: Command) -> Said:
        await self.socket.send(encode(command))
        async with asyncio.timeout(PATIENCE):
            return decode_said(await self.socket.recv())

    async def offer(self) -> str:
        await self.pc.setLocalDescription(await self.pc.createOffer())
        return str(self.pc.localDescription.sdp)

    async def begin(self, token: str | None = None) -> None:
        """Offer, take the answer, and wait for the channel."""
        opened = asyncio.Event()
        self.channel.on("open", opened.set)
        await self.take_answer(token)
        async with asyncio.timeout(PATIENCE):
            await opened.wait()

    async def take_answer(self, token: str | None = None) -> None:
        said = await self.ask(Start(VERSION, token or ticket(), await self.offer()))
        assert isinstance(said, Answer)
        await self.pc.setRemoteDescription(RTCSessionDescription(said.sdp, "answer"))

    async def echoed(self, message: bytes) -> bytes:
        self.channel.send(message)
        async with asyncio.timeout(PATIENCE):
            return await self.heard.get()


class Opened:
    """`async with Opened(url) as page`: a page that has said nothing yet."""

    def __init__(self, url: str, **channel: Any) -> None:
        self._url = url
        self._options: dict[str, Any] = {"ordered": False, "maxRetransmits": 0} | channel

    async def __aenter__(self) -> Page:
        self._pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        channel = self._pc.createDataChannel("probe", **self._options)
        heard: asyncio.Queue[bytes] = asyncio.Queue()
        channel.on("message", heard.put_nowait)
        self._socket = await connect(
            self._url, origin=Origin(ORIGIN), compression=None, proxy=None, max_size=None
        )
        return Page(self._socket, self._pc, channel, heard)

    async def __aexit__(self, *exc: object) -> None:
        await self._socket.close()
        await self._pc.close()


def echo(number: int, size: int = 100) -> bytes:
    return bytes([ECHO]) + number.to_bytes(4, "big") + bytes(size - 5)
