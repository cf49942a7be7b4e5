"""chart: a version of a record is seen by whoever sees the record, so also its sensitive ones have one rule."""

from alembic import op

revision = "0057_history_follows_record"
down_revision = "0056_adult_with_a_child"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # Row-level security holds inside a policy too: `record` has here what the reader may see of it (0048, 0053).
    op.execute(
        "CREATE POLICY with_record ON record_history AS RESTRICTIVE FOR SELECT TO carethread_app "
        "USING (EXISTS (SELECT FROM record r WHERE r.id = record_id))"
    )
    op.execute("DROP POLICY closed ON record_history")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
