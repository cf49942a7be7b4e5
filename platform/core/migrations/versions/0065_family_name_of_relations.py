"""identity: the family name of who stands beside a patient, apart: it is what they are asked for on a new device."""

from alembic import op

revision = "0065_family_name_of_relations"
down_revision = "0064_one_age_rule"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # Empty for who was added before, of whom the last word of the name is asked.
    op.execute("ALTER TABLE related_person ADD COLUMN family text")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
