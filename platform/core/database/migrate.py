"""Brings a database to this version's tables."""

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from core.database.engine import database_url
from core.migrations import FOLDER, head

_LOCK = 7_210_045
"""Advisory lock: two nodes started at once migrate one after the other."""


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
            is_outdated = await current(connection) != head()
            # In a transaction that is open already, all revisions would be one, with the locks of all.
            await connection.commit()
            if is_outdated:
                await connection.run_sync(_upgrade)
            await connection.commit()
            return await current(connection)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    # Loading alembic takes most of a second, and the API only asks for `current`.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
