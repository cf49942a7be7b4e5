"""Who has the page open right now. Redis keeps the ids, the pages refresh them, and losing them does no harm.

A patient's waiting room and a clinician's queue report 'here' every HEARTBEAT, and 'away' when they close. The
worker removes a page that has not reported for GONE_AFTER, and refreshes the screens.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from redis.exceptions import RedisError

from core import live
from core.database.session import system_unit
from core.services import Services
from visits.timeline import STAFF

GONE_AFTER = timedelta(seconds=50)
"""Pages report every 20 s that they are open: one report may be lost before somebody counts as gone."""

Who = Literal["visit", "clinician"]

_CLINICS = "carethread:presence"


@dataclass(frozen=True, slots=True)
class Present:
    """The visits whose patient, and the clinicians who, have their page open. `known` is False without Redis."""

    visits: frozenset[UUID] = frozenset()
    clinicians: frozenset[UUID] = frozenset()
    known: bool = True

    def has_visit(self, visit_id: UUID) -> bool | None:
        """None when nobody can tell."""
        return visit_id in self.visits if self.known else None


@dataclass(frozen=True, slots=True)
class OpenPage:
    """One open page of somebody: `page` tells two tabs apart, so that closing one leaves the other."""

    who: Who
    which: UUID
    page: str

    @property
    def name(self) -> str:
        return f"{self.who}:{self.which}:{self.page}"


async def here(services: Services, clinic_id: UUID, page: OpenPage) -> bool:
    """Record an open page. True if it was not open before; False also when Redis is away."""
    try:
        async with services.redis.pipeline(transaction=False) as pipe:
            pipe.zadd(_key(clinic_id), {page.name: services.clock.now().timestamp()})
            pipe.sadd(_CLINICS, str(clinic_id))
            added, _ = await pipe.execute()
        return bool(added)
    except (RedisError, OSError):
        return False


async def away(services: Services, clinic_id: UUID, page: OpenPage) -> bool:
    """Record a closed page. True if it was open before."""
    try:
        return bool(await services.redis.zrem(_key(clinic_id), page.name))
    except (RedisError, OSError):
        return False


async def present(services: Services, clinic_id: UUID) -> Present:
    """Everyone whose page is open now."""
    since = (services.clock.now() - GONE_AFTER).timestamp()
    try:
        members = await services.redis.zrangebyscore(_key(clinic_id), since, "+inf")
    except (RedisError, OSError):
        return Present(known=False)
    names = [member.decode() for member in members]
    return Present(_ids("visit", names), _ids("clinician", names))


async def sweep(services: Services) -> None:
    """Forget pages that stopped reporting, and refresh the clinic's screens."""
    until = (services.clock.now() - GONE_AFTER).timestamp()
    members: set[bytes] = await services.redis.smembers(_CLINICS)  # type: ignore[misc]  # sync or async in one type
    for member in members:
        clinic_id = UUID(member.decode())
        if await services.redis.zremrangebyscore(_key(clinic_id), "-inf", f"({until}"):
            async with system_unit(services, clinic_id) as unit:
                live.publish(unit.write, "queue.changed", to=STAFF)


def _key(clinic_id: UUID) -> str:
    return f"carethread:presence:{clinic_id}"


def _ids(who: Who, names: Iterable[str]) -> frozenset[UUID]:
    return frozenset(UUID(name.split(":")[1]) for name in names if name.startswith(f"{who}:"))
