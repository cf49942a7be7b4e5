"""Connections for hot reads: one statement each, by asyncpg itself, past SQLAlchemy and its transaction.

A hot read finds who asks, checks that they may, writes the audit row and reads, all in one SQL function. Here one
core serves some five times as many of them as of the ordinary kind.
"""

import asyncio
from typing import Any

import asyncpg

from core.database.engine import UNBOUND, Unbound

_SERVER = {
    "application_name": "carethread-hot",
    "jit": "off",
    "statement_timeout": "5000",
    "lock_timeout": "2000",
}


async def _nothing_to_reset(connection: asyncpg.Connection) -> None:
    """A single statement leaves no transaction, and `set_config(..., true)` ends with it."""


async def _check_bound(connection: asyncpg.Connection) -> None:
    if await connection.fetchval(UNBOUND):
        raise Unbound


class HotPool:
    """A pool under row-level security, made at first use: most processes never need it."""

    def __init__(self, url: str, size: int, wait_seconds: float) -> None:
        self._url = url
        self._size = size
        self._wait = wait_seconds
        self._making = asyncio.Lock()
        self._pool: asyncpg.Pool | None = None

    async def value(self, statement: str, *values: Any) -> Any:
        """The first column of the first row. Raises what the edge renders as 'temporarily unavailable'."""
        pool = self._pool or await self._made()
        try:
            async with pool.acquire(timeout=self._wait) as connection:
                return await connection.fetchval(statement, *values)
        except asyncpg.InterfaceError as error:
            raise ConnectionError(str(error)) from error

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()

    async def _made(self) -> asyncpg.Pool:
        async with self._making:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self._url,
                    min_size=0,
                    max_size=self._size,
                    timeout=5,
                    server_settings=_SERVER,
                    init=_check_bound,
                    reset=_nothing_to_reset,
                )
            return self._pool
