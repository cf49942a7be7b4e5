"""identity: prescriptions want a second factor of at most an hour ago; what a clinic chose stays so for notes."""

from alembic import op

revision = "0009_step_up"
down_revision = "0008_followup"
branch_labels = None
depends_on = None

# Only clinics that chose have the setting at all: others follow the default.
CHOSEN = """
UPDATE clinic
SET settings = settings || jsonb_build_object(
    'note_step_up_minutes', settings -> 'step_up_minutes',
    'step_up_minutes', least((settings ->> 'step_up_minutes')::integer, 60)
)
WHERE settings ? 'step_up_minutes'
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(CHOSEN)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
