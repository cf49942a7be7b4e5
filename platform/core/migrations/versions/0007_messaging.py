"""messaging: tables of the messaging slice."""

from alembic import op

revision = "0007_messaging"
down_revision = "0006_prescribing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
