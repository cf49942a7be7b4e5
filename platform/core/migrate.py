"""Brings a database to this version's tables."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from core.engine import database_url

_LOCK = 7_210_045
"""Advisory lock: two nodes started at once migrate one after the other."""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def head() -> str:
    """The newest revision that this version knows."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


async def current(connection: AsyncConnection) -> str:
    """The revision of a database, '' if it has none."""
    known = await connection.scalar(text("SELECT to_regclass('alembic_version')"))
    if known is None:
        return ""
    return str(await connection.scalar(text("SELECT version_num FROM alembic_version")) or "")


async def migrate(owner_url: str) -> str:
    """Run all outstanding migrations as the owner; the revision reached."""
    engine = create_async_engine(database_url(owner_url))
    try:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            await connection.commit()
            if await current(connection) != head():
                await connection.run_sync(_upgrade)
            await connection.commit()
            return await current(connection)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def migrate_now(owner_url: str) -> str:
    """``migrate`` for the command line."""
    return asyncio.run(migrate(owner_url))
