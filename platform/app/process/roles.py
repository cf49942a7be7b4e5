"""Makes the database and its three roles, from the URLs that the processes will use.

carethread_owner migrates and owns the tables; carethread_app serves, under row-level security; and
carethread_system carries the outbox and seals the audit. Which is allowed what is written in the migrations.
"""

import re
from urllib.parse import unquote, urlsplit

import asyncpg

from app.process.progress import SetupError

NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


async def ensure_roles(admin_url: str, owner_url: str, *other_urls: str) -> None:
    """Make the role that each URL names, with its password, and the database, owned by the first.

    `admin_url` names a role that may create roles. Roles that are there get the URL's password, so a changed
    password takes effect by changing the URL. Raises SetupError when it may not, or cannot be reached.
    """
    connection = await connect(admin_url)
    try:
        for url in (owner_url, *other_urls):
            await _ensure_role(connection, url)
        await _ensure_database(connection, admin_url, _database(owner_url), _user(owner_url))
        for url in other_urls:
            await connection.execute(f'GRANT CONNECT ON DATABASE "{_database(url)}" TO "{_user(url)}"')
    except asyncpg.InsufficientPrivilegeError as error:
        raise SetupError(
            f"The database role {_user(admin_url)} may not make Carethread's roles: {error}. Use one that has "
            "CREATEROLE and CREATEDB, or make the roles yourself and set all three URLs (docs/production.md)."
        ) from error
    finally:
        await connection.close()


async def connect(url: str) -> asyncpg.Connection:
    """Connect, or raise SetupError with one sentence that holds no password."""
    try:
        # Nothing is kept parsed: there may be a pooler, which has somebody else's statements.
        return await asyncpg.connect(url, timeout=10, statement_cache_size=0)
    except (OSError, asyncpg.PostgresError, ValueError) as error:
        where = urlsplit(url).hostname or "the local socket"
        raise SetupError(f"PostgreSQL at {where} cannot be reached as {_user(url)}: {error}.") from error


async def _ensure_role(connection: asyncpg.Connection, url: str) -> None:
    user = _user(url)
    password = unquote(urlsplit(url).password or "")
    there = await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", user)
    verb = "ALTER" if there else "CREATE"
    # A role is no value, so the server cannot bind it: format() quotes what NAME does not already rule out.
    statement = await connection.fetchval(
        f"SELECT format('{verb} ROLE %I LOGIN PASSWORD %L', $1::text, $2::text)",
        user,
        password,
    )
    await connection.execute(statement)


async def _ensure_database(connection: asyncpg.Connection, admin_url: str, name: str, owner: str) -> None:
    owned_by = await connection.fetchval(
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = $1", name
    )
    if owned_by == owner:
        return
    if owned_by is not None:
        return await _let_build(urlsplit(admin_url)._replace(path=f"/{name}").geturl(), name, owner)
    await connection.execute(f'GRANT "{owner}" TO CURRENT_USER')
    await connection.execute(f'CREATE DATABASE "{name}" OWNER "{owner}" TEMPLATE template0 ENCODING UTF8')
    await connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')


async def _let_build(admin_url: str, name: str, owner: str) -> None:
    """A database that came with its server belongs to somebody else, in whose `public` nobody may make tables."""
    connection = await connect(admin_url)
    try:
        await connection.execute(f'GRANT ALL ON DATABASE "{name}" TO "{owner}"')
        await connection.execute(f'GRANT ALL ON SCHEMA public TO "{owner}"')
    finally:
        await connection.close()


def _user(url: str) -> str:
    return _plain(unquote(urlsplit(url).username or ""), "role", url)


def _database(url: str) -> str:
    return _plain(unquote(urlsplit(url).path.lstrip("/")), "database", url)


def _plain(name: str, what: str, url: str) -> str:
    if not NAME.fullmatch(name):
        host = urlsplit(url).hostname or "the local socket"
        raise SetupError(f"The {what} in the PostgreSQL URL for {host} is {name!r}; use a-z, 0-9 and _ only.")
    return name
