"""followup: a task for whoever waits and is forgotten, which closes itself when somebody comes."""

from alembic import op

from core.migrations.helpers import script

revision = "0077_forgotten_visits"
down_revision = "0076_call_to_its_end"
branch_labels = None
depends_on = None

# What is there already holds the narrower checks, so nothing has to be looked at.
WORDS = """
ALTER TABLE task DROP CONSTRAINT task_source_check;
ALTER TABLE task ADD CONSTRAINT task_source_check CHECK (source IN ('plan', 'prescription', 'unconfirmed',
    'no_show', 'red_flag', 'manual', 'contact_disputed', 'not_me', 'duplicate', 'message', 'forgotten')) NOT VALID;

ALTER TABLE task DROP CONSTRAINT task_closed_because_check;
ALTER TABLE task ADD CONSTRAINT task_closed_because_check
    CHECK (closed_because IN ('pharmacy_confirmed', 'admitted', 'visit_over')) NOT VALID;
"""

# Such a task shows the red flags of its visit.
TASKS = """
DO $$
DECLARE
    was text := pg_get_functiondef('shown_tasks(uuid[])'::regprocedure);
    becomes text := replace(was, 't.source IN (''red_flag'', ''no_show'')',
                            't.source IN (''red_flag'', ''no_show'', ''forgotten'')');
BEGIN
    IF was = becomes THEN
        RAISE EXCEPTION 'shown_tasks() does not say of which tasks it shows red flags as it did';
    END IF;
    EXECUTE becomes;
END
$$;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(WORDS)
    script(TASKS)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
