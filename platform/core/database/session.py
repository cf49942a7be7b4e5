"""Sessions as the slices see them, and the one transaction of a request or job.

A handler is given a ``ReadSession`` or a ``WriteSession`` and never commits: the edge does (architecture:
'a request or a job is one transaction'). Both know who acts, for which clinic, and what time it is.
"""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVarTuple, overload
from uuid import UUID

from redis.exceptions import RedisError
from sqlalchemy import Executable, Result, ScalarResult, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession
from sqlalchemy.sql.selectable import TypedReturnsRows

from core.actor import Actor, system_actor
from core.errors import NotFound
from core.ids import new_id
from core.live.numbering import LiveEvent, append
from core.services import Services
from core.subject import Subject

Ts = TypeVarTuple("Ts")

_NAME = text("SELECT set_config('carethread.account_id', :account, true)")


@dataclass(frozen=True, slots=True)
class LaterBody:
    """The body of an answer that is read after the transaction, piece by piece: a file. `size` where it is known."""

    size: int | None
    open: Callable[[], AsyncIterator[bytes]]


class ReadSession:
    """Queries within the request's transaction."""

    def __init__(self, unit: "Unit") -> None:
        self._unit = unit
        self._session = unit.session

    @property
    def actor(self) -> Actor:
        """Who acts. Raises RuntimeError on a public route, where nobody does."""
        if self._unit.actor is None:
            raise RuntimeError("no one is signed in on this route")
        return self._unit.actor

    @property
    def actor_or_none(self) -> Actor | None:
        return self._unit.actor

    @property
    def subject(self) -> Subject:
        """Who asks, and with what. Raises RuntimeError on a public route."""
        return Subject(self.actor)

    @property
    def clinic_id(self) -> UUID:
        """The clinic that row-level security lets this transaction see."""
        if self._unit.clinic_id is None:
            raise RuntimeError("no clinic was chosen for this transaction")
        return self._unit.clinic_id

    @property
    def request_id(self) -> str:
        return self._unit.request_id

    @property
    def services(self) -> Services:
        return self._unit.services

    def now(self) -> datetime:
        return self._unit.services.clock.now()

    @overload
    async def execute(  # type: ignore[overload-overlap]  # the narrower comes first
        self, statement: TypedReturnsRows[*Ts], params: Any = None
    ) -> Result[*Ts]: ...

    @overload
    async def execute(self, statement: Executable, params: Any = None) -> Result[Any]: ...

    async def execute(self, statement: Executable, params: Any = None) -> Result[Any]:
        return await self._session.execute(statement, params)

    async def scalars(self, statement: Executable, params: Any = None) -> ScalarResult[Any]:
        return await self._session.scalars(statement, params)

    async def scalar(self, statement: Executable, params: Any = None) -> Any:
        return await self._session.scalar(statement, params)

    async def one_or_none(self, statement: Executable, params: Any = None) -> Any:
        """The first column of the only row, or None."""
        return (await self._session.execute(statement, params)).scalar_one_or_none()

    async def one_or_not_found(self, statement: Executable, params: Any = None) -> Any:
        """The first column of the only row. Raises NotFound: what one may not see does not exist."""
        only = await self.one_or_none(statement, params)
        if only is None:
            raise NotFound
        return only

    async def connection(self) -> AsyncConnection:
        """The connection beneath, for hot reads that skip the ORM."""
        return await self._session.connection()

    def answer_later(self, body: LaterBody) -> None:
        """Send this as the answer's body once the transaction is over, instead of what the handler returns."""
        self._unit.later = body

    async def enter_clinic(self, clinic_id: UUID) -> None:
        """Let this transaction see one clinic's rows: for public pages and sign-in, before anyone is known."""
        await self._unit.enter_clinic(clinic_id)


