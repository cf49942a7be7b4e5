"""One node: the sockets of this process, and its share of the work on all rooms.

Loops, each of which outlives a restart of Redis: the line keeps the connection over which rooms are changed and their
orders come, `beat` says that this node lives, `sweep` wakes rooms whose time has come, `obey` ends calls when the
platform says so. `hush` closes the sockets of those who say nothing any more.
"""

import asyncio
import contextlib
import random
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Final
from weakref import WeakValueDictionary

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from core.logs import Log
from signaling import events as ev
from signaling.limits import MISSED_HEARTBEATS
from signaling.line import Line
from signaling.protocol import CloseCode, Draining, ServerFrame
from signaling.room import Room, RoomState, Rules
from signaling.steps import Steps
from signaling.store import (
    CONTROL,
    DUE_AT_ONCE,
    Contended,
    KnownRoom,
    Sealer,
    Store,
    ToSocket,
    node_channel,
)
from signaling.wire import Wire

log = Log("signaling")

# Whatever Redis may do to us while it restarts.
AWAY: Final = (RedisError, OSError, TimeoutError)
SERVICE_RESTART: Final = 1012
DRAIN_SPREAD_MS: Final = 3000
_PAUSE_SECONDS: Final = 0.5
_GROUP: Final = "signaling"


class SharedRoom:
    """A visit's room as this node knows it, and the events that wait for it. It lasts while a socket of it is held."""

    __slots__ = ("__weakref__", "known", "steps")

    def __init__(self, visit_id: str, clinic_id: str) -> None:
        self.known = KnownRoom(visit_id, clinic_id)
        self.steps = Steps()


