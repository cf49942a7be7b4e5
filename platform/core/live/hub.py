"""Hands live events to the open screens of this process.

One reader per process fetches each clinic's new events once and puts them into the queues of those who may hear
them. A screen that comes back says the last number it heard and gets what it missed from PostgreSQL.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

from sqlalchemy import text

from core import metrics
from core.actor import Actor, system_actor
from core.database.session import open_unit
from core.events.wakes import Wakes
from core.live.push import LiveMessage, audiences_of
from core.logs import Log
from core.services import Services

log = Log("live")

POLL_SECONDS = 2.0
MAX_SCREENS = 20
"""Open streams of one account in one process: each browser has one for all its tabs."""
_QUEUE = 1000
_BATCH = 500

_SINCE = text(
    "SELECT seq, topic, audience, ids FROM live_event "
    "WHERE clinic_id = :clinic AND seq > :seq ORDER BY seq LIMIT :limit"
)
_MISSED = text(
    "SELECT seq, topic, audience, ids FROM live_event WHERE clinic_id = :clinic AND seq > :seq "
    "AND audience && CAST(:audiences AS text[]) ORDER BY seq LIMIT :limit"
)
_BOUNDS = text(
    "SELECT coalesce((SELECT seq FROM live_counter WHERE clinic_id = :clinic), 0) AS last, "
    "coalesce((SELECT min(seq) FROM live_event WHERE clinic_id = :clinic), "
    "(SELECT seq + 1 FROM live_counter WHERE clinic_id = :clinic), 0) AS oldest"
)

Stream = tuple[UUID, UUID | None]
"""A stream's session, and the patient for whom it acted when it opened."""

StreamsAlive = Callable[[Services, set[Stream]], Awaitable[set[Stream]]]
"""Returns those whose session is still valid and still acts for that patient."""


