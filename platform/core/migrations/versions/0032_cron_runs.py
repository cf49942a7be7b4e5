"""cron_run: when each kind of regular work last began and ended, so that several workers share its interval."""

from alembic import op

revision = "0032_cron_runs"
down_revision = "0031_timeline_steps"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE cron_run (
    name text PRIMARY KEY,
    started_at timestamptz NOT NULL,
    finished_at timestamptz,
    -- The type of what the last finished run raised; NULL when it went well.
    last_error text
)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(TABLE)
    op.execute("GRANT SELECT, INSERT, UPDATE ON cron_run TO carethread_system")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
