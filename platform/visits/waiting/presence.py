"""Who has the page open right now. Redis keeps the ids, the pages refresh them, and losing them does no harm.

A patient's waiting room and a clinician's queue report every HEARTBEAT that they are open, and say so when they close.
A patient's page adds whether it is asleep: hidden, as behind a locked phone, where browsers stop it sooner or later. A
page that falls silent has not said that it closes, so it is taken to be asleep too, and to be closed only after
SILENT_FOR. The worker looks after the silent ones and refreshes the screens.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from redis.exceptions import RedisError

from core import live
from core.database.session import system_unit
from core.services import Services
from visits.timeline import STAFF
from visits.waiting.patience import OVERDUE_BY, Presence, Wait

GONE_AFTER = timedelta(seconds=50)
"""Pages report every 20 s that they are open: one report may be lost before somebody counts as gone."""

SILENT_FOR = timedelta(minutes=30)
"""A patient's page that has said nothing for so long counts as closed: phones end what sleeps without a word."""

KEPT = timedelta(hours=24)
"""How long it is known that somebody closed the page, or came back."""

RELOADED = timedelta(minutes=1)
"""Who opens the page again within this time has loaded it anew, and has not been away."""

Who = Literal["visit", "clinician"]

_CLINICS = "carethread:presence"

Scores = Mapping[str, float]
"""Members of a sorted set with their times, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Present:
    """What the pages of a clinic have told, read at `now`. `known` is False without Redis.

    Every read of the queue asks this of hundreds of patients, so nothing is made of a report until it is asked for.
    """

    now: datetime
    pages: Scores = field(default_factory=dict)
    asleep: Scores = field(default_factory=dict)
    left: Scores = field(default_factory=dict)
    returned: Scores = field(default_factory=dict)
    promised: Scores = field(default_factory=dict)
    known: bool = True

    @property
    def clinicians(self) -> frozenset[UUID]:
        """Who has the queue open."""
        since = self.now.timestamp() - GONE_AFTER.total_seconds()
        return frozenset(
            UUID(_id(name)) for name in _of("clinician", self.pages) if self.pages[name] >= since
        )

    def promised_by(self, visit_id: UUID) -> datetime | None:
        """By when a patient was first told to be admitted."""
        return _moment(self.promised.get(str(visit_id)))

    def of(self, visit_id: UUID) -> Presence | None:
        """Where the patient of a visit is; None where nobody knows."""
        if not self.known:
            return None
        awake, sleeping = _states(self.pages, self.asleep, self.now)
        return _presence(str(visit_id), awake, sleeping, self.left)

    def waits(self) -> tuple[set[str], dict[str, Wait]]:
        """The visits whose patient is here, and how those wait of whom there is more to say. All others never opened
        the page, or closed it so long ago that nobody knows when."""
        awake, sleeping = _states(self.pages, self.asleep, self.now)
        late = self.now.timestamp() - OVERDUE_BY.total_seconds()
        overdue = {name for name, by in self.promised.items() if by <= late}
        more = (sleeping.keys() | self.left.keys() | self.returned.keys() | overdue) - (
            awake - overdue - self.returned.keys()
        )
        return awake, {name: self._wait(name, awake, sleeping) for name in more}

    def _wait(self, name: str, awake: Collection[str], sleeping: Scores) -> Wait:
        return Wait(
            _presence(name, awake, sleeping, self.left),
            promised_by=_moment(self.promised.get(name)),
            came_back=name in self.returned,
        )


@dataclass(frozen=True, slots=True)
class OpenPage:
    """One open page of somebody: `page` tells two tabs apart, so that closing one leaves the other."""

    who: Who
    which: UUID
    page: str

    @property
    def name(self) -> str:
        return f"{self.who}:{self.which}:{self.page}"


@dataclass(frozen=True, slots=True)
class _Keys:
    """The sorted sets of a clinic."""

    clinic_id: UUID

    @property
    def pages(self) -> str:
        """Each page's last report."""
        return f"{_CLINICS}:{self.clinic_id}"

    @property
    def asleep(self) -> str:
        """When each sleeping page fell asleep."""
        return f"{self.pages}:asleep"

    @property
    def left(self) -> str:
        """When somebody of a visit closed a page last."""
        return f"{self.pages}:left"

    @property
    def returned(self) -> str:
        """When they were last back after closing it."""
        return f"{self.pages}:returned"

    @property
    def promised(self) -> str:
        """By when each waiting patient was first told to be admitted."""
        return f"{self.pages}:promised"


async def here(services: Services, clinic_id: UUID, page: OpenPage, *, asleep: bool = False) -> bool:
    """Record an open page. True if it was not open before, or has fallen asleep or woken; False also when Redis is
    away."""
    keys, now, which = _Keys(clinic_id), services.clock.now().timestamp(), str(page.which)
    try:
        async with services.redis.pipeline(transaction=True) as pipe:
            pipe.zadd(keys.pages, {page.name: now})
            if asleep:
                pipe.zadd(keys.asleep, {page.name: now}, nx=True)
            else:
                pipe.zrem(keys.asleep, page.name)
            pipe.zscore(keys.left, which)
            pipe.zrem(keys.left, which)
            pipe.sadd(_CLINICS, str(clinic_id))
            opened, changed, left_at, *_ = await pipe.execute()
        if left_at is not None and now - left_at >= RELOADED.total_seconds():
            await services.redis.zadd(keys.returned, {which: now})
        return bool(opened or changed)
    except (RedisError, OSError):
        return False


