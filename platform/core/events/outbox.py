"""The transactional outbox: an event is written with the change that caused it, and delivered afterwards.

Each subscriber of an event runs in a transaction of its own, together with a row in ``inbox``, so that it takes
effect exactly once however often the event is delivered.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

import msgspec
from sqlalchemy import text

from core import json
from core.database.session import WriteSession
from core.ids import new_id
from core.services import Services

WAKE = "carethread:outbox"


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened. Subclasses name their ids as fields: ``class VisitFinished(Event,
    tag="visit.finished"): visit_id: UUID``. Ids and codes only. ``key`` orders deliveries: events of one key
    are delivered one after the other.

    The tag and the names of the fields are kept in the database until the event is delivered, so a release that
    changes either still has to read what the one before it wrote: a new field has a default.
    """

    @property
    def name(self) -> str:
        return name_of(type(self))

    @property
    def key(self) -> str:
        """By default the first id; override where another order matters."""
        first = self.__struct_fields__[0]
        return f"{first.removesuffix('_id')}:{getattr(self, first)}"


E = TypeVar("E", bound=Event)
E_co = TypeVar("E_co", bound=Event, covariant=True)


def name_of(event: type[Event]) -> str:
    """The name under which events of this type are kept."""
    return str(event.__struct_config__.tag)


def _encoded(event: Event) -> str:
    """The fields as JSON, without the name, which has a column of its own."""
    fields: dict[str, object] = msgspec.to_builtins(event)
    del fields[str(event.__struct_config__.tag_field)]
    return json.encode_text(fields)


@dataclass(frozen=True, slots=True)
class Delivery(Generic[E_co]):
    """An event on its way to a subscriber."""

    id: UUID
    clinic_id: UUID
    occurred_at: datetime
    event: E_co


Handler = Callable[[WriteSession, Delivery[E]], Awaitable[None]]
Keep = Callable[[WriteSession], Awaitable[None]]
SlowHandler = Callable[[Services, Delivery[E]], Awaitable[Keep]]


@dataclass(frozen=True, slots=True)
class Subscriber(ABC):
    """Something that reacts to an event: ``subscriber`` and ``slow_subscriber`` make one."""

    event: type[Event]
    name: str

    @abstractmethod
    async def prepared(self, services: Services, delivery: Delivery[Any]) -> Keep:
        """Do what is slow, and return what is to run in the transaction with the inbox row."""


@dataclass(frozen=True, slots=True)
class QuickSubscriber(Subscriber):
    """The function that runs in the transaction of its inbox row."""

    handle: Handler[Any]

    async def prepared(self, services: Services, delivery: Delivery[Any]) -> Keep:
        return lambda write: self.handle(write, delivery)


@dataclass(frozen=True, slots=True)
class SlowSubscriber(Subscriber):
    """The slow function that runs before that transaction and returns what runs in it."""

    prepare: SlowHandler[Any]

    async def prepared(self, services: Services, delivery: Delivery[Any]) -> Keep:
        return await self.prepare(services, delivery)


def subscriber(event: type[E], name: str) -> Callable[[Handler[E]], QuickSubscriber]:
    """``@subscriber(VisitFinished, "messaging.open_thread")``. The name is kept in the database: it stays."""

    def wrap(handle: Handler[E]) -> QuickSubscriber:
        return QuickSubscriber(event, name, handle)

    return wrap


def slow_subscriber(event: type[E], name: str) -> Callable[[SlowHandler[E]], SlowSubscriber]:
    """The same for one that talks to a network, renders or keeps a file: it runs while no transaction is open.

    It opens short ones of its own to read, and gives what is to be kept of its work, which runs in one transaction
    with the inbox row. It may run more than once for one event, what is kept takes effect once.
    """

    def wrap(prepare: SlowHandler[E]) -> SlowSubscriber:
        return SlowSubscriber(event, name, prepare)

    return wrap


async def nothing_to_keep(write: WriteSession) -> None:
    """The result of a slow subscriber that writes nothing to the database."""


class UnknownEvent(Exception):
    """An event that this release does not know: a newer one wrote it, and its own worker will deliver it."""


class Subscribers:
    """Subscribers by event. Events of the names in `retired` are done without anybody doing anything.

    Raises ValueError if two subscribers have one name, or two types of events have.
    """

    def __init__(self, subscribers: Iterable[Subscriber], retired: Collection[str] = ()) -> None:
        self._retired = frozenset(retired)
        self._types: dict[str, type[Event]] = {}
        self._of: dict[str, list[Subscriber]] = {}
        names: set[str] = set()
        for each in subscribers:
            if each.name in names:
                raise ValueError(f"two subscribers are named {each.name}")
            names.add(each.name)
            event = name_of(each.event)
            if self._types.setdefault(event, each.event) is not each.event:
                raise ValueError(f"two events are named {event}")
            self._of.setdefault(event, []).append(each)

    @property
    def events(self) -> frozenset[type[Event]]:
        """Every type of event that somebody subscribes to."""
        return frozenset(self._types.values())

    def of(self, event: Event) -> list[Subscriber]:
        return self._of[event.name]

    def decode(self, name: str, fields: dict[str, Any]) -> Event | None:
        """The event of this name, None for a retired one.

        Raises UnknownEvent, and msgspec.ValidationError if the fields are not those of the event.
        """
        if name in self._retired:
            return None
        if name not in self._types:
            raise UnknownEvent(name)
        return msgspec.convert(fields, self._types[name], strict=False)


def events_defined_in(packages: Iterable[str]) -> frozenset[type[Event]]:
    """Every type of event with a name that modules of these packages define, as far as they are imported."""
    roots = frozenset(packages)
    return frozenset(
        each
        for each in _subclasses(Event)
        if each.__struct_config__.tag is not None and each.__module__.partition(".")[0] in roots
    )


def _subclasses(event: type[Event]) -> Iterable[type[Event]]:
    for each in event.__subclasses__():
        yield each
        yield from _subclasses(each)


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
            "ids": _encoded(event),
            "at": write.now(),
        },
    )
    write.wake(WAKE)
    return event_id
