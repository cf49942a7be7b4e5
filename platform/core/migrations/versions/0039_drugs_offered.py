"""drug.offered: a medicine that a later release drops stays for its prescriptions, and is not offered any more."""

from alembic import op

revision = "0039_drugs_offered"
down_revision = "0038_verbatim_follows"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE drug ADD COLUMN offered boolean NOT NULL DEFAULT true")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
