"""followup: a task for two charts that may be of one person."""

from alembic import op

revision = "0021_duplicates"
down_revision = "0020_search_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE task DROP CONSTRAINT task_source_check")
    op.execute(
        "ALTER TABLE task ADD CONSTRAINT task_source_check CHECK (source IN ('plan', 'prescription', 'unconfirmed', "
        "'no_show', 'red_flag', 'manual', 'contact_disputed', 'not_me', 'duplicate'))"
    )


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
