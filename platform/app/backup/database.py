"""What a backup asks of PostgreSQL, and how a restored database takes its place."""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress

import asyncpg

from app.backup.place import within
from app.process.progress import SetupError
from app.process.roles import connect, ensure_roles

# Row-level security that would silently leave rows out becomes an error.
_SEE_ALL = "SET row_security = off"
_BOUND = """
SELECT current_user FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND row_security_active(oid) LIMIT 1
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
_HEAD = "SELECT batch || ':' || encode(chain, 'hex') FROM audit_seal ORDER BY batch DESC LIMIT 1"
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = $1 AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_NEWEST_XID = """
SELECT greatest((SELECT max(xid::text::bigint) FROM audit_event),
                (SELECT max(to_xid::text::bigint) FROM audit_seal), 0)
"""
_BURN = """
DO $$ BEGIN
    FOR turn IN 1..{count} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP;
END $$
"""
_BURNED_AT_ONCE = 500_000


async def server_version(connection: asyncpg.Connection) -> tuple[int, str]:
    """The server's major version, and how it calls itself."""
    number = int(await connection.fetchval("SHOW server_version_num"))
    return number // 10_000, str(await connection.fetchval("SHOW server_version"))


async def version_at(url: str) -> int:
    """The major version of a server."""
    connection = await connect(url)
    try:
        return (await server_version(connection))[0]
    finally:
        await connection.close()


async def see_all(connection: asyncpg.Connection) -> None:
    """From here on every row of every clinic is seen. Raises SetupError for a role that row-level security binds: its
    dump would have no rows, and nobody would notice."""
    await connection.execute(_SEE_ALL)
    if bound := await connection.fetchval(_BOUND):
        raise SetupError(
            f"CARETHREAD_OWNER_DATABASE_URL names {bound}, which sees one clinic at a time: a backup has to see "
            "all of them, so name the owner of the tables (carethread_owner)."
        )


async def revision_of(connection: asyncpg.Connection) -> str:
    """The newest migration that has run; '' for a database without tables."""
    if await connection.fetchval("SELECT to_regclass('public.alembic_version')") is None:
        return ""
    return str(await connection.fetchval("SELECT version_num FROM alembic_version") or "")


async def counts(connection: asyncpg.Connection) -> dict[str, int]:
    """How many rows each table has."""
    names = [row[0] for row in await connection.fetch(_TABLES)]
    return {name: await connection.fetchval(f'SELECT count(*) FROM public."{name}"') for name in names}  # noqa: S608 - the catalogue's own names


async def audit_head(connection: asyncpg.Connection) -> str:
    return str(await connection.fetchval(_HEAD) or "")


async def is_in_use(admin_url: str, name: str) -> bool:
    """Whether anybody stays connected to that database. Whoever has just left has a moment to be gone."""
    connection = await connect(admin_url)
    try:
        for _ in range(20):
            if not await connection.fetchval(_OTHERS, name):
                return False
            await asyncio.sleep(0.1)
        return True
    finally:
        await connection.close()


async def holds_a_clinic(admin_url: str, name: str) -> bool:
    """Whether that database is there and has anything in it: a clinic, or tables that are not ours."""
    connection = await connect(admin_url)
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            return False
    finally:
        await connection.close()
    connection = await connect(within(admin_url, name))
    try:
        tables = {row[0] for row in await connection.fetch(_TABLES)}
        if "clinic" not in tables:
            return bool(tables)
        return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM clinic)"))
    finally:
        await connection.close()


async def make_scratch(admin_url: str, scratch: str, owner_url: str, *other_urls: str) -> None:
    """The empty database `scratch`, which the URLs name, and their roles. One that a killed restore left goes first."""
    await drop(admin_url, scratch)
    await ensure_roles(admin_url, owner_url, *other_urls)


async def drop(admin_url: str, name: str) -> None:
    """Remove that database, if it is there."""
    connection = await connect(admin_url)
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{_plain(name)}" WITH (FORCE)')
    finally:
        await connection.close()


async def put_in_place(admin_url: str, scratch: str, name: str, aside: str) -> None:
    """Give `scratch` the name of the clinic's database, and the one that has it the name `aside`, both or neither.
    Raises SetupError when somebody is connected."""
    connection = await connect(admin_url)
    try:
        async with connection.transaction():
            if await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
                await connection.execute(f'ALTER DATABASE "{_plain(name)}" RENAME TO "{_plain(aside)}"')
            await connection.execute(f'ALTER DATABASE "{_plain(scratch)}" RENAME TO "{_plain(name)}"')
    except asyncpg.ObjectInUseError as error:
        raise SetupError(f"The database {name} is in use: stop api and worker first.") from error
    finally:
        await connection.close()


async def kept_aside(admin_url: str, name: str) -> list[str]:
    """The databases that earlier restores have put aside, the oldest first."""
    connection = await connect(admin_url)
    try:
        rows = await connection.fetch("SELECT datname FROM pg_database ORDER BY 1")
    finally:
        await connection.close()
    return [row[0] for row in rows if re.fullmatch(rf"{re.escape(name)}_before_\d+t\d+", row[0])]


async def pass_the_audits_ids(owner_url: str, note: Callable[[str], None]) -> int:
    """Use up transaction ids until those that the audit's records and seals name are past; how many.

    Seals cover ranges of ids, and in a new cluster ids begin low: inside ranges that are sealed, where new records
    would read as inserted. Doing nothing in so many transactions costs some 2 seconds a million.
    """
    connection = await connect(owner_url)
    try:
        await connection.execute("SET synchronous_commit = off")
        newest = await connection.fetchval(_NEWEST_XID)
        burned = 0
        while (left := newest + 1 - int(await connection.fetchval("SELECT pg_current_xact_id()::text"))) > 0:
            await connection.execute(_BURN.format(count=min(left, _BURNED_AT_ONCE)))
            burned += min(left, _BURNED_AT_ONCE)
            note(f"{left} transaction ids to pass")
        return burned
    finally:
        await connection.close()


async def analyze(owner_url: str) -> None:
    """Statistics for the planner, which a dump does not hold."""
    connection = await connect(owner_url)
    try:
        # The shared catalogs belong to the administrator: skipping them is a warning, and nothing is amiss.
        with suppress(asyncpg.InsufficientPrivilegeError):
            await connection.execute("ANALYZE")
    finally:
        await connection.close()


def _plain(name: str) -> str:
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", name):
        raise SetupError(f"The database is called {name!r}; use a-z, 0-9 and _ only.")
    return name
