"""core: two references that left out the clinic name it, so a row refers only to rows of its own clinic."""

from alembic import op

from core.migrations.helpers import script

revision = "0023_clinic_keys"
down_revision = "0022_shown"
branch_labels = None
depends_on = None

KEYS = """
ALTER TABLE refusal_window DROP CONSTRAINT refusal_window_account_id_fkey;
ALTER TABLE refusal_window ADD CONSTRAINT refusal_window_account_fkey
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id);

ALTER TABLE trusted_device ADD CONSTRAINT trusted_device_clinic_id_id_key UNIQUE (clinic_id, id);
ALTER TABLE auth_session DROP CONSTRAINT auth_session_trusted_device_id_fkey;
ALTER TABLE auth_session ADD CONSTRAINT auth_session_trusted_device_fkey
    FOREIGN KEY (clinic_id, trusted_device_id) REFERENCES trusted_device (clinic_id, id)
    ON DELETE SET NULL (trusted_device_id);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(KEYS)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