async def away(services: Services, clinic_id: UUID, page: OpenPage) -> bool:
    """Record a closed page. True if it was open before."""
    keys = _Keys(clinic_id)
    try:
        async with services.redis.pipeline(transaction=True) as pipe:
            pipe.zrem(keys.pages, page.name)
            pipe.zrem(keys.asleep, page.name)
            if page.who == "visit":
                pipe.zadd(keys.left, {str(page.which): services.clock.now().timestamp()})
            closed, *_ = await pipe.execute()
        return bool(closed)
    except (RedisError, OSError):
        return False


async def keep_promises(services: Services, clinic_id: UUID, latest: Mapping[UUID, datetime | None]) -> None:
    """Keep by when each patient in the line was first told to be admitted; who is not in `latest` waits no more."""
    key = _Keys(clinic_id).promised
    try:
        over = [name for name in await services.redis.zrange(key, 0, -1) if UUID(name.decode()) not in latest]
        if over:
            await services.redis.zrem(key, *over)
        told = {str(visit_id): by.timestamp() for visit_id, by in latest.items() if by is not None}
        if told:
            await services.redis.zadd(key, told, nx=True)
    except (RedisError, OSError):
        return


async def present(services: Services, clinic_id: UUID) -> Present:
    """Everyone whose page is open now, and how patients have waited so far."""
    keys, now = _Keys(clinic_id), services.clock.now()
    try:
        async with services.redis.pipeline(transaction=True) as pipe:
            for key in (keys.pages, keys.asleep, keys.left, keys.returned, keys.promised):
                pipe.zrange(key, 0, -1, withscores=True)
            pages, asleep, left, returned, promised = map(_scores, await pipe.execute())
    except (RedisError, OSError):
        return Present(now, known=False)
    return Present(now, pages, asleep, left, returned, promised)


def where_they_are(pages: Scores, asleep: Scores, left: Scores, now: datetime) -> dict[UUID, Presence]:
    """For each visit of which a page was opened: here if any page is awake, asleep since the last of them was awake,
    or left when the last one closed. Pure."""
    awake, sleeping = _states(pages, asleep, now)
    names = awake | sleeping.keys() | left.keys()
    return {UUID(name): _presence(name, awake, sleeping, left) for name in names}


def _states(pages: Scores, asleep: Scores, now: datetime) -> tuple[set[str], dict[str, float]]:
    """The visits of which a page is awake, and since when the others' last one sleeps."""
    since = now.timestamp() - GONE_AFTER.total_seconds()
    awake: set[str] = set()
    sleeping: dict[str, float] = {}
    for name in _of("visit", pages):
        visit, report = _id(name), pages[name]
        if name not in asleep and report >= since:
            awake.add(visit)
        else:
            sleeping[visit] = max(sleeping.get(visit, 0.0), asleep.get(name, report))
    return awake, sleeping


def _presence(name: str, awake: Collection[str], sleeping: Scores, left: Scores) -> Presence:
    if name in awake:
        return Presence("here")
    return (
        Presence("asleep", _moment(sleeping[name]))
        if name in sleeping
        else Presence("left", _moment(left.get(name)))
    )


async def sweep(services: Services) -> None:
    """Put pages that stopped reporting to sleep, close those that stay silent, and refresh the clinic's screens."""
    members: set[bytes] = await services.redis.smembers(_CLINICS)  # type: ignore[misc]  # sync or async in one type
    for member in members:
        clinic_id = UUID(member.decode())
        if await _sweep_clinic(services, _Keys(clinic_id)):
            async with system_unit(services, clinic_id) as unit:
                live.publish(unit.write, "queue.changed", to=STAFF)


async def _sweep_clinic(services: Services, keys: _Keys) -> bool:
    """Whether anything changed that the screens show."""
    redis, now = services.redis, services.clock.now()
    silent = _scores(
        await redis.zrangebyscore(keys.pages, "-inf", f"({(now - GONE_AFTER).timestamp()}", withscores=True)
    )
    closed = {
        name: at
        for name, at in silent.items()
        if name.startswith("clinician:") or at < (now - SILENT_FOR).timestamp()
    }
    fallen_asleep = {name: at for name, at in silent.items() if name not in closed}
    async with redis.pipeline(transaction=True) as pipe:
        for key in (keys.left, keys.returned):
            pipe.zremrangebyscore(key, "-inf", (now - KEPT).timestamp())
        if closed:
            pipe.zrem(keys.pages, *closed)
            pipe.zrem(keys.asleep, *closed)
        if patients := {_id(name): at for name, at in closed.items() if name.startswith("visit:")}:
            pipe.zadd(keys.left, patients)
        if fallen_asleep:
            pipe.zadd(keys.asleep, fallen_asleep, nx=True)
        done = await pipe.execute()
    return bool(closed) or (bool(fallen_asleep) and bool(done[-1]))


def _scores(found: Iterable[tuple[Any, float]]) -> dict[str, float]:
    return {name.decode(): at for name, at in found}


def _moment(at: float | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)


def _of(who: Who, names: Iterable[str]) -> list[str]:
    return [name for name in names if name.startswith(f"{who}:")]


def _id(name: str) -> str:
    return name.split(":")[1]
