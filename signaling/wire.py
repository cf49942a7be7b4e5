"""One socket's outgoing side: frames in order, a bound on how far it may lag behind, one clear close."""

import asyncio
from typing import Final

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from signaling.events import Close, Send
from signaling.protocol import encode

MAX_QUEUED: Final = 256


class Wire:
    """What is given to `order` is sent by one task of its own, so that a slow reader delays nobody else."""

    def __init__(self, conn: str, socket: ServerConnection) -> None:
        self.conn = conn
        self._socket = socket
        self._queue: asyncio.Queue[Send | Close] = asyncio.Queue(MAX_QUEUED)

    def order(self, order: Send | Close) -> None:
        """Send or close, after all that was ordered before. A socket that lags too far behind is cut off:
        its client comes back by resume and gets again what it missed."""
        try:
            self._queue.put_nowait(order)
        except asyncio.QueueFull:
            self._socket.transport.abort()

    def close(self, code: int, reason: str) -> None:
        self.order(Close(self.conn, code, reason))

    async def run(self) -> None:
        """Carries out orders until the socket is closed, by either side."""
        try:
            while True:
                order = await self._queue.get()
                if isinstance(order, Close):
                    await self._socket.close(order.code, order.reason)
                    return
                await self._socket.send(encode(order.frame))
        except ConnectionClosed:
            return
