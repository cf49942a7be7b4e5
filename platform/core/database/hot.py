"""Connections for hot reads: one statement each, by asyncpg itself, past SQLAlchemy and its transaction.

A hot read finds who asks, checks that they may, writes the audit row and reads, all in one SQL function. Here one
core serves some five times as many of them as of the ordinary kind.
"""

import asyncio
from typing import Any

import asyncpg

from core.database.engine import UNBOUND, Unbound
from core.database.pooler import through_pooler

_NAME = "carethread-hot"
_LIMITS = {"jit": "off", "statement_timeout": "5000", "lock_timeout": "2000"}


class HotPool:
    """Connections under row-level security, each made at first need: most processes never need one.

    asyncpg's own pool starts two tasks and two timers for each statement (the wait for a connection and its return are
    tasks of their own), which cost as much as the statement. Here a statement that finds a connection starts none.
    A single statement leaves no transaction, and `set_config(..., true)` ends with it: nothing has to be reset.
    Behind a pooler it gets a transaction after all, because its limits have to be said in one.
    """

    def __init__(self, url: str, size: int, wait_seconds: float, *, pooled: bool = False) -> None:
        self._url = url
        self._pooled = pooled
        self._wait = wait_seconds
        self._turns = asyncio.Semaphore(size)
        self._idle: list[asyncpg.Connection] = []

    async def value(self, statement: str, *values: Any) -> Any:
        """The first column of the first row. Raises what the edge renders as 'temporarily unavailable'."""
        await self._turn()
        try:
            connection = await self._connection()
            try:
                found = await self._fetched(connection, statement, values)
            except asyncpg.PostgresError:
                # The statement failed. Whether the connection did as well shows when the next one takes it.
                self._idle.append(connection)
                raise
            except BaseException:
                # Given up in the middle: nobody else may get this answer.
                connection.terminate()
                raise
            self._idle.append(connection)
            return found
        except asyncpg.InterfaceError as error:
            raise ConnectionError(str(error)) from error
        finally:
            self._turns.release()

    async def close(self) -> None:
        while self._idle:
            await self._idle.pop().close()

    async def _turn(self) -> None:
        """Wait until fewer statements are under way than there may be connections. Raises TimeoutError."""
        if self._turns.locked():
            async with asyncio.timeout(self._wait):
                await self._turns.acquire()
        else:
            await self._turns.acquire()

    async def _connection(self) -> asyncpg.Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        connection = await asyncpg.connect(self._url, **self._connecting())
        if await connection.fetchval(UNBOUND):
            await connection.close()
            raise Unbound
        return connection

    async def _fetched(self, connection: asyncpg.Connection, statement: str, values: tuple[Any, ...]) -> Any:
        if not self._pooled:
            return await connection.fetchval(statement, *values)
        async with connection.transaction():
            return await connection.fetchval(statement, *values)

    def _connecting(self) -> dict[str, Any]:
        if self._pooled:
            return through_pooler(_NAME, _LIMITS)
        return {"timeout": 5, "server_settings": {"application_name": _NAME, **_LIMITS}}
