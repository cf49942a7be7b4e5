"""Locks by a name, for what is no row: how many there are of something, or a list as a whole."""

from sqlalchemy import func, select

from core.database.session import WriteSession


async def hold(write: WriteSession, name: str) -> None:
    """Be the one transaction that holds this name, until it ends."""
    await write.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
