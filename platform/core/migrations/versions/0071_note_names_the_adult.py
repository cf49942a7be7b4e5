"""chart: the line about the adult with a child, as the note was given it."""

from alembic import op

revision = "0071_note_names_the_adult"
down_revision = "0070_contacts_and_identifiers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE note ADD COLUMN adult_line text")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
