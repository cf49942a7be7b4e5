"""One socket's outgoing side: frames in order, a bound on how far it may lag behind, one clear close."""

import asyncio

from websockets.asyncio.server import ServerConnection, broadcast

from signaling.events import Close, Send
from signaling.limits import MAX_BEHIND_BYTES
from signaling.protocol import encode


class Wire:
    """What is given to `order` goes to the socket at once and is buffered there, so that a slow reader delays nobody.

    That takes no task and no queue of its own for each socket: they cost a tenth of its memory.
    """

    __slots__ = ("_closing", "_socket", "conn", "heard_at")

    def __init__(self, conn: str, socket: ServerConnection, now: float) -> None:
        """`now` is the loop's time; `heard_at` is when the client said something last."""
        self.conn = conn
        self.heard_at = now
        self._socket = socket
        self._closing: asyncio.Task[None] | None = None

    def order(self, order: Send | Close) -> None:
        """Send or close, after all that was ordered before. A socket that lags too far behind is cut off:
        its client comes back by resume and gets again what it missed."""
        if self._closing is not None:
            return
        if isinstance(order, Close):
            self._closing = asyncio.create_task(self._socket.close(order.code, order.reason))
        elif self._socket.transport.get_write_buffer_size() > MAX_BEHIND_BYTES:
            self._socket.transport.abort()
        else:
            # To one socket: `send` would wait for a slow reader.
            broadcast([self._socket], encode(order.frame), text=True)

    def close(self, code: int, reason: str) -> None:
        self.order(Close(self.conn, code, reason))

    def cut(self) -> None:
        """No more patience with a socket that was to close."""
        self._socket.transport.abort()
