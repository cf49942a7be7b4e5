"""chart: an index of the hot codes of one chart. No row is in it yet (0066), so making it is one look at the table."""

from alembic import op

from core.migrations.helpers import leave_to_fill

revision = "0067_tokens_by_patient"
down_revision = "0066_tokens_of_patient"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "CREATE INDEX record_token_of_patient ON record_token (patient_id, token, low DESC NULLS LAST, record_id DESC) "
        "WHERE patient_id IS NOT NULL"
    )
    leave_to_fill("codes_that_count")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
