"""messaging, followup: a patient's yes to a red flag's question beside a message, and the threads it makes urgent."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0030_urgent_answers"
down_revision = "0029_call_keeps_session"
branch_labels = None
depends_on = None

# A row for each patient and rule: a second yes is the same danger, and its task is found again.
TABLES = """
CREATE TABLE urgent_answer (
    id uuid PRIMARY KEY,
    clinic_id uuid NOT NULL REFERENCES clinic (id),
    created_at timestamptz NOT NULL,
    patient_id uuid NOT NULL,
    thread_id uuid,
    rule text NOT NULL,
    level text NOT NULL CHECK (level IN ('emergency', 'urgent')),
    yes_at timestamptz NOT NULL,
    UNIQUE (clinic_id, patient_id, rule),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id),
    FOREIGN KEY (clinic_id, thread_id) REFERENCES thread (clinic_id, id)
);

ALTER TABLE thread ADD COLUMN urgent_at timestamptz;
CREATE INDEX thread_urgent ON thread (clinic_id, last_at) WHERE urgent_at IS NOT NULL;

ALTER TABLE task DROP CONSTRAINT task_source_check;
ALTER TABLE task ADD CONSTRAINT task_source_check CHECK (source IN ('plan', 'prescription', 'unconfirmed',
    'no_show', 'red_flag', 'manual', 'contact_disputed', 'not_me', 'duplicate', 'message'));
"""

# The same as before, with what a patient said yes to while writing, and the thread.
SHOWN = """
CREATE OR REPLACE FUNCTION shown_tasks(ids uuid[]) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(json_build_object(
               'id', t.id, 'patient_id', t.patient_id, 'patient_name', btrim(p.given || ' ' || p.family),
               'patient_birth_date', p.birth_date, 'patient_mrn', p.mrn, 'patient_phone', p.phone,
               'patient_language', p.language, 'patient_time_zone', p.time_zone, 'visit_id', t.visit_id,
               'source', t.source, 'kind', t.kind, 'title', t.title, 'detail', t.detail, 'due_at', t.due_at,
               'priority', t.priority, 'status', t.status, 'assignee_id', t.assignee_id, 'assignee_name', a.name,
               'tries', (SELECT count(*) FROM outreach o WHERE o.task_id = t.id), 'version', t.version,
               'created_at', t.created_at, 'closed_at', t.closed_at, 'outcome', t.outcome,
               'closed_because', t.closed_because, 'thread_id', u.thread_id,
               'red_flags', CASE WHEN t.source IN ('red_flag', 'no_show') THEN coalesce(
                   (SELECT v.red_flags FROM visit v WHERE v.id = t.visit_id), '[]')
                   WHEN u.id IS NOT NULL THEN jsonb_build_array(jsonb_build_object(
                       'code', u.rule, 'level', u.level, 'at', u.yes_at))
                   ELSE '[]' END
           ) ORDER BY listed.place), '[]')
      FROM unnest(ids) WITH ORDINALITY AS listed (id, place)
      JOIN task t ON t.id = listed.id
      JOIN patient p ON p.id = t.patient_id
      LEFT JOIN account a ON a.id = t.assignee_id
      LEFT JOIN urgent_answer u ON t.source = 'message' AND u.id = t.source_id
$$;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLES)
    script(SHOWN)
    protect("urgent_answer", grants="SELECT, INSERT, UPDATE")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
