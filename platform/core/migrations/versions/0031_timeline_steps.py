"""Events of other slices that were still to become steps of a visit's timeline become them now.

A slice adds its steps itself, with the change. Only what the release before had not delivered yet is left to do.
"""

from alembic import op

revision = "0031_timeline_steps"
down_revision = "0030_urgent_answers"
branch_labels = None
depends_on = None

STEPS = """
INSERT INTO visit_step (id, clinic_id, created_at, visit_id, kind, at, ref)
SELECT uuidv7(), o.clinic_id, o.created_at, (o.ids->>'visit_id')::uuid, o.name, o.created_at,
       coalesce(o.ids->>'note_id', o.ids->>'task_id')::uuid
FROM outbox o
WHERE o.done_at IS NULL AND o.failed_at IS NULL AND o.ids ? 'visit_id'
  AND o.name IN ('intake.submitted', 'note.signed', 'note.addended', 'summary.ready', 'task.closed')
  AND NOT EXISTS (
      SELECT 1 FROM inbox i WHERE i.event_id = o.id AND i.subscriber = 'visits.step.' || o.name)
ORDER BY o.seq
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(STEPS)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
