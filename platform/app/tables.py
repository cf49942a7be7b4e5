"""Brings a database to this version: its tables, then the code tables that ship with us."""

from sqlalchemy.ext.asyncio import create_async_engine

from chart.terminology.loading import ensure_loaded
from core.engine import database_url
from core.migrate import migrate


async def bring_up(owner_url: str) -> str:
    """Run what is outstanding as the database's owner; the revision reached. Doing it twice does nothing."""
    revision = await migrate(owner_url)
    engine = create_async_engine(database_url(owner_url))
    try:
        await ensure_loaded(engine)
    finally:
        await engine.dispose()
    return revision
