"""Brings a database to this version: its tables, the reference data that ships with us, and the record's index."""

from sqlalchemy.ext.asyncio import create_async_engine

from chart.record.search.indexing import ensure_indexed
from chart.reference import SETS
from core.database.engine import database_url
from core.database.migrate import migrate
from core.database.reference import ensure_loaded


async def bring_up(owner_url: str) -> str:
    """Run what is outstanding as the database's owner; the revision reached. Doing it twice does nothing."""
    revision = await migrate(owner_url)
    engine = create_async_engine(database_url(owner_url))
    try:
        await ensure_loaded(engine, SETS)
        await ensure_indexed(engine)
    finally:
        await engine.dispose()
    return revision
