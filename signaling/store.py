"""Rooms in Redis: any node may carry any call on, and two nodes never change a room at once.

A room is changed in memory and written back only if its version is still the one that was changed; else all is done
again on what the other node wrote. The write, the messages to the other nodes that hold its sockets, and the records
for the visits slice are one step (`commit.lua`). A node remembers the rooms of its sockets as it last wrote or read
them: what it remembers needs no reading, because a write on something older is refused.

What is kept or sent is sealed with AES-GCM under a key derived from the ticket key, because descriptions hold people's
network addresses. Redis may be lost: then everybody joins again, while their media go on.
"""

import hashlib
import os
from collections.abc import Callable, Sequence
from importlib import resources
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from redis.exceptions import NoScriptError

from core.tickets import LIFETIME_SECONDS
from signaling.events import Close, Effect, Record, Send, node_of
from signaling.line import Line
from signaling.room import RoomState

EVENTS: Final = "carethread:call-events"
CONTROL: Final = "carethread:call-control"
WAKES: Final = "carethread:call-wakes"
_TICKETS: Final = "carethread:call-ticket:"
_NODES: Final = "carethread:call-node:"
KEEP_ROOM_SECONDS: Final = 6 * 3600
# How many rooms one look at those that are due gives.
DUE_AT_ONCE: Final = 100
NONCE_BYTES: Final = 12
_TRIES: Final = 50

Change = Callable[[RoomState], tuple[Sequence[Effect], float | None]]
ToSocket = Send | Close

_encoder: Final = msgspec.msgpack.Encoder()
_states: Final = msgspec.msgpack.Decoder(RoomState)
_orders: Final = msgspec.msgpack.Decoder(list[ToSocket])


class Contended(Exception):
    """A room was changed by others over and over while we tried. Nothing was done; it may be tried again."""


class Sealer:
    """AES-256-GCM with a key for this purpose alone."""

    def __init__(self, ticket_key: bytes) -> None:
        derived = HKDF(SHA256(), length=32, salt=None, info=b"carethread signaling rooms").derive(ticket_key)
        self._cipher = AESGCM(derived)

    def seal(self, data: bytes, context: str) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, data, context.encode())

    def open(self, sealed: bytes, context: str) -> bytes | None:
        """None for what we did not seal, for this context, with this key."""
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError):
            return None


class KnownRoom:
    """A room as this node last saw it. `version` is None while it is not known what Redis holds."""

    __slots__ = ("clinic_id", "data", "version", "visit_id")

    def __init__(self, visit_id: str, clinic_id: str) -> None:
        self.visit_id = visit_id
        self.clinic_id = clinic_id
        self.version: bytes | None = None
        self.data = b""

    @property
    def state(self) -> RoomState:
        """A copy that may be changed."""
        if not self.data:
            return RoomState(visit_id=self.visit_id, clinic_id=self.clinic_id)
        return _states.decode(self.data)


