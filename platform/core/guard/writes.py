"""How much one account may write in a minute: far more than a person does, and less than what fills a database.

Most of what a patient writes shows on the screens of all staff, so a patient gets a fifth of what staff get.

Counted in Valkey, for all processes together. What was refused or failed is given back, so only what was done counts,
and an idempotent replay, which does nothing, is never counted. Without Valkey nobody is held back: care goes on.
"""

import asyncio
import math

from redis.exceptions import RedisError

from core.actor import Actor
from core.errors import Problem
from core.logs import Log
from core.services import Services

log = Log("writes")

MINUTE = 60
PATIENTS_PART = 5
"""Patients get one of so many parts of the limit."""
_WITHIN_SECONDS = 1.0
_PAUSE_SECONDS = 5.0


class Writes:
    """Counts for one process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._most = services.settings.writes_per_minute
        self._ask_again_at = 0.0

    async def count(self, actor: Actor) -> str | None:
        """Count one write; the function returned takes it back. Raises Problem 429 `too_many_writes`."""
        now = self._services.clock.now().timestamp()
        key = f"carethread:writes:{actor.account_id}:{int(now) // MINUTE}"
        count = await self._add(key, 1)
        if count is None:
            return None
        if count > (self._most if actor.is_staff else self._most // PATIENTS_PART):
            wait = math.ceil(MINUTE - now % MINUTE)
            raise Problem(429, "too_many_writes", retry_after=wait)
        return key

    async def give_back(self, key: str | None) -> None:
        """Take the count back: nothing was written."""
        if key is not None:
            await self._add(key, -1)

    async def _add(self, key: str, step: int) -> int | None:
        """The count after this step; None while Valkey is away, and for a few seconds after it did not answer."""
        clock = asyncio.get_running_loop().time
        if clock() < self._ask_again_at:
            return None
        try:
            async with (
                asyncio.timeout(_WITHIN_SECONDS),
                self._services.redis.pipeline(transaction=False) as both,
            ):
                both.incrby(key, step)
                both.expire(key, 2 * MINUTE)
                count, _ = await both.execute()
        except (RedisError, OSError, TimeoutError):
            self._ask_again_at = clock() + _PAUSE_SECONDS
            log.warning("writes_not_counted")
            return None
        return int(count)
