"""followup: tasks that an emergency call makes."""

from alembic import op

revision = "0084_emergency_tasks"
down_revision = "0080_call_history"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("ALTER TABLE task DROP CONSTRAINT task_source_check")
    # Checked for what is written from now on; all that is there obeys the narrower list.
    op.execute(
        "ALTER TABLE task ADD CONSTRAINT task_source_check CHECK (source IN ('plan', 'prescription', 'unconfirmed', "
        "'no_show', 'red_flag', 'manual', 'contact_disputed', 'not_me', 'duplicate', 'message', 'forgotten', "
        "'emergency')) NOT VALID"
    )


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