class WriteSession(ReadSession):
    """Queries and changes within the request's transaction."""

    def add(self, row: object) -> None:
        """Add a row; its clinic and time are filled in if it has such columns and they are empty."""
        if hasattr(row, "clinic_id") and row.clinic_id is None:
            row.clinic_id = self.clinic_id
        if hasattr(row, "created_at") and row.created_at is None:
            row.created_at = self.now()
        self._session.add(row)

    def add_all(self, rows: Iterable[object]) -> None:
        for row in rows:
            self.add(row)

    async def delete(self, row: object) -> None:
        await self._session.delete(row)

    async def flush(self) -> None:
        await self._session.flush()

    async def refresh(self, row: object) -> None:
        await self._session.refresh(row)

    def publish(self, event: LiveEvent) -> None:
        """Use ``core.live.publish``."""
        self._unit.live.append(event)

    def wake(self, channel: str) -> None:
        """Publish on a Redis channel once this transaction is committed."""
        self._unit.wakes.add(channel)

    def act_as(self, actor: Actor) -> None:
        """From here on it is this person who acts: they have just signed in."""
        self._unit.adopt(actor)

    def keep_on_error(self) -> None:
        """Commit even if the answer is an error: for counting failed sign-ins and the like."""
        self._unit.keep = True

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Changes inside are undone alone if an exception leaves the block."""
        async with self._session.begin_nested():
            yield


class Unit:
    """The one transaction of a request or a job. Begins at first use."""

    def __init__(
        self, services: Services, session: AsyncSession, actor: Actor | None = None, request_id: str = ""
    ) -> None:
        self.services = services
        self.session = session
        self.actor = actor
        self.clinic_id: UUID | None = None
        self.request_id = request_id or str(new_id())
        self.live: list[LiveEvent] = []
        self.wakes: set[str] = set()
        self.keep = False
        self.idempotency: dict[str, object] | None = None
        self.later: LaterBody | None = None

    @property
    def read(self) -> ReadSession:
        return ReadSession(self)

    @property
    def write(self) -> WriteSession:
        return WriteSession(self)

    def adopt(self, actor: Actor) -> None:
        """Act as this person. The SQL function that authenticated them has already entered their clinic."""
        self.actor = actor
        self.clinic_id = actor.clinic_id

    async def enter_clinic(self, clinic_id: UUID) -> None:
        await self.session.execute(
            text("SELECT set_config('carethread.clinic_id', :clinic, true)"), {"clinic": str(clinic_id)}
        )
        self.clinic_id = clinic_id

    async def name(self, actor: Actor) -> None:
        """Tell the database who acts, as `authenticate()` does for a request (`current_account()`)."""
        if actor.account_id is not None:
            await self.session.execute(_NAME, {"account": str(actor.account_id)})

    async def commit(self) -> None:
        """Number the live events, commit, then wake who waits. Losing a wake-up costs a second, no data."""
        if self.live:
            await self.session.flush()
            await append(self.session, self.services.clock.now(), self.live)
            self.wakes.update(f"carethread:live:{event.clinic_id}" for event in self.live)
        await self.session.commit()
        await wake(self.services, self.wakes)

    async def rollback(self) -> None:
        await self.session.rollback()


async def wake(services: Services, channels: Iterable[str]) -> None:
    """Publish an empty message on each channel, best effort."""
    for channel in channels:
        try:
            await services.redis.publish(channel, b"")
        except (RedisError, OSError):
            return


@asynccontextmanager
async def open_unit(
    services: Services, actor: Actor | None = None, *, engine: AsyncEngine | None = None
) -> AsyncIterator[Unit]:
    """A transaction outside of HTTP: committed if the block ends well, else rolled back."""
    async with AsyncSession(engine or services.engine, expire_on_commit=False) as session:
        unit = Unit(services, session, actor)
        if actor is not None:
            await unit.enter_clinic(actor.clinic_id)
            await unit.name(actor)
        try:
            yield unit
            await unit.commit()
        except BaseException:
            await unit.rollback()
            raise


@asynccontextmanager
async def system_unit(services: Services, clinic_id: UUID) -> AsyncIterator[Unit]:
    """A transaction of the system for one clinic, under row-level security."""
    async with open_unit(services, system_actor(clinic_id)) as unit:
        yield unit


@asynccontextmanager
async def operator_unit(services: Services, clinic_id: UUID) -> AsyncIterator[Unit]:
    """A transaction of the operator at the server, whom row-level security does not hold to one clinic."""
    async with open_unit(services, system_actor(clinic_id), engine=services.system) as unit:
        yield unit
