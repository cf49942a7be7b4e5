"""One connection to Redis for everything that calls do: commands go out without waiting for each other's answers, and
what rooms order for this node's sockets comes in on it too.

A command of redis-py's client costs some 60 us of processor time, one here costs 20, and a third of that when several
are under way. Because answers and orders come over one connection, a node sees both in the order in which Redis made
them: what one step says is never overtaken by what a later step of another node says.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from typing import Any, Final

from hiredis import PushNotification, pack_command
from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError, ResponseError

_CONNECT_SECONDS: Final = 2.0
# A Redis that takes longer than this for an answer is away.
_ANSWER_SECONDS: Final = 5.0
_CHECK_EVERY_SECONDS: Final = 1.0
# A command waits so long for a connection that was lost, so that a short restart of Redis is not noticed.
_WAIT_SECONDS: Final = 1.0

Hear = Callable[[bytes], None]


class Line:
    """`run` keeps the connection until it is lost; `ask` sends a command and gives its answer."""

    def __init__(self, url: str, channel: str, hear: Hear) -> None:
        """`hear` is called with every message that is published to `channel`."""
        # RESP3: only there may a connection that is subscribed ask as well.
        self._pool = ConnectionPool.from_url(url, protocol=3, socket_connect_timeout=_CONNECT_SECONDS)
        self._channel = channel
        self._hear = hear
        self._up = asyncio.Event()
        self._connection: AbstractConnection
        self._waiting: deque[asyncio.Future[Any]] = deque()

    async def ask(self, *command: bytes | str | float) -> Any:
        """The answer of Redis. Raises RedisError or OSError: then it is unknown whether the command was carried out."""
        if not self._up.is_set():
            await self._reconnected()
        return await self._send(command)

    async def run(self) -> None:
        """Connect, subscribe, read. Raises RedisError, OSError or TimeoutError when the connection is lost."""
        self._connection = self._pool.make_connection()  # type: ignore[no-untyped-call]  # redis-py's is not typed
        try:
            await self._connection.connect()  # type: ignore[no-untyped-call]  # the same
            await self._connection.send_command("SUBSCRIBE", self._channel)
            # Its own answer: from here on nothing is missed.
            if await self._connection.read_response(disable_decoding=True, timeout=_ANSWER_SECONDS) is None:
                raise TimeoutError
            self._up.set()
            await self._attend()
        finally:
            self._up.clear()
            await self._connection.disconnect(nowait=True)
            self._fail()

    async def _reconnected(self) -> None:
        try:
            async with asyncio.timeout(_WAIT_SECONDS):
                await self._up.wait()
        except TimeoutError:
            raise ConnectionError("no connection to Redis") from None

    async def _send(self, command: tuple[bytes | str | float, ...]) -> Any:
        # To send over a connection that is lost would make redis-py connect it anew, without our subscription.
        if not self._connection.is_connected:
            raise ConnectionError("the connection to Redis is lost")
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        packed = pack_command(command)  # type: ignore[arg-type]  # hiredis says a tuple of one, and packs any
        self._waiting.append(answer)
        await self._connection.send_packed_command(packed, check_health=False)
        return await answer

    async def _attend(self) -> None:
        """Read, and see whether Redis still answers."""
        reading = asyncio.create_task(self._read())
        try:
            while not (await asyncio.wait([reading], timeout=_CHECK_EVERY_SECONDS))[0]:
                async with asyncio.timeout(_ANSWER_SECONDS):
                    await self._send(("PING",))
            await reading
        finally:
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await reading

    async def _read(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                answer = await self._connection.read_response(disable_decoding=True)
            except ResponseError as refused:
                self._answer().set_exception(refused)
                continue
            if isinstance(answer, PushNotification):
                if answer[0] == b"message":
                    # Not at once: who waits for an earlier answer goes on in this loop's next turn.
                    loop.call_soon(self._hear, answer[2])
            else:
                self._answer().set_result(answer)

    def _answer(self) -> "asyncio.Future[Any]":
        """Whose turn it is; one that nobody awaits any more is thrown away with its answer."""
        answer = self._waiting.popleft()
        return answer if not answer.done() else asyncio.get_running_loop().create_future()

    def _fail(self) -> None:
        waiting, self._waiting = self._waiting, deque()
        for answer in waiting:
            if not answer.done():
                answer.set_exception(ConnectionError("the connection to Redis was lost"))
