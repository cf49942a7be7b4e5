"""prescribing: tables of the prescribing slice."""

from alembic import op

revision = "0006_prescribing"
down_revision = "0005_chart"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
