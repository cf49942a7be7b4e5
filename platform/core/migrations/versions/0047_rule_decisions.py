"""messaging, followup: a patient's yes keeps which version of the rule asked, and why the clinic is told."""

from alembic import op

from core.migrations.helpers import script

revision = "0047_rule_decisions"
down_revision = "0046_name_parts"
branch_labels = None
depends_on = None

DECISIONS = "ALTER TABLE urgent_answer ADD COLUMN rule_version int, ADD COLUMN because jsonb;"

# The same as before, with the version and the reason.
SHOWN = """
CREATE OR REPLACE FUNCTION shown_tasks(ids uuid[]) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(json_build_object(
               'id', t.id, 'patient_id', t.patient_id,
               'patient_name', person_name(p.given, p.family, p.second, p.prefix, p.suffix, p.used_name),
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
                       'code', u.rule, 'level', u.level, 'at', u.yes_at,
                       'version', u.rule_version, 'because', u.because))
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
    script(DECISIONS)
    script(SHOWN)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
