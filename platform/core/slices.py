"""What a slice registers with the application: a list to read, not a framework."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from litestar.handlers import BaseRouteHandler

from core.events.outbox import Subscriber
from core.services import Services


@dataclass(frozen=True, slots=True)
class Cron:
    """Work done every so many seconds by one worker at a time (`core.events.cron`). The database keeps the name."""

    name: str
    seconds: float
    run: Callable[[Services], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Daemon:
    """Work that goes on as long as the worker lives, started again if it fails. Each worker runs one."""

    name: str
    run: Callable[[Services], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Slice:
    """A slice's routes, subscribers and regular work."""

    name: str
    routes: list[BaseRouteHandler] = field(default_factory=list)
    subscribers: Sequence[Subscriber] = ()
    cron: list[Cron] = field(default_factory=list)
    daemons: list[Daemon] = field(default_factory=list)
