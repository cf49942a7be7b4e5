"""What an operator set aside of notices, and what the application may see of regular work: which of it fails."""

from alembic import op

from core.migrations.helpers import script

revision = "0044_stuck_work"
down_revision = "0043_files"
branch_labels = None
depends_on = None

STATEMENTS = """
ALTER TABLE notification ADD COLUMN set_aside_at timestamptz;
CREATE INDEX notification_to_look_at ON notification (clinic_id, created_at)
    WHERE status = 'failed' AND set_aside_at IS NULL;
CREATE INDEX outbox_of_clinic ON outbox (clinic_id, seq) WHERE done_at IS NULL;
GRANT SELECT ON cron_run TO carethread_app;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(STATEMENTS)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
