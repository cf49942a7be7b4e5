"""Request bodies, read whole before anything is opened for them.

A client that sends half a body would otherwise hold a database connection and its transaction for as long as it
likes. So a body is capped, has to arrive at a minimum rate, and only so much is kept at once of those that come in
pieces: some of one client, and a bounded amount in total. Strangers and people who are signed in have separate totals,
so the first never crowd out the second. What arrives whole, as nearly everything does, needs no room here.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from litestar.types import HTTPReceiveMessage, HTTPScope, Receive

from core.errors import Problem, Unavailable

KB = 1024
MB = 1024 * KB
SMALL = 64 * KB
"""The largest body without a sign-in, in bytes."""
USUAL = MB
"""The largest body of a signed-in request, in bytes, unless its route says otherwise."""

SLOWEST = 8 * KB
"""The minimum rate of a body after the first seconds, in bytes a second."""
RETRY_SECONDS = 5
_THROWN_AWAY = 8 * MB
_THROW_AWAY_SECONDS = 1.0


class Room:
    """Room for bodies that come in pieces, in bytes: `each` for one client, `total` for all together."""

    def __init__(self, each: int, total: int) -> None:
        self._each = each
        self._total = total
        self._taken: Counter[str] = Counter()

    @contextmanager
    def taken(self, client: str, size: int) -> Iterator[None]:
        """Keep room for one body. Raises Problem 429 if this client has too much, Unavailable if there is none.

        A client that has nothing else under way may send one body of any size that its route allows.
        """
        mine = self._taken[client]
        if mine and mine + size > self._each:
            raise Problem(429, "too_many_at_once", retry_after=RETRY_SECONDS)
        if self._taken.total() + size > self._total:
            raise Unavailable
        self._taken[client] += size
        try:
            yield
        finally:
            self._taken[client] -= size
            if not self._taken[client]:
                del self._taken[client]


class Incoming:
    """A request's body on its way in. `whole` once all of it is here, or there is none."""

    def __init__(self, scope: HTTPScope, receive: Receive) -> None:
        self._receive = receive
        self.length = _announced(scope)
        self.whole = self.length == 0

    async def next(self) -> bytes:
        """The next piece. Raises Problem 400 if the client has left."""
        message = await self._receive()
        if message["type"] != "http.request":
            raise Problem(400, "request_incomplete")
        self.whole = not message.get("more_body", False)
        return message.get("body", b"")

    async def throw_away(self) -> None:
        """Read and drop a little of the body: a client that is still sending may not read the answer."""
        size = 0
        try:
            async with asyncio.timeout(_THROW_AWAY_SECONDS):
                while not self.whole and size < _THROWN_AWAY:
                    size += len(await self.next())
        except (TimeoutError, Problem):
            return


class Bodies:
    """Reads bodies for one process. `seconds` is how long a client may take before the minimum rate counts."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        # At 64 KB or more each: 16 bodies of one address and 256 in all; of one session 128, or 8 of a whole MB.
        self._strangers = Room(each=MB, total=16 * MB)
        self._members = Room(each=8 * MB, total=256 * MB)

    async def read(self, incoming: Incoming, most: int, *, address: str, session: str | None) -> bytes:
        """The request's whole body, at most so many bytes. `session` is None for whoever is not signed in.

        Raises Problem 400 `request_incomplete` if the client left, 408 if it is too slow, 413 if it sends too
        much, 429 if it sends too many at once.
        """
        length = incoming.length
        if length == 0:
            return b""
        if length is not None and length > most:
            raise _too_large(most)
        now = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(now + self._seconds) as deadline:
                first = await incoming.next()
                if incoming.whole and len(first) <= most:
                    return first
                room, client = (self._strangers, address) if session is None else (self._members, session)
                with room.taken(client, max(SMALL, length or most)):
                    return await _rest(incoming, first, most, deadline)
        except TimeoutError:
            raise Problem(408, "request_too_slow") from None


async def _rest(incoming: Incoming, first: bytes, most: int, deadline: asyncio.Timeout) -> bytes:
    """Read the pieces after the first, while they keep up the rate."""
    chunks, size = [first], len(first)
    began = deadline.when() or 0.0
    while not incoming.whole and size <= most:
        deadline.reschedule(began + size / SLOWEST)
        chunks.append(await incoming.next())
        size += len(chunks[-1])
    if size > most:
        raise _too_large(most)
    return b"".join(chunks)


def _too_large(most: int) -> Problem:
    return Problem(413, "request_too_large", most=most)


def replay(body: bytes) -> Receive:
    """Stands in for the server's ``receive`` once the body is here."""

    async def receive() -> HTTPReceiveMessage:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _announced(scope: HTTPScope) -> int | None:
    """The body's length in bytes; None if it comes in chunks, without one (RFC 9112, 6.3)."""
    length = 0
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return None
        if name == b"content-length":
            length = int(value)  # the server has refused what is no number
    return length
