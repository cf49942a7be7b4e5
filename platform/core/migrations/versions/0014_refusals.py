"""refusal_window: what an account was refused within an hour, so probing is noticed and does not fill the audit."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0014_refusals"
down_revision = "0013_second_person"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE refusal_window (
    clinic_id uuid NOT NULL REFERENCES clinic,
    account_id uuid NOT NULL REFERENCES account,
    began_at timestamptz NOT NULL,
    refused integer NOT NULL,
    targets bigint[] NOT NULL,
    alerted_at timestamptz,
    PRIMARY KEY (clinic_id, account_id, began_at)
);
CREATE INDEX refusal_window_age ON refusal_window (began_at);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLES)
    protect("refusal_window")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