class Screen:
    """One open stream: what it may hear, and what is waiting for it. ``None`` in the queue ends the stream."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.audiences = audiences_of(actor)
        self.queue: asyncio.Queue[LiveMessage | None] = asyncio.Queue(_QUEUE)

    def offer(self, message: LiveMessage) -> None:
        try:
            self.queue.put_nowait(message)
        except asyncio.QueueFull:
            self.end()

    def end(self) -> None:
        """Close the stream: the browser opens it again and catches up."""
        with suppress(asyncio.QueueEmpty):
            while True:
                self.queue.get_nowait()
        self.queue.put_nowait(None)


class LiveHub:
    """The open screens of this process. ``run`` must be running.

    Every ``pace`` seconds it looks by itself for what it was not told, and who is still signed in.
    """

    def __init__(self, services: Services, alive: StreamsAlive, pace: float = POLL_SECONDS) -> None:
        self._services = services
        self._alive = alive
        self._pace = pace
        self._screens: dict[UUID, dict[Screen, None]] = defaultdict(dict)  # in the order of their opening
        self._read_to: dict[UUID, int] = {}

    async def run(self) -> None:
        """Read for ever. If the database is away, wait for it; nothing is skipped."""
        clock = asyncio.get_running_loop().time
        poll_at = clock() + self._pace
        async with Wakes(self._services.redis, "carethread:live:*") as wakes:
            while True:
                woken = await wakes.wait(max(poll_at - clock(), 0))
                # By the clock and not when it is quiet: in a busy clinic it never is.
                due = clock() >= poll_at
                if due:
                    poll_at = clock() + self._pace
                try:
                    await self._turn(set(self._screens) if due else _clinics_of(woken), check_sessions=due)
                except Exception as error:
                    log.error("live_read_failed", error)
                    await asyncio.sleep(1)

    async def _turn(self, clinics: set[UUID], *, check_sessions: bool) -> None:
        for clinic_id in clinics & self._screens.keys():
            await self._read(clinic_id)
        if check_sessions:
            await self._end_dead_sessions()

    async def listen(self, actor: Actor, last_seen: int | None) -> AsyncGenerator[LiveMessage]:
        """The actor's messages from after ``last_seen`` on, without gap or repetition.

        Starts with a ``live.hello`` that carries the current number, or ``live.reset`` if what was missed is no
        longer kept and the screen has to fetch everything again.
        """
        with self._open(actor) as screen:
            last, oldest = await self._bounds(actor.clinic_id)
            if last_seen is None or last_seen > last:
                seen = last
                yield LiveMessage(seq=seen, topic="live.hello", ids={})
            elif last_seen + 1 < oldest:
                seen = last
                yield LiveMessage(seq=seen, topic="live.reset", ids={})
            else:
                seen = last_seen
                async for message in self._missed(screen, seen):
                    seen = message.seq
                    yield message
                # What comes next time is looked for from here, not again from the last that was for them.
                seen = max(seen, last)
                yield LiveMessage(seq=seen, topic="live.hello", ids={})
            while (waiting := await screen.queue.get()) is not None:
                if waiting.seq > seen:
                    seen = waiting.seq
                    yield waiting

    def end_all(self) -> None:
        """Close every stream, at shutdown."""
        for screens in self._screens.values():
            for screen in screens:
                screen.end()

    @contextmanager
    def _open(self, actor: Actor) -> Iterator[Screen]:
        screen = Screen(actor)
        self._end_beyond_most(actor)
        self._screens[actor.clinic_id][screen] = None
        metrics.live_connections.inc()
        try:
            yield screen
        finally:
            metrics.live_connections.dec()
            screens = self._screens[actor.clinic_id]
            screens.pop(screen, None)
            if not screens:
                del self._screens[actor.clinic_id]
                self._read_to.pop(actor.clinic_id, None)

    def _end_beyond_most(self, actor: Actor) -> None:
        """Close this person's oldest streams if they have too many: one account must not hold every connection."""
        own = [each for each in self._screens[actor.clinic_id] if each.actor.account_id == actor.account_id]
        for oldest in own[: max(0, len(own) + 1 - MAX_SCREENS)]:
            oldest.end()

    async def _bounds(self, clinic_id: UUID) -> tuple[int, int]:
        async with open_unit(self._services, system_actor(clinic_id)) as unit:
            row = (await unit.session.execute(_BOUNDS, {"clinic": clinic_id})).one()
        self._read_to.setdefault(clinic_id, row.last)
        return row.last, row.oldest

    async def _missed(self, screen: Screen, seen: int) -> AsyncIterator[LiveMessage]:
        """Only what was for them is read: others' events of a day may be many, and anybody may ask from the first."""
        while batch := await self._since(screen.actor.clinic_id, seen, screen.audiences):
            for message, _ in batch:
                seen = message.seq
                yield message

    async def _read(self, clinic_id: UUID) -> None:
        if clinic_id not in self._read_to:
            return
        while batch := await self._since(clinic_id, self._read_to[clinic_id]):
            members = self._members(clinic_id)
            for message, audience in batch:
                for screen in {screen: None for each in audience for screen in members.get(each, ())}:
                    screen.offer(message)
                self._read_to[clinic_id] = message.seq

    def _members(self, clinic_id: UUID) -> dict[str, list[Screen]]:
        """The open streams by audience, so that a message to one person costs the same however many listen."""
        members: dict[str, list[Screen]] = defaultdict(list)
        for screen in self._screens.get(clinic_id, ()):
            for each in screen.audiences:
                members[each].append(screen)
        return members

    async def _since(
        self, clinic_id: UUID, seq: int, audiences: frozenset[str] | None = None
    ) -> list[tuple[LiveMessage, frozenset[str]]]:
        values = {"clinic": clinic_id, "seq": seq, "limit": _BATCH}
        async with open_unit(self._services, system_actor(clinic_id)) as unit:
            if audiences is None:
                rows = await unit.session.execute(_SINCE, values)
            else:
                rows = await unit.session.execute(_MISSED, values | {"audiences": sorted(audiences)})
            return [(LiveMessage(row.seq, row.topic, row.ids), frozenset(row.audience)) for row in rows.all()]

    async def _end_dead_sessions(self) -> None:
        """A stream ends within seconds of its session (signed out, timed out, or a role taken away), and of what let
        it hear of a patient."""
        opened: dict[Stream, list[Screen]] = defaultdict(list)
        for screens in self._screens.values():
            for screen in screens:
                if screen.actor.session_id:
                    opened[screen.actor.session_id, screen.actor.patient_id].append(screen)
        if not opened:
            return
        alive = await self._alive(self._services, set(opened))
        for stream in opened.keys() - alive:
            for screen in opened[stream]:
                screen.end()


def _clinics_of(channels: set[str]) -> set[UUID]:
    return {UUID(channel.rsplit(":", 1)[1]) for channel in channels}
