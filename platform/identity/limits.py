"""How often something may be tried: moving windows in Redis, counted atomically across all processes.

Keys are digests, so Redis never holds a phone number or an address. When Redis is away the question cannot
be answered, and guessing must not become free: the request fails with 503 and can be tried again.
"""

import math
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter

from core.crypto import derive
from core.errors import Problem
from core.services import Services
from identity.sessions.tokens import keyed_digest


@dataclass(frozen=True)
class Limit:
    """`name` separates the counters; each of `items` must hold."""

    name: str
    items: tuple[RateLimitItem, ...]


CODES_FROM_ADDRESS = Limit("code-address", (RateLimitItemPerMinute(60, 10),))
# What one asker has sent to one contact. A device that the contact's owner has signed in on is an asker of its own.
CODES_BY_ASKER = Limit("code-asker", (RateLimitItemPerMinute(5, 15), RateLimitItemPerDay(20)))
# What all unknown askers together have sent to one contact. Beyond it one message in nine minutes goes out, so that
# there always is a code that works: no number of strangers keeps its owner out.
CODES_TO_CONTACT = Limit("code", (RateLimitItemPerMinute(10, 15), RateLimitItemPerDay(40)))
CODES_DRIP = Limit("code-drip", (RateLimitItemPerMinute(1, 9),))
# Wrong digits, whoever's request they were typed for: 300 in a day are 0.03% of a million.
GUESSES_BY_ASKER = Limit("guess-asker", (RateLimitItemPerDay(30),))
GUESSES_AT_CONTACT = Limit("guess", (RateLimitItemPerHour(100), RateLimitItemPerDay(300)))
# A form is saved after each pause in typing, and each save is looked through for what is dangerous.
INTAKE_SAVES = Limit("intake-save", (RateLimitItemPerMinute(120),))
# A page in a call sends its notes twice a minute, and a last time when it closes; now and then it says what failed.
CALL_HISTORY = Limit("call-history", (RateLimitItemPerMinute(20),))
CALL_FAILURES = Limit("call-failure", (RateLimitItemPerMinute(20),))
# A check before a visit takes some ten seconds, and one may try again in another room or another browser.
CHECK_TICKETS = Limit("check-ticket", (RateLimitItemPerMinute(6), RateLimitItemPerDay(60)))
CHECK_TICKETS_FROM_ADDRESS = Limit("check-address", (RateLimitItemPerMinute(30),))
CHECKS = Limit("check", (RateLimitItemPerMinute(20), RateLimitItemPerDay(200)))
# Nobody guesses 256 bits; this only keeps those who try from costing anything. A hospital stands behind one address.
GUEST_LINKS_FROM_ADDRESS = Limit("guest-link-address", (RateLimitItemPerMinute(60, 10),))
# Telephones that a clinician has rung: a call rings two, and a number that was mistyped is rung again.
PHONE_LEGS = Limit("phone-leg", (RateLimitItemPerMinute(30, 10),))
# Wrong answers about who one is, by whoever reads that phone or mailbox: by one asker, and by all of them together, so
# that no single one uses up what its owner has left.
ANSWERS_BY_ASKER = Limit("identify-asker", (RateLimitItemPerDay(10),))
WRONG_ANSWERS = Limit("identify", (RateLimitItemPerDay(15),))
# Beyond these nothing is sent, and nobody is told: an answer would say who is a patient. Strangers' requests, which
# cost a clinic money and anybody can make, must not keep its patients out.
CODES_TO_STRANGERS = Limit("code-strangers", (RateLimitItemPerHour(600),))
CODES_TO_PATIENTS = Limit("code-patients", (RateLimitItemPerHour(6000),))
# By account, whatever address it comes from: an attacker can have any number of addresses.
PASSWORDS_OF_ACCOUNT = Limit("password", (RateLimitItemPerMinute(10, 15),))
PASSKEYS_FROM_ADDRESS = Limit("passkey-address", (RateLimitItemPerMinute(60, 15),))
PASSWORDS_FROM_ADDRESS = Limit("password-address", (RateLimitItemPerMinute(60, 15),))
SECOND_FACTORS_OF_ACCOUNT = Limit("second-factor", (RateLimitItemPerMinute(10, 15),))
RESETS_OF_ACCOUNT = Limit("reset", (RateLimitItemPerMinute(3, 15),))


class TooMany(Problem):
    """Tried too often; `retry_after` is in seconds, `minutes` the same for people."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(429, "too_many", retry_after=retry_after, minutes=math.ceil(retry_after / 60))


class Limiter:
    """Counts in the Redis of these services."""

    def __init__(self, services: Services) -> None:
        storage = RedisStorage(
            "redis://",
            implementation="redispy",
            key_prefix="carethread:limit",
            connection_pool=services.redis.connection_pool,  # type: ignore[arg-type]  # passed on as it is
        )
        self._windows = MovingWindowRateLimiter(storage)
        self._key = derive(services.settings.secret_key, "carethread/limits")
        self._clock = services.clock

    async def spend(self, limit: Limit, *who: object) -> None:
        """Count one try. Raises TooMany, and then the try does not count."""
        key = self._name(who)
        for item in limit.items:
            if not await self._windows.hit(item, limit.name, key):
                stats = await self._windows.get_window_stats(item, limit.name, key)
                wait = math.ceil(stats.reset_time - self._clock.now().timestamp())
                raise TooMany(min(max(wait, 1), item.get_expiry()))

    async def allows(self, limit: Limit, *who: object) -> bool:
        """Count one try; whether it still is within the limit."""
        try:
            await self.spend(limit, *who)
        except TooMany:
            return False
        return True

    async def has_room(self, limit: Limit, *who: object) -> bool:
        """Whether one more try would be within the limit; it does not count one."""
        key = self._name(who)
        return all([await self._windows.test(item, limit.name, key) for item in limit.items])

    async def forgive(self, limit: Limit, *who: object) -> None:
        """Forget the tries: somebody proved that they were their own."""
        for item in limit.items:
            await self._windows.clear(item, limit.name, self._name(who))

    def _name(self, who: tuple[object, ...]) -> str:
        return keyed_digest(self._key, "limit", "\0".join(map(str, who))).hex()[:32]
