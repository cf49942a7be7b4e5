"""A pool of connections that serves requests in the order in which they came."""

import asyncio

from sqlalchemy import exc
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry
from sqlalchemy.util import await_only


class FairPool(AsyncAdaptedQueuePool):
    """SQLAlchemy's pool, with turns.

    The queue beneath (`asyncio.Queue`) lets a newcomer take the connection for which another was just woken, who then
    waits from the start again. Under load some requests then wait many times as long as most. A semaphore is fair.
    """

    _turns: asyncio.Semaphore | None = None

    def _do_get(self) -> ConnectionPoolEntry:
        await_only(self._take_turn())
        try:
            return super()._do_get()
        except BaseException:
            self._give_turn()
            raise

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        try:
            super()._do_return_conn(record)
        finally:
            self._give_turn()

    async def _take_turn(self) -> None:
        """Raises SQLAlchemy's TimeoutError when no connection was free in time."""
        if self._turns is None:
            # Not before the first use: it belongs to the event loop that runs then.
            self._turns = asyncio.Semaphore(self.size() + self._max_overflow)
        try:
            async with asyncio.timeout(self._timeout):
                await self._turns.acquire()
        except TimeoutError:
            raise exc.TimeoutError(f"no connection was free within {self._timeout} s") from None

    def _give_turn(self) -> None:
        if self._turns is not None:
            self._turns.release()
