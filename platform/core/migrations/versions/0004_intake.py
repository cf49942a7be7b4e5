"""intake: tables of the intake slice."""

from alembic import op

revision = "0004_intake"
down_revision = "0003_visits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
