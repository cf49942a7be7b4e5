"""The answer that waits for its commit, so that nothing is acknowledged that could still be lost."""

from collections.abc import AsyncIterator

from litestar.types import Message, Send
from litestar.types.asgi_types import HTTPResponseStartEvent

from core.database.session import LaterBody
from core.edge.exchange import Exchange
from core.edge.problems import answer_to

# Nobody's record stays in a browser's cache when they have left, and no answer is taken for another type.
_ALWAYS = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))


class HeldAnswer:
    """An answer that waits for its commit."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: HTTPResponseStartEvent | None = None
        self._body: list[bytes] = []
        self._later: LaterBody | None = None
        self._pieces: AsyncIterator[bytes] | None = None
        self.status = 0
        self.complete = False

    async def take(self, message: Message) -> None:
        """Stands in for the server's ``send`` while the handler answers."""
        if message["type"] == "http.response.start":
            self._start = message
            self.status = message["status"]
        elif message["type"] == "http.response.body":
            self._body.append(message.get("body", b""))
            self.complete = not message.get("more_body", False)

    @property
    def body(self) -> bytes:
        return b"".join(self._body)

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        return list(self._start["headers"]) if self._start else []

    def replace(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        """An answer given before, to be given again."""
        self._start = {"type": "http.response.start", "status": status, "headers": headers}
        self._body = [body]
        self._later = self._pieces = None
        self.status = status
        self.complete = True

    def send_later(self, body: LaterBody) -> None:
        """Send this body, which is opened only now that the transaction is over."""
        self._later = body

    async def begin_later_body(self) -> None:
        """Read the first piece, so that a body that cannot be read is still answered with an error."""
        if self._later is None or self._start is None:
            return
        headers = [each for each in self.headers if each[0] != b"content-length"]
        if self._later.size is not None:
            headers.append((b"content-length", str(self._later.size).encode()))
        self._start["headers"] = headers
        self._pieces = self._later.open()
        self._body = [await anext(self._pieces, b"")]

    def fail(self, error: Exception, exchange: Exchange) -> None:
        """What an error becomes, in place of whatever was to be said."""
        status, headers, body = answer_to(error, exchange.scope, exchange.request_id)
        headers |= {"content-length": str(len(body))}
        self.replace(status, [(name.encode(), value.encode()) for name, value in headers.items()], body)

    async def release(self, request_id: str, *, last: bool = False) -> None:
        """Send what was held; as the `last` answer on its connection if the request's body was not read."""
        if self._start is None:
            return
        extra = [*_ALWAYS, (b"x-request-id", request_id.encode())]
        if last:
            extra.append((b"connection", b"close"))
        self._start["headers"] = [*self.headers, *extra]
        await self._send(self._start)
        if self._pieces is None:
            await send_body(self._send, self.body)
            return
        await self._send({"type": "http.response.body", "body": self.body, "more_body": True})
        async for piece in self._pieces:
            await self._send({"type": "http.response.body", "body": piece, "more_body": True})
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})


_PIECE = 64 * 1024


async def send_body(send: Send, body: bytes) -> None:
    """Send a body in pieces: the server cuts off whoever stops reading, and sees each piece that is read."""
    for start in range(0, len(body) or 1, _PIECE):
        rest = start + _PIECE < len(body)
        piece = body[start : start + _PIECE]
        await send({"type": "http.response.body", "body": piece, "more_body": rest})
