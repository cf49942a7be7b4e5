"""visits: the adult who is with a child."""

from alembic import op

revision = "0056_adult_with_a_child"
down_revision = "0055_patients_end_relations"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # Empty for every visit of an adult, and for those of before.
    op.execute("ALTER TABLE visit ADD COLUMN adult jsonb")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
