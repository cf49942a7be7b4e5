"""chart: an index of what was entered in error, which a chart lists; the other of a patient's records has none."""

from alembic import op

revision = "0069_record_in_error"
down_revision = "0068_codes_that_count"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # Made while others write; what an interrupted try has left is made anew.
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS record_in_error")
        op.execute(
            "CREATE INDEX CONCURRENTLY record_in_error ON record (patient_id, updated_at DESC, id DESC) "
            "WHERE in_error"
        )


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
