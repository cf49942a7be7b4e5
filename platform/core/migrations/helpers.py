"""What every migration does to a table that belongs to a clinic."""

from collections.abc import Sequence
from uuid import UUID

from alembic import op
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

BATCH = 500
"""So many rows are filled in one transaction: whoever wants one of them waits for some milliseconds."""

PATIENCE_SECONDS = 60

_LOCK_NOT_AVAILABLE = "55P03"
_NONE_YET = UUID(int=0)


def protect(table: str, *, grants: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
    """Row-level security by clinic, and the application's grants.

    ``carethread_app`` sees the clinic that its transaction entered; ``carethread_system`` (relay, sealer, command
    line) sees all. Both own nothing.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY tenant ON {table} TO carethread_app "
        "USING (clinic_id = current_clinic()) WITH CHECK (clinic_id = current_clinic())"
    )
    op.execute(f"CREATE POLICY everything ON {table} TO carethread_system USING (true) WITH CHECK (true)")
    share(table, grants=grants)


def share(table: str, *, grants: str = "SELECT, INSERT, UPDATE, DELETE") -> None:
    """Grants alone, for tables without a clinic (terminology, the clinics themselves)."""
    op.execute(f"GRANT {grants} ON {table} TO carethread_app")
    op.execute(f"GRANT {grants} ON {table} TO carethread_system")


def script(statements: str) -> None:
    """Run several statements at once, in the migration's transaction (asyncpg prepares only single ones)."""
    op.execute("SELECT 1")  # the driver begins the transaction with its first statement
    connection = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda raw: raw.execute(statements))  # type: ignore[union-attr]  # asyncpg's adapter


def leave_to_fill(name: str) -> None:
    """Note that rows are still to be filled, by a revision that follows this one."""
    op.execute(f"CREATE TABLE unfilled_{name} ()")


def fill(name: str, table: str, statement: str, *, where: str = "true") -> None:
    """Fill the rows of a table, `BATCH` ids (`:ids`) at a time, each batch in a transaction of its own.

    The statement may meet rows that it has filled before: whoever is interrupted begins anew. A database without
    the note of `leave_to_fill` was filled by the one revision that this and the other were before, and stays as it is.
    """
    if op.get_bind().scalar(text(f"SELECT to_regclass('unfilled_{name}')")) is None:
        return
    following = text(f"SELECT id FROM {table} WHERE id > :after AND ({where}) ORDER BY id LIMIT {BATCH}")  # noqa: S608 - our words
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        connection.execute(text("SET lock_timeout = '1s'"))
        after = _NONE_YET
        while ids := connection.scalars(following, {"after": after}).all():
            _patiently(connection, statement, ids)
            after = ids[-1]
        connection.execute(text("RESET lock_timeout"))
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(f"DROP TABLE unfilled_{name}")


def _patiently(connection: Connection, statement: str, ids: Sequence[UUID]) -> None:
    """Run the statement, giving its rows back each second in which somebody else holds one of them."""
    for left in reversed(range(PATIENCE_SECONDS)):
        try:
            connection.execute(text(statement), {"ids": ids})
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") != _LOCK_NOT_AVAILABLE or not left:
                raise
        else:
            return
