"""chart: the line about the guests of a visit, as the note was given it."""

from alembic import op

revision = "0086_note_names_who_was_present"
down_revision = "0085_visit_guests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE note ADD COLUMN present_line text")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
