"""Keeps slow work out of transactions: a network, a renderer or a file must never hold a connection.

Each engine notes the transactions that its connections begin, by task. Whatever talks to a network, renders or
reads a file calls ``require_none`` first, which raises while the task has a transaction open.
"""

from contextvars import ContextVar
from weakref import ref

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine

ONLY_A_LOCK = "carethread_only_a_lock"
"""The execution option of a connection whose transaction holds a lock while the work goes on, and nothing else."""

# Weak references to connections: one that was dropped in the middle of a transaction does not count for ever.
_begun: ContextVar[tuple[ref[Connection], ...]] = ContextVar("begun", default=())


class TransactionOpen(RuntimeError):
    """Slow work began while a transaction is open: ``core.events.outbox.slow_subscriber`` shows where it belongs."""

    def __init__(self, work: str) -> None:
        super().__init__(f"{work} while a transaction is open")


def watch(engine: AsyncEngine) -> AsyncEngine:
    """Note each transaction of this engine."""
    event.listen(engine.sync_engine, "begin", _note)
    return engine


def _note(connection: Connection) -> None:
    if connection.get_execution_options().get(ONLY_A_LOCK):
        return
    _begun.set((*filter(_is_open, _begun.get()), ref(connection)))


def _is_open(begun: ref[Connection]) -> bool:
    connection = begun()
    return connection is not None and not connection.closed and connection.in_transaction()


def require_none(work: str) -> None:
    """Raise TransactionOpen if this task, or the one that started it, has a transaction open."""
    if any(map(_is_open, _begun.get())):
        raise TransactionOpen(work)