class Store:
    """Everything that the rooms of a node keep in Redis. Every method may raise redis.RedisError, OSError or
    TimeoutError when Redis is away; nothing is half done then."""

    def __init__(self, line: Line, sealer: Sealer, node: str) -> None:
        self._line = line
        self._sealer = sealer
        self._node = node
        self._script = (resources.files("signaling") / "commit.lua").read_bytes()
        self._script_name = hashlib.sha1(self._script, usedforsecurity=False).hexdigest()

    async def spend(self, jti: str) -> bool:
        """Whether this ticket is used for the first time."""
        key = _TICKETS + jti
        return await self._line.ask("SET", key, b"", "NX", "EX", 2 * LIFETIME_SECONDS) is not None

    async def change(self, room: KnownRoom, change: Change) -> list[ToSocket]:
        """Carry a room one step on; what this node's sockets are to be told of it. `change` gets the state, may be
        called again, and returns the effects and when the room wants to be woken. Raises Contended.

        When this returns, the step is kept, and the other nodes are told. A step that leaves the room as it is writes
        nothing, and its effects are all returned: a beating heart costs one look at the version.
        """
        for _ in range(_TRIES):
            known = room.version is not None
            if not known:
                await self._load(room)
            state = room.state
            effects, wake = change(state)
            data = b"" if state.empty else _encoder.encode(state)
            if data == room.data and not any(isinstance(effect, Record) for effect in effects):
                if known and not await self._is_current(room):
                    continue
                return [effect for effect in effects if not isinstance(effect, Record)]
            if await self._save(room, data, effects, wake):
                return [e for e in effects if not isinstance(e, Record) and node_of(e.conn) == self._node]
        raise Contended(room.visit_id)

    async def look(self, room: KnownRoom) -> RoomState:
        """The room as it is now."""
        if room.version is None or not await self._is_current(room):
            await self._load(room)
        return room.state

    async def _load(self, room: KnownRoom) -> None:
        version, sealed = await self._line.ask("HMGET", _room(room.visit_id), "version", "state")
        self._remember(room, version, sealed)

    async def _is_current(self, room: KnownRoom) -> bool:
        """If not, it is forgotten."""
        version = await self._line.ask("HGET", _room(room.visit_id), "version") or b""
        if version == room.version:
            return True
        room.version = None
        return False

    def _remember(self, room: KnownRoom, version: bytes | None, sealed: bytes | None) -> None:
        # Nothing, or sealed with a key that has been changed since: a new room takes its place.
        room.data = self._sealer.open(sealed or b"", _room(room.visit_id)) or b""
        room.version = version or b""

    async def _save(
        self, room: KnownRoom, data: bytes, effects: Sequence[Effect], wake: float | None
    ) -> bool:
        key, before = _room(room.visit_id), room.version or b""
        sealed = self._sealer.seal(data, key) if data else b""
        # What a seal begins with is random and never twice the same: it names the version, too.
        after = sealed[:NONCE_BYTES]
        messages = self._messages(effects)
        arguments: list[bytes | str | float] = [before, after, sealed]
        arguments += [KEEP_ROOM_SECONDS, _wake_name(room), "" if wake is None else wake]
        arguments += [len(messages) // 2, *messages]
        for effect in effects:
            if isinstance(effect, Record):
                fields = record_fields(effect)
                arguments += [len(fields), *fields]
        # Until Redis has answered, nobody knows what it holds.
        room.version = None
        refused = await self._commit(key, arguments)
        if refused is None:
            room.version, room.data = after, data
            return True
        self._remember(room, *refused)
        return False

    async def _commit(self, key: str, arguments: list[bytes | str | float]) -> tuple[bytes, bytes] | None:
        """None when it was done, else the version and the state that somebody else wrote."""
        keys = (3, key, WAKES, EVENTS)
        try:
            answer = await self._line.ask("EVALSHA", self._script_name, *keys, *arguments)
        except NoScriptError:
            answer = await self._line.ask("EVAL", self._script, *keys, *arguments)
        return None if answer == 1 else (answer[0], answer[1])

    def _messages(self, effects: Sequence[Effect]) -> list[bytes | str]:
        """Channel and payload in turn, one for each other node that has something to send."""
        by_node: dict[str, list[ToSocket]] = {}
        for effect in effects:
            if not isinstance(effect, Record) and (node := node_of(effect.conn)) != self._node:
                by_node.setdefault(node, []).append(effect)
        messages: list[bytes | str] = []
        for node, orders in by_node.items():
            channel = node_channel(node)
            messages += [channel, self._sealer.seal(_encoder.encode(orders), channel)]
        return messages

    def orders(self, payload: bytes) -> list[ToSocket]:
        """What another node tells this one to send and close; nothing, if it was not us who told it."""
        data = self._sealer.open(payload, node_channel(self._node))
        return [] if data is None else _orders.decode(data)

    async def due(self, now: float) -> list[tuple[str, str]]:
        """Some of the rooms that want to be woken, as (visit id, clinic id)."""
        names: list[bytes] = await self._line.ask(
            "ZRANGEBYSCORE", WAKES, "-inf", now, "LIMIT", 0, DUE_AT_ONCE
        )
        return [(visit, clinic) for visit, _, clinic in (name.decode().partition(" ") for name in names)]

    async def wake_later(self, room: KnownRoom, at: float) -> None:
        """Unless the room is changed before and says otherwise."""
        await self._line.ask("ZADD", WAKES, "XX", at, _wake_name(room))

    async def never_wake(self, room: KnownRoom) -> None:
        """A room that is gone."""
        await self._line.ask("ZREM", WAKES, _wake_name(room))

    async def beat(self, seconds: float) -> None:
        """This node lives, for so many seconds more."""
        await self._line.ask("SET", _NODES + self._node, b"", "PX", int(seconds * 1000))

    async def forget_node(self) -> None:
        await self._line.ask("DEL", _NODES + self._node)

    async def lives(self, node: str) -> bool:
        return bool(await self._line.ask("EXISTS", _NODES + node))


def record_fields(record: Record) -> list[str]:
    """The entry in the stream of call events: names and values in turn."""
    return [text for name, value in msgspec.structs.asdict(record).items() for text in (name, str(value))]


def node_channel(node: str) -> str:
    return f"{_NODES}{node}:orders"


def _room(visit_id: str) -> str:
    return f"carethread:call:{visit_id}"


def _wake_name(room: KnownRoom) -> str:
    return f"{room.visit_id} {room.clinic_id}"
