"""followup: a task for whoever's check before the visit failed, which closes itself when one passes."""

from alembic import op

from core.migrations.helpers import script

revision = "0089_check_tasks"
down_revision = "0088_visit_checks"
branch_labels = None
depends_on = None

# What is there already holds the narrower checks, so nothing has to be looked at.
WORDS = """
ALTER TABLE task DROP CONSTRAINT task_source_check;
ALTER TABLE task ADD CONSTRAINT task_source_check CHECK (source IN ('plan', 'prescription', 'unconfirmed',
    'no_show', 'red_flag', 'manual', 'contact_disputed', 'not_me', 'duplicate', 'message', 'forgotten', 'emergency',
    'check')) NOT VALID;

ALTER TABLE task DROP CONSTRAINT task_closed_because_check;
ALTER TABLE task ADD CONSTRAINT task_closed_because_check
    CHECK (closed_because IN ('pharmacy_confirmed', 'admitted', 'visit_over', 'check_passed')) NOT VALID;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(WORDS)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
