"""followup: tables of the followup slice."""

from alembic import op

revision = "0008_followup"
down_revision = "0007_messaging"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
