"""The transactional outbox: an event is written with the change that caused it, and delivered afterwards.

Each subscriber of an event runs in a transaction of its own, together with a row in ``inbox``, so that it takes
effect exactly once however often the event is delivered.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec
from sqlalchemy import text

from core import json
from core.db import WriteSession
from core.ids import new_id
from core.services import Services

WAKE = "carethread:outbox"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened. Subclasses name their ids as fields: ``class VisitFinished(Event,
    tag="visit.finished"): visit_id: UUID``. Ids and codes only. ``key`` orders deliveries: events of one key
    are delivered one after the other.
    """

    tag_field: ClassVar[str] = "name"

    @property
    def name(self) -> str:
        return str(type(self).__struct_config__.tag)

    @property
    def key(self) -> str:
        """By default the first id; override where another order matters."""
        first = self.__struct_fields__[0]
        return f"{first.removesuffix('_id')}:{getattr(self, first)}"

    def ids(self) -> dict[str, str]:
        values = ((field, getattr(self, field)) for field in self.__struct_fields__)
        return {field: str(value) for field, value in values if value is not None}


@dataclass(frozen=True, slots=True)
class EventEnvelope:
    """An event as delivered."""

    id: UUID
    name: str
    clinic_id: UUID
    ids: dict[str, str]
    occurred_at: datetime
    services: Services

    def uuid(self, field: str) -> UUID:
        """One of the ids."""
        return UUID(self.ids[field])


Handler = Callable[[WriteSession, EventEnvelope], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Something that reacts to an event: ``subscriber`` makes one."""

    event: str
    name: str
    handle: Handler


def subscriber(event: str, name: str) -> Callable[[Handler], Subscriber]:
    """``@subscriber("visit.finished", "messaging.open_thread")``. The name is kept in the database: it stays."""

    def wrap(handle: Handler) -> Subscriber:
        return Subscriber(event, name, handle)

    return wrap


class Subscribers:
    """Subscribers by event. Raises ValueError if two have one name."""

    def __init__(self, subscribers: Iterable[Subscriber]) -> None:
        self._by_event: dict[str, list[Subscriber]] = {}
        names: set[str] = set()
        for each in subscribers:
            if each.name in names:
                raise ValueError(f"two subscribers are named {each.name}")
            names.add(each.name)
            self._by_event.setdefault(each.event, []).append(each)

    def of(self, event: str) -> list[Subscriber]:
        return self._by_event.get(event, [])


_INSERT = text(
    "INSERT INTO outbox (id, clinic_id, key, name, ids, created_at, available_at) "
    "VALUES (:id, :clinic, :key, :name, cast(:ids AS jsonb), :at, :at)"
)


async def add(write: WriteSession, event: Event) -> UUID:
    """Write the event with the change. It is delivered once the transaction is committed, and only then."""
    event_id = new_id()
    await write.execute(
        _INSERT,
        {
            "id": event_id,
            "clinic": write.clinic_id,
            "key": event.key,
            "name": event.name,
            "ids": json.encode_text(event.ids()),
            "at": write.now(),
        },
    )
    write.wake(WAKE)
    return event_id
