"""prescribing: which fields of a draft hold text that is no number, so that nobody signs what stood there before."""

from alembic import op

revision = "0017_unread"
down_revision = "0016_figures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE prescription ADD COLUMN unread text[] NOT NULL DEFAULT '{}'")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
