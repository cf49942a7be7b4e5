"""Reference data that ships with a release and stands in tables, such as codes and medicines.

Each set is keyed by its content: a release with other content is loaded at the next start of an installation, whatever
its migrations, and equal content is not loaded twice. The tables are the same for every clinic and hold no PHI, so
they carry no clinic and the application may only read them.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine


@dataclass(frozen=True, slots=True)
class ReferenceSet:
    """One set: what tells its content from another (hex), how it is loaded, and which tables it fills."""

    name: str
    fingerprint: Callable[[], str]
    load: Callable[[asyncpg.Connection], Awaitable[None]]
    tables: tuple[str, ...]


async def ensure_loaded(owner: AsyncEngine, sets: Iterable[ReferenceSet]) -> list[str]:
    """Load the sets of which the tables hold other content or none; their names. May take some seconds.

    `owner` is the tables' owner: nobody else may write them. Of two processes that start together the second waits
    for the first and finds the work done. A set is loaded whole or not at all.
    """
    async with owner.connect() as connection:
        raw = await connection.get_raw_connection()
        driver: asyncpg.Connection = raw.driver_connection
        return [each.name for each in sets if await _load(driver, each)]


async def _load(driver: asyncpg.Connection, each: ReferenceSet) -> bool:
    async with driver.transaction():
        # Loading is no request: on a busy machine it takes as long as it takes, and so does waiting for another's load.
        await driver.execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        await driver.execute(
            "SELECT pg_advisory_xact_lock(hashtext('carethread reference ' || $1))", each.name
        )
        wanted = each.fingerprint()
        held = "SELECT fingerprint FROM terminology_release WHERE name = $1"
        if await driver.fetchval(held, each.name) == wanted:
            return False
        await each.load(driver)
        await driver.execute(
            "INSERT INTO terminology_release VALUES ($1, $2) "
            "ON CONFLICT (name) DO UPDATE SET fingerprint = excluded.fingerprint",
            each.name,
            wanted,
        )
    await driver.execute(f"ANALYZE {', '.join(each.tables)}")
    return True
