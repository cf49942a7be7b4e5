"""What every migration does to a table that belongs to a clinic."""

from alembic import op


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
