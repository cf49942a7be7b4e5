"""chart: the text of a resource that has a number which JSONB writes in another way (`1.0E+2`, `-0.0`)."""

from alembic import op

revision = "0033_verbatim"
down_revision = "0032_cron_runs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE record ADD COLUMN verbatim text")
    op.execute("ALTER TABLE record_history ADD COLUMN verbatim text")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
