"""One node: the sockets of this process, and its share of the work on all rooms.

Three loops, each of which outlives a restart of Redis: `beat` says that this node lives, `listen` carries
out what rooms order for its sockets, `sweep` wakes rooms whose time has come. A fourth, `obey`, ends calls
when the platform says so.
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
from signaling.protocol import Draining, ServerFrame
from signaling.room import Room, RoomState, Rules
from signaling.store import CONTROL, Contended, Store, node_channel
from signaling.wire import Wire

log = Log("signaling")

# Whatever Redis may do to us while it restarts.
AWAY: Final = (RedisError, OSError, TimeoutError)
SERVICE_RESTART: Final = 1012
DRAIN_SPREAD_MS: Final = 3000
_PAUSE_SECONDS: Final = 0.5
_GROUP: Final = "signaling"


class Node:
    """Start it with `async with node.running()`; then `ready` is set while Redis answers."""

    def __init__(self, redis: Redis, ticket_key: bytes, rules: Rules) -> None:
        self.name = secrets.token_hex(6)
        self.rules = rules
        self.store = Store(redis, ticket_key)
        self.ready = asyncio.Event()
        self._redis = redis
        self._wires: dict[str, Wire] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._numbers = 0

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        loops = [self._beat, self._listen, self._sweep, self._obey]
        tasks = [asyncio.create_task(self._forever(loop)) for loop in loops]
        try:
            yield
        finally:
            await _end(tasks)
            with contextlib.suppress(*AWAY):
                await self.store.forget_node(self.name)

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
            await self._redis.ping()
        except AWAY:
            return False
        return self.ready.is_set()

    async def drain(self) -> None:
        """Tell every client to come back in a moment, each in another, and close. Their seats are kept."""
        for wire in list(self._wires.values()):
            pause = random.randrange(DRAIN_SPREAD_MS)  # noqa: S311 - spreads load, guards nothing
            wire.order(ev.Send(wire.conn, ServerFrame(message=Draining(reconnect_in_ms=pause))))
            wire.close(SERVICE_RESTART, "draining")

    # --- rooms -----------------------------------------------------------------------------------------

    async def handle(self, visit_id: str, clinic_id: str, event: ev.Event) -> None:
        """Carry one room one step on. Raises Contended, or one of AWAY when Redis cannot be reached."""

        def change(state: RoomState) -> tuple[list[ev.Effect], float | None]:
            now = time.time()
            room = Room(state, self.rules)
            return room.handle(event, now), room.next_wake(now)

        lock = self._locks.setdefault(visit_id, asyncio.Lock())
        async with lock:
            for order in await self.store.change(visit_id, clinic_id, change):
                self._carry_out(order)

    async def lost(self, visit_id: str, clinic_id: str, conn: str) -> None:
        """A socket is gone: the room has to know, however long Redis stays away."""
        while True:
            try:
                return await self.handle(visit_id, clinic_id, ev.Lost(conn=conn))
            except (*AWAY, Contended):
                await asyncio.sleep(_PAUSE_SECONDS)

    def _carry_out(self, order: ev.Send | ev.Close) -> None:
        wire = self._wires.get(order.conn)
        if wire is not None:
            wire.order(order)

    # --- loops -----------------------------------------------------------------------------------------

    async def _forever(self, loop: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await loop()
            except AWAY as error:
                self.ready.clear()
                log.warning("signaling.redis_away", name=loop.__name__, cause=type(error).__name__)
            except Exception as error:
                log.error("signaling.loop_failed", error, name=loop.__name__)
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _beat(self) -> None:
        while True:
            await self.store.beat(self.name, self.rules.lease_seconds)
            await asyncio.sleep(self.rules.lease_seconds / 3)

    async def _listen(self) -> None:
        channel = node_channel(self.name)
        async with self._redis.pubsub(ignore_subscribe_messages=True) as pubsub:
            await pubsub.subscribe(channel)
            while True:
                message = await pubsub.get_message(timeout=_PAUSE_SECONDS)
                # The first answer is the subscription's own: from here on nothing is missed.
                self.ready.set()
                for order in self.store.orders(channel, message["data"]) if message else []:
                    self._carry_out(order)

    async def _sweep(self) -> None:
        # When all of signaling was away, everybody first gets the time to come back.
        await asyncio.sleep(self.rules.grace_seconds)
        while True:
            now = time.time()
            due = await self.store.due(now)
            nodes = await self.store.nodes() if due else frozenset()
            for visit_id, clinic_id in due:
                await self.store.wake_later(visit_id, clinic_id, now + self.rules.lease_seconds)
                with contextlib.suppress(Contended):
                    await self.handle(visit_id, clinic_id, ev.Tick(nodes=nodes))
            await asyncio.sleep(min(1.0, self.rules.grace_seconds / 4))

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
            await self.handle(visit_id, clinic_id, end)


async def _end(tasks: "list[asyncio.Task[None]]") -> None:
    """redis-py may swallow a cancellation that comes while it connects: so ask until it is heard."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=0.2)
