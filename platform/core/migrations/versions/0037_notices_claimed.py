"""A notice is claimed before it leaves: by whom it is being sent, how often that was tried, when it is tried again."""

from alembic import op

from core.migrations.helpers import script

revision = "0037_notices_claimed"
down_revision = "0036_waiting_line"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE notification
    ADD COLUMN tries smallint NOT NULL DEFAULT 0,
    ADD COLUMN leased_until timestamptz,
    ADD COLUMN next_try_at timestamptz NOT NULL DEFAULT now(),
    DROP CONSTRAINT notification_status_check,
    ADD CONSTRAINT notification_status_check
        CHECK (status IN ('queued', 'sending', 'shown', 'sent', 'failed'));
CREATE INDEX notification_due ON notification (channel, next_try_at) WHERE status IN ('queued', 'sending');
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(COLUMNS)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
