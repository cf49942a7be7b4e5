"""messaging: a patient's no to a red flag's question is kept, so that their words are not taken for a danger."""

from alembic import op

from core.migrations.helpers import script

revision = "0042_urgent_no"
down_revision = "0041_account_guards"
branch_labels = None
depends_on = None

NO_TOO = """
ALTER TABLE urgent_answer
    ALTER COLUMN yes_at DROP NOT NULL,
    ADD COLUMN no_at timestamptz,
    ADD CONSTRAINT urgent_answer_says_something CHECK (yes_at IS NOT NULL OR no_at IS NOT NULL);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(NO_TOO)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
