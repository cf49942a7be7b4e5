"""Connections to PostgreSQL."""

from contextlib import suppress
from typing import Any

from asyncpg import PostgresError
from sqlalchemy import URL, AdaptedConnection, Select, event, make_url
from sqlalchemy.dialects.postgresql.asyncpg import PGCompiler_asyncpg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from core.config import NotGiven, Settings, SettingsError
from core.database.pool import FairPool
from core.database.pooler import through_pooler
from core.json import decode, encode_text
from core.open_transactions import watch

PREPARED_STATEMENTS = 500
"""How many statements each connection keeps parsed. The API has several hundred: with SQLAlchemy's 100, a busy
connection forgets them and has them parsed again and again."""

LIMITS = {
    "jit": "off",
    "statement_timeout": "15000",
    "lock_timeout": "10000",
    "idle_in_transaction_session_timeout": "30000",
}
"""What PostgreSQL is told for each connection."""


class _Compiler(PGCompiler_asyncpg):
    """Writes a page's size into the statement.

    PostgreSQL takes a size that is a parameter to be a tenth of all rows, so it plans such a statement anew each time:
    0.9 ms instead of 0.4 for a page of 30 conversations among 30,000.
    """

    def limit_clause(self, select: Select[Any], **options: Any) -> str:
        written: str = super().limit_clause(  # type: ignore[no-untyped-call] # SQLAlchemy has no types for it
            select, **options | {"literal_execute": True}
        )
        return written


def database_url(text: str) -> URL:
    """The URL for SQLAlchemy's asyncpg driver, from any usual PostgreSQL URL."""
    return make_url(text).set(drivername="postgresql+asyncpg")


UNBOUND = """
SELECT r.rolsuper OR r.rolbypassrls OR EXISTS (
    SELECT FROM pg_class c
     WHERE c.relrowsecurity AND NOT c.relforcerowsecurity AND pg_has_role(current_user, c.relowner, 'USAGE'))
  FROM pg_roles r WHERE r.rolname = current_user
"""
"""Whether row-level security does not bind whoever is connected: as a superuser, or as the tables' owner."""


class Unbound(SettingsError):
    """The application would see all clinics at once, and nobody would notice."""

    def __init__(self) -> None:
        super().__init__(
            "DATABASE_URL names a role that row-level security does not bind (a superuser, or the owner of the "
            "tables): give it one like carethread_app (see docs/production.md)."
        )


def make_bound_engine(url: str, settings: Settings) -> AsyncEngine:
    """The same for serving: every connection is checked to be under row-level security. Connecting raises Unbound."""
    engine = make_engine(url, settings)

    def check(connection: AdaptedConnection, record: object) -> None:
        if connection.run_async(lambda driver: driver.fetchval(UNBOUND)):
            raise Unbound

    event.listen(engine.sync_engine, "connect", check)
    return engine


async def check_bound(engine: AsyncEngine) -> None:
    """Raise Unbound at the start of a process, not at its first request. A database that is away is asked later."""
    with suppress(OSError, TimeoutError, PostgresError, SQLAlchemyError):
        async with engine.connect():
            pass


def no_engine(name: str) -> AsyncEngine:
    """In the place of a database address that this process is not given. Connecting raises NotGiven."""

    async def refuse() -> Any:
        raise NotGiven(name)

    return create_async_engine("postgresql+asyncpg://", async_creator=refuse)


def make_engine(url: str, settings: Settings) -> AsyncEngine:
    """A pool with a bounded wait: a starved request gets a 503 after a few seconds instead of hanging."""
    engine = watch(
        create_async_engine(
            database_url(url),
            poolclass=FairPool,
            pool_size=settings.pool_size,
            max_overflow=0,
            pool_timeout=settings.pool_wait_seconds,
            pool_recycle=1800,
            pool_pre_ping=False,
            pool_use_lifo=True,
            json_serializer=encode_text,
            json_deserializer=decode,
            connect_args=_connecting(settings),
        )
    )
    engine.sync_engine.dialect.statement_compiler = _Compiler
    return engine


def _connecting(settings: Settings) -> dict[str, Any]:
    """What SQLAlchemy and asyncpg are told for each connection."""
    if settings.transaction_pooling:
        return {
            **through_pooler("carethread", LIMITS),
            "prepared_statement_cache_size": 0,
            # Without a name, a statement is parsed along with its execution, wherever that happens.
            "prepared_statement_name_func": str,
        }
    return {
        "timeout": 5,
        "prepared_statement_cache_size": PREPARED_STATEMENTS,
        "server_settings": {"application_name": "carethread", **LIMITS},
    }
