"""A load generator for signaling that costs little itself: WebSockets by hand on an asyncio protocol.

The mask of every frame is zero, which RFC 6455 allows and which spares the sender the masking.
"""

import asyncio
import secrets
import struct
from collections.abc import Callable
from typing import Final

TEXT: Final = 0x81
CLOSE: Final = 0x88
_BIT_MASKED: Final = 0x80
_UPGRADE: Final = (
    "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nOrigin: {origin}\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
    "Safari/537.36\r\nAccept-Encoding: gzip, deflate, br\r\nAccept-Language: en-US,en;q=0.9\r\n"
    "Cache-Control: no-cache\r\nPragma: no-cache\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
)

Hear = Callable[[bytes], None]


class Socket(asyncio.Protocol):
    """One connection: `send` text, and `hear` is called with each text that comes. `closed` is set at its end."""

    def __init__(self, origin: str, hear: Hear) -> None:
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed = False
        self._hear = hear
        self._origin = origin
        self._read = bytearray()
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        key = secrets.token_hex(8).encode().hex()[:22] + "=="
        transport.write(_UPGRADE.format(key=key, origin=self._origin).encode())

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        if not self.open.done():
            self.open.set_exception(ConnectionError("the server closed before the handshake"))

    def data_received(self, data: bytes) -> None:
        self._read += data
        if not self.open.done() and not self._shake_hands():
            return
        while frame := self._next_frame():
            opcode, payload = frame
            if opcode == TEXT:
                self._hear(payload)
            elif opcode == CLOSE:
                self.closed = True

    def send(self, text: bytes) -> None:
        size = len(text)
        if size < 126:
            head = bytes((TEXT, _BIT_MASKED | size))
        else:
            head = struct.pack("!BBH", TEXT, _BIT_MASKED | 126, size)
        self._transport.write(head + b"\0\0\0\0" + text)

    def close(self) -> None:
        self._transport.abort()

    def _shake_hands(self) -> bool:
        end = self._read.find(b"\r\n\r\n")
        if end < 0:
            return False
        status = self._read[: self._read.find(b"\r\n")].decode()
        del self._read[: end + 4]
        if " 101 " in status:
            self.open.set_result(None)
        else:
            self.open.set_exception(ConnectionError(status))
        return True

    def _next_frame(self) -> tuple[int, bytes] | None:
        """Opcode and payload. A server does not mask, and ours sends nothing past 64 KB."""
        read = self._read
        if len(read) < 2:
            return None
        start, size = 2, read[1]
        if size == 126:
            if len(read) < 4:
                return None
            start, size = 4, int.from_bytes(read[2:4], "big")
        if len(read) < start + size:
            return None
        frame = read[0], bytes(read[start : start + size])
        del read[: start + size]
        return frame


async def connect(port: int, origin: str, hear: Hear) -> Socket:
    """A socket whose handshake is done. Raises ConnectionError with the status that refused it."""
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(lambda: Socket(origin, hear), "127.0.0.1", port)
    await socket.open
    return socket
