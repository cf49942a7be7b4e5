"""The columns that hold something sealed: with which keys, and whether the keys at hand open it."""

import asyncpg

from app.process.progress import SetupError
from core.crypto import CannotOpen, Keyring

# Table, column, and the context that ties a value to its row, as SQL: the same as where it is sealed.
COLUMNS = (
    ("authenticator", "secret", "'account:' || account_id || ':totp'"),
    ("authenticator", "pending", "'account:' || account_id || ':totp'"),
    ("one_time_code", "sealed", "'one-time-code:' || id"),
    ("invite", "sealed", "'invite:' || id"),
    ("notification", "sealed", "'notification:' || id"),
    ("visit_guest", "sealed", "'visit-guest:' || id"),
    ("phone_leg", "number", "'phone_leg:' || id || ':number'"),
    ("script_message", "sealed", "'script_message:' || id"),
    ("idempotency_key", "sealed_body", "'idempotency:' || clinic_id || ':' || account_id || ':' || key"),
    ("audit_event", "sought", "'audit:' || clinic_id || ':' || request_id"),
)
_THERE = """
SELECT true FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 AND column_name = $2
"""
_ID = slice(1, 5)


def key_of(sealed: bytes) -> str:
    """The id of the key that sealed it."""
    return sealed[_ID].hex()


async def keys_in(connection: asyncpg.Connection) -> set[str]:
    """The ids of all keys with which something in the database is sealed."""
    return {key_of(sealed) for _, sealed, _ in await _one_of_each(connection)}


async def open_each(connection: asyncpg.Connection, keyring: Keyring) -> int:
    """Open one value of every column and key that we have; how many. Raises SetupError for one that does not open."""
    opened = 0
    for where, sealed, context in await _one_of_each(connection):
        if key_of(sealed) not in keyring.ids:
            continue
        try:
            keyring.open(sealed, context)
        except CannotOpen:
            raise SetupError(
                f"What is sealed in {where} does not open with its key {key_of(sealed)}."
            ) from None
        opened += 1
    return opened


async def _one_of_each(connection: asyncpg.Connection) -> list[tuple[str, bytes, str]]:
    """Of every column one value for each key: where, the value, its context."""
    found = []
    for table, column, context in COLUMNS:
        # An older backup does not have the newest columns.
        if not await connection.fetchval(_THERE, table, column):
            continue
        rows = await connection.fetch(
            f"SELECT DISTINCT ON (substring({column} FROM 2 FOR 4)) {column}, {context} FROM {table} "  # noqa: S608 - constants only
            f"WHERE {column} IS NOT NULL ORDER BY substring({column} FROM 2 FOR 4)"
        )
        found += [(f"{table}.{column}", bytes(row[0]), str(row[1])) for row in rows]
    return found
