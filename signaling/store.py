"""Rooms in Redis: any node may carry any call on, and two nodes never change a room at once.

A room is read, changed in memory and written back only if its version is still the one that was read; else
all is done again on what the other node wrote. The write, the messages to the nodes that hold the sockets,
and the records for the visits slice are one step (`commit.lua`). What is kept or sent is sealed with
AES-GCM under a key derived from the ticket key, because descriptions hold people's network addresses. Redis
may be lost: then everybody joins again, while their media go on.
"""

import os
from collections.abc import Callable, Sequence
from importlib import resources
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from redis.asyncio import Redis

from core.tickets import LIFETIME_SECONDS
from signaling.events import Close, Effect, Record, Send
from signaling.room import RoomState, node_of

EVENTS: Final = "carethread:call-events"
CONTROL: Final = "carethread:call-control"
WAKES: Final = "carethread:call-wakes"
_TICKETS: Final = "carethread:call-ticket:"
_NODES: Final = "carethread:call-node:"
KEEP_ROOM_SECONDS: Final = 6 * 3600
_TRIES: Final = 50

Change = Callable[[RoomState], tuple[Sequence[Effect], float | None]]
ToSocket = Send | Close


class Contended(Exception):
    """A room was changed by others over and over while we tried. Nothing was done; it may be tried again."""


class Sealer:
    """AES-256-GCM with a key for this purpose alone."""

    def __init__(self, ticket_key: bytes) -> None:
        derived = HKDF(SHA256(), length=32, salt=None, info=b"carethread signaling rooms").derive(ticket_key)
        self._cipher = AESGCM(derived)

    def seal(self, data: bytes, context: str) -> bytes:
        nonce = os.urandom(12)
        return nonce + self._cipher.encrypt(nonce, data, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes | None:
        """None for what we did not seal, for this context, with this key."""
        try:
            return self._cipher.decrypt(sealed[:12], sealed[12:], context.encode())
        except (InvalidTag, ValueError):
            return None


class Store:
    """Everything that signaling keeps in Redis. Every method may raise redis.RedisError or OSError when
    Redis is away; nothing is half done then."""

    def __init__(self, redis: Redis, ticket_key: bytes) -> None:
        self._redis = redis
        self._sealer = Sealer(ticket_key)
        script = (resources.files("signaling") / "commit.lua").read_text()
        self._commit = redis.register_script(script)

    async def spend(self, jti: str) -> bool:
        """Whether this ticket is used for the first time."""
        key = _TICKETS + jti
        return bool(await self._redis.set(key, b"", nx=True, ex=2 * LIFETIME_SECONDS))

    async def change(self, visit_id: str, clinic_id: str, change: Change) -> list[ToSocket]:
        """Carry a room one step on. `change` gets its state, may be called again, and returns the effects and
        when the room wants to be woken. Raises Contended.

        A step that leaves the room as it is writes nothing; its effects are returned for the caller to carry
        out. A beating heart thus costs one read.
        """
        for _ in range(_TRIES):
            version, before = await self._load(visit_id)
            empty = RoomState(visit_id=visit_id, clinic_id=clinic_id)
            state = msgspec.msgpack.decode(before, type=RoomState) if before else empty
            effects, wake = change(state)
            after = b"" if state.empty else msgspec.msgpack.encode(state)
            if after == before and not any(isinstance(effect, Record) for effect in effects):
                return [effect for effect in effects if not isinstance(effect, Record)]
            if await self._save(version, state, after, effects, wake):
                return []
        raise Contended(visit_id)

    async def _load(self, visit_id: str) -> tuple[bytes, bytes]:
        found: Any = self._redis.hmget(_room(visit_id), ["version", "state"])
        version, sealed = await found
        # Nothing, or sealed with a key that has been changed since: a new room takes its place.
        return version or b"", self._sealer.open(sealed or b"", _room(visit_id)) or b""

    async def _save(
        self, version: bytes, state: RoomState, data: bytes, effects: Sequence[Effect], wake: float | None
    ) -> bool:
        key = _room(state.visit_id)
        messages = self._messages(effects)
        arguments: list[Any] = [version, os.urandom(12), self._sealer.seal(data, key) if data else b""]
        arguments += [KEEP_ROOM_SECONDS, _wake_name(state), "" if wake is None else wake]
        arguments += [len(messages) // 2, *messages]
        for effect in effects:
            if isinstance(effect, Record):
                fields = record_fields(effect)
                arguments += [len(fields), *fields]
        return bool(await self._commit(keys=[key, WAKES, EVENTS], args=arguments))

    def _messages(self, effects: Sequence[Effect]) -> list[Any]:
        """Channel and payload in turn, one for each node that has something to send."""
        by_node: dict[str, list[ToSocket]] = {}
        for effect in effects:
            if not isinstance(effect, Record):
                by_node.setdefault(node_of(effect.conn), []).append(effect)
        messages: list[Any] = []
        for node, orders in by_node.items():
            channel = node_channel(node)
            messages += [channel, self._sealer.seal(msgspec.msgpack.encode(orders), channel)]
        return messages

    def orders(self, channel: str, payload: bytes) -> list[ToSocket]:
        """What a node is told to send and close; nothing, if it was not us who told it."""
        data = self._sealer.open(payload, channel)
        return [] if data is None else msgspec.msgpack.decode(data, type=list[ToSocket])

    async def due(self, now: float) -> list[tuple[str, str]]:
        """Rooms that want to be woken, as (visit id, clinic id)."""
        names: list[bytes] = await self._redis.zrangebyscore(WAKES, "-inf", now, start=0, num=100)
        return [(visit, clinic) for visit, _, clinic in (name.decode().partition(" ") for name in names)]

    async def wake_later(self, visit_id: str, clinic_id: str, at: float) -> None:
        """Unless the room is changed before and says otherwise. A room that is gone is not woken again."""
        name = f"{visit_id} {clinic_id}"
        if await self._redis.exists(_room(visit_id)):
            await self._redis.zadd(WAKES, {name: at}, xx=True)
        else:
            await self._redis.zrem(WAKES, name)

    async def beat(self, node: str, seconds: float) -> None:
        """This node lives, for so many seconds more."""
        await self._redis.set(_NODES + node, b"", px=int(seconds * 1000))

    async def forget_node(self, node: str) -> None:
        await self._redis.delete(_NODES + node)

    async def nodes(self) -> frozenset[str]:
        """The nodes that live."""
        found = {key.decode().removeprefix(_NODES) async for key in self._redis.scan_iter(match=_NODES + "*")}
        return frozenset(found)


def record_fields(record: Record) -> list[str]:
    """The entry in the stream of call events: names and values in turn."""
    return [text for name, value in msgspec.structs.asdict(record).items() for text in (name, str(value))]


def node_channel(node: str) -> str:
    return f"{_NODES}{node}:orders"


def _room(visit_id: str) -> str:
    return f"carethread:call:{visit_id}"


def _wake_name(state: RoomState) -> str:
    return f"{state.visit_id} {state.clinic_id}"