class Node:
    """Start it with `async with node.running()`; it is ready while Redis answers."""

    def __init__(self, redis: Redis, redis_url: str, ticket_key: bytes, rules: Rules) -> None:
        """`redis` is for what waits in Redis and would hold up the line."""
        self.name = secrets.token_hex(6)
        self.rules = rules
        self._redis = redis
        self._line = Line(redis_url, node_channel(self.name), self._hear)
        self.store = Store(self._line, Sealer(ticket_key), self.name)
        self._wires: dict[str, Wire] = {}
        self._rooms: WeakValueDictionary[tuple[str, str], SharedRoom] = WeakValueDictionary()
        self._numbers = 0

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        line = asyncio.create_task(self._forever(self._line.run))
        loops = [self._beat, self._sweep, self._obey, self._hush]
        tasks = [asyncio.create_task(self._forever(loop)) for loop in loops]
        try:
            yield
        finally:
            await _end(tasks)
            with contextlib.suppress(*AWAY):
                await self.store.forget_node()
            await _end([line])

    # --- sockets ---------------------------------------------------------------------------------------

    def new_conn(self) -> str:
        self._numbers += 1
        return f"{self.name}:{self._numbers}"

    def hold(self, wire: Wire) -> None:
        self._wires[wire.conn] = wire

    def let_go(self, wire: Wire) -> None:
        self._wires.pop(wire.conn, None)

    @property
    def sockets(self) -> int:
        return len(self._wires)

    async def is_ready(self) -> bool:
        """Whether Redis answers and tells us what to send."""
        try:
            await self._line.ask("PING")
        except AWAY:
            return False
        return True

    async def drain(self) -> None:
        """Tell every client to come back in a moment, each in another, and close. Their seats are kept."""
        for wire in list(self._wires.values()):
            pause = random.randrange(DRAIN_SPREAD_MS)  # noqa: S311 - spreads load, guards nothing
            wire.order(ev.Send(wire.conn, ServerFrame(message=Draining(reconnect_in_ms=pause))))
            wire.close(SERVICE_RESTART, "draining")

    # --- rooms -----------------------------------------------------------------------------------------

    def room(self, visit_id: str, clinic_id: str) -> SharedRoom:
        """One for all sockets of a visit: whoever has something to say to it holds it."""
        room = self._rooms.get((visit_id, clinic_id))
        if room is None:
            room = self._rooms[visit_id, clinic_id] = SharedRoom(visit_id, clinic_id)
        return room

    async def handle(self, room: SharedRoom, event: ev.Event) -> None:
        """Carry the room one step on. When this returns, the event is kept in Redis and the sockets of this node are
        told. Raises Contended, or one of AWAY when Redis cannot be reached."""
        await room.steps.take(event, lambda events: self._step(room.known, events))

    async def _step(self, known: KnownRoom, events: list[ev.Event]) -> None:
        def change(state: RoomState) -> tuple[list[ev.Effect], float | None]:
            now = time.time()
            room = Room(state, self.rules)
            effects = [effect for event in events for effect in room.handle(event, now)]
            return effects, room.next_wake(now)

        self._carry_out(await self.store.change(known, change))

    async def lost(self, room: SharedRoom, conn: str) -> None:
        """A socket is gone: the room has to know, however long Redis stays away."""
        while True:
            try:
                return await self.handle(room, ev.Lost(conn=conn))
            except (*AWAY, Contended):
                await asyncio.sleep(_PAUSE_SECONDS)

    def _hear(self, payload: bytes) -> None:
        """What rooms order that other nodes changed."""
        self._carry_out(self.store.orders(payload))

    def _carry_out(self, orders: list[ToSocket]) -> None:
        for order in orders:
            wire = self._wires.get(order.conn)
            if wire is not None:
                wire.order(order)

    # --- loops -----------------------------------------------------------------------------------------

    async def _forever(self, loop: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await loop()
            except AWAY as error:
                log.warning("signaling.redis_away", name=loop.__name__, cause=type(error).__name__)
            except Exception as error:
                log.error("signaling.loop_failed", error, name=loop.__name__)
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _beat(self) -> None:
        while True:
            await self.store.beat(self.rules.lease_seconds)
            await asyncio.sleep(self.rules.lease_seconds / 3)

    async def _hush(self) -> None:
        """Close sockets that miss their heartbeats. One look at all of them now and then costs less than a timer for
        each frame."""
        silence = self.rules.heartbeat_seconds * MISSED_HEARTBEATS
        while True:
            await asyncio.sleep(silence / 15)
            since = asyncio.get_running_loop().time() - silence
            for wire in [wire for wire in self._wires.values() if wire.heard_at < since]:
                wire.close(CloseCode.SILENT, "silent")

    async def _sweep(self) -> None:
        # When all of signaling was away, everybody first gets the time to come back.
        await asyncio.sleep(self.rules.grace_seconds)
        while True:
            due = await self.store.due(time.time())
            gone: dict[str, bool] = {}
            for visit_id, clinic_id in due:
                with contextlib.suppress(Contended):
                    await self._wake(self.room(visit_id, clinic_id), gone)
            if len(due) < DUE_AT_ONCE:
                await asyncio.sleep(min(1.0, self.rules.grace_seconds / 4))

    async def _wake(self, room: SharedRoom, gone: dict[str, bool]) -> None:
        """Tell a room that time has passed, and which of its nodes are gone; `gone` is what is known of them."""
        state = await self.store.look(room.known)
        if state.empty:
            return await self.store.never_wake(room.known)
        await self.store.wake_later(room.known, time.time() + self.rules.lease_seconds)
        for node in {ev.node_of(seat.conn) for seat in state.seats.values()} - gone.keys():
            gone[node] = not await self.store.lives(node)
        await self.handle(room, ev.Tick(gone=frozenset(node for node, is_gone in gone.items() if is_gone)))

    async def _obey(self) -> None:
        """The platform writes to a stream what shall end: `visit_id`, `clinic_id`, and `participant_id` (with
        `attempt_id`) if it is for one person only. Each entry is carried out by one node, again if that node
        dies over it."""
        try:
            await self._redis.xgroup_create(CONTROL, _GROUP, id="0", mkstream=True)
        except ResponseError as exists:
            if "BUSYGROUP" not in str(exists):
                raise
        while True:
            waiting = await self._redis.xautoclaim(CONTROL, _GROUP, self.name, min_idle_time=10_000, count=10)
            entries = list(waiting[1])
            fresh = await self._redis.xreadgroup(_GROUP, self.name, {CONTROL: ">"}, count=10, block=2000)
            for _, found in fresh:
                entries += found
            for entry_id, fields in entries:
                await self._end(fields)
                await self._redis.xack(CONTROL, _GROUP, entry_id)

    async def _end(self, fields: dict[bytes, bytes]) -> None:
        names = {name.decode(): value.decode("utf-8", "replace") for name, value in fields.items()}
        visit_id, clinic_id = names.get("visit_id"), names.get("clinic_id")
        if visit_id and clinic_id:
            end = ev.End(
                participant_id=names.get("participant_id") or None, attempt_id=names.get("attempt_id") or None
            )
            await self.handle(self.room(visit_id, clinic_id), end)


async def _end(tasks: "list[asyncio.Task[None]]") -> None:
    """redis-py may swallow a cancellation that comes while it connects: so ask until it is heard."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=0.2)
