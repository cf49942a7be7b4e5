"""identity: charts that are closed to whoever has no part in the care, and their openings with a reason."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0048_restricted_charts"
down_revision = "0047_rule_decisions"
branch_labels = None
depends_on = None

# `named` are the accounts to whom the chart stays open. A mark that was lifted, or is over, stays as history.
TABLES = """
CREATE TABLE chart_restriction (
    id uuid PRIMARY KEY,
    clinic_id uuid NOT NULL REFERENCES clinic (id),
    created_at timestamptz NOT NULL,
    patient_id uuid NOT NULL,
    why text NOT NULL CHECK (why IN ('staff', 'public_figure', 'patient_request')),
    reason text NOT NULL,
    named uuid[] NOT NULL,
    ends_at timestamptz NOT NULL,
    made_by uuid NOT NULL,
    lifted_at timestamptz,
    lifted_by uuid,
    lift_reason text,
    UNIQUE (clinic_id, id),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id),
    FOREIGN KEY (clinic_id, made_by) REFERENCES account (clinic_id, id),
    FOREIGN KEY (clinic_id, lifted_by) REFERENCES account (clinic_id, id)
);
CREATE UNIQUE INDEX chart_restriction_one ON chart_restriction (clinic_id, patient_id) WHERE lifted_at IS NULL;

CREATE TABLE chart_opening (
    id uuid PRIMARY KEY,
    clinic_id uuid NOT NULL REFERENCES clinic (id),
    created_at timestamptz NOT NULL,
    patient_id uuid NOT NULL,
    restriction_id uuid,
    account_id uuid NOT NULL,
    reason text NOT NULL,
    until timestamptz NOT NULL,
    reviewed_at timestamptz,
    reviewed_by uuid,
    review text,
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id),
    FOREIGN KEY (clinic_id, restriction_id) REFERENCES chart_restriction (clinic_id, id),
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id),
    FOREIGN KEY (clinic_id, reviewed_by) REFERENCES account (clinic_id, id)
);
CREATE INDEX chart_opening_of_account ON chart_opening (account_id, until);
CREATE INDEX chart_opening_of_patient ON chart_opening (patient_id, until);
CREATE INDEX chart_opening_newest ON chart_opening (clinic_id, created_at DESC, id DESC);
CREATE INDEX visit_just_finished ON visit (clinician_id, finished_at) WHERE status = 'finished';

-- A privacy officer is one of the staff.
ALTER TABLE account DROP CONSTRAINT account_roles_check;
ALTER TABLE account ADD CONSTRAINT account_roles_check CHECK (
    roles IN ('{patient}', '{guest}')
    OR (cardinality(roles) > 0 AND roles <@ '{clinician,coordinator,admin,privacy}')
);
DROP INDEX account_staff_email;
CREATE UNIQUE INDEX account_staff_email ON account (clinic_id, email)
    WHERE roles <@ '{clinician,coordinator,admin,privacy}';
"""

# The predicate. The functions run as the owner, because they look at visits, marks and openings for row-level security
# itself; `current_account()` is nobody for the system, before a sign-in, and on public pages.
PREDICATE = """
CREATE FUNCTION reached_patients() RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(found.patient_id), '{}') FROM (
        SELECT v.patient_id FROM visit v
         WHERE v.clinician_id = current_account() AND v.status = 'admitted'
         UNION
        SELECT v.patient_id FROM visit v
         WHERE v.clinician_id = current_account() AND v.status = 'finished'
           AND v.finished_at > now() - interval '1 hour'
         UNION
        SELECT o.patient_id FROM chart_opening o
         WHERE o.account_id = current_account() AND o.until > now()) AS found
$$;

CREATE FUNCTION closed_patients() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    me uuid := current_account();
    marked uuid[];
BEGIN
    IF me IS NULL THEN
        RETURN '{}';
    END IF;
    SELECT array_agg(r.patient_id) INTO marked FROM chart_restriction r
     WHERE r.clinic_id = current_clinic() AND r.lifted_at IS NULL AND r.ends_at > now() AND me <> ALL (r.named);
    IF marked IS NULL THEN
        RETURN '{}';
    END IF;
    RETURN coalesce((
        SELECT array_agg(m) FROM unnest(marked) AS m
         WHERE m <> ALL (reached_patients())
           AND NOT EXISTS (SELECT FROM patient p WHERE p.id = m AND p.account_id = me)), '{}');
END
$$;

CREATE FUNCTION closed_threads() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    closed uuid[] := closed_patients();
BEGIN
    IF closed = '{}' THEN
        RETURN closed;
    END IF;
    RETURN coalesce((SELECT array_agg(t.id) FROM thread t WHERE t.patient_id = ANY (closed)), '{}');
END
$$;

CREATE FUNCTION closed_notes() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    closed uuid[] := closed_patients();
BEGIN
    IF closed = '{}' THEN
        RETURN closed;
    END IF;
    RETURN coalesce((SELECT array_agg(n.id) FROM note n WHERE n.patient_id = ANY (closed)), '{}');
END
$$;

-- Whose chart closes this row to the reader; nobody's where it does not exist in this clinic.
CREATE FUNCTION closing_patient(kind text, row_id uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT found.patient_id FROM (
        SELECT n.patient_id FROM note n
         WHERE kind = 'note' AND n.id = row_id AND n.clinic_id = current_clinic()
         UNION ALL
        SELECT p.patient_id FROM prescription p
         WHERE kind = 'prescription' AND p.id = row_id AND p.clinic_id = current_clinic()) AS found
     WHERE found.patient_id = ANY (closed_patients())
$$;

-- Who may hear of a chart: where it is restricted, no role as a whole.
CREATE FUNCTION chart_audience(audience text[], of_patient uuid) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mark chart_restriction;
BEGIN
    IF of_patient IS NULL THEN
        RETURN audience;
    END IF;
    SELECT * INTO mark FROM chart_restriction r
     WHERE r.patient_id = of_patient AND r.lifted_at IS NULL AND r.ends_at > now();
    IF NOT FOUND THEN
        RETURN audience;
    END IF;
    RETURN ARRAY(
        SELECT each FROM unnest(audience) AS each WHERE each NOT LIKE 'role:%'
         UNION
        SELECT 'account:' || each FROM unnest(mark.named) AS each
         UNION
        SELECT 'account:' || v.clinician_id FROM visit v
         WHERE v.patient_id = of_patient AND v.clinician_id IS NOT NULL
           AND (v.status = 'admitted' OR v.finished_at > now() - interval '1 hour')
         UNION
        SELECT 'account:' || o.account_id FROM chart_opening o
         WHERE o.patient_id = of_patient AND o.until > now());
END
$$;

REVOKE ALL ON FUNCTION reached_patients, closed_patients, closed_threads, closed_notes, closing_patient,
    chart_audience FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reached_patients, closed_patients, closed_threads, closed_notes, closing_patient,
    chart_audience TO carethread_app;
GRANT EXECUTE ON FUNCTION chart_audience TO carethread_system;

-- The stamps of a prepared summary move whoever makes the change, also somebody to whom the chart is closed.
ALTER FUNCTION chart_changed() SECURITY DEFINER SET search_path = public, pg_temp;
ALTER FUNCTION chart_name_changed() SECURITY DEFINER SET search_path = public, pg_temp;
"""

# Row-level security beneath: what holds a chart's content is not there for whom it is closed. A visit, a task and a
# thread show in their lists that there is something, so these are closed by the code alone.
CLOSED = {
    "record": "patient_id",
    "record_history": "patient_id",
    "chart_summary": "patient_id",
    "note": "patient_id",
    "note_version": "note_id",
    "note_addendum": "note_id",
    "plan_item": "patient_id",
    "after_visit_summary": "patient_id",
    "prescription": "patient_id",
    "message": "thread_id",
    "outreach": "patient_id",
    "intake_form": "patient_id",
    "consent_record": "patient_id",
    "file": "patient_id",
}
_SETS = {"patient_id": "closed_patients", "note_id": "closed_notes", "thread_id": "closed_threads"}

# As in 0047; of a closed chart it shows whose task it is, its kind and its times.
SHOWN = """
CREATE OR REPLACE FUNCTION shown_tasks(ids uuid[]) RETURNS json LANGUAGE sql STABLE AS $$
    WITH closed AS MATERIALIZED (SELECT closed_patients() AS patients)
    SELECT coalesce(json_agg(json_build_object(
               'id', t.id, 'patient_id', t.patient_id, 'patient_name',
                   person_name(p.given, p.family, p.second, p.prefix, p.suffix, p.used_name),
               'patient_birth_date', p.birth_date, 'patient_mrn', p.mrn,
               'patient_phone', CASE WHEN o.readable THEN p.phone END,
               'patient_language', p.language, 'patient_time_zone', p.time_zone,
               'visit_id', t.visit_id, 'source', CASE WHEN o.readable THEN t.source ELSE 'manual' END, 'kind', t.kind,
               'title', CASE WHEN o.readable THEN t.title ELSE '' END,
               'detail', CASE WHEN o.readable THEN t.detail ELSE '' END, 'due_at', t.due_at,
               'priority', t.priority, 'status', t.status, 'assignee_id', t.assignee_id, 'assignee_name', a.name,
               'tries', (SELECT count(*) FROM outreach o WHERE o.task_id = t.id), 'version', t.version,
               'created_at', t.created_at, 'closed_at', t.closed_at,
               'outcome', CASE WHEN o.readable THEN t.outcome ELSE '' END,
               'closed_because', t.closed_because, 'thread_id', u.thread_id,
               'restricted', NOT o.readable,
               'red_flags', CASE WHEN NOT o.readable THEN '[]'
                   WHEN t.source IN ('red_flag', 'no_show') THEN coalesce(
                   (SELECT v.red_flags FROM visit v WHERE v.id = t.visit_id), '[]')
                   WHEN u.id IS NOT NULL THEN jsonb_build_array(jsonb_build_object(
                       'code', u.rule, 'level', u.level, 'at', u.yes_at,
                       'version', u.rule_version, 'because', u.because))
                   ELSE '[]' END
           ) ORDER BY listed.place), '[]')
      FROM closed, unnest(ids) WITH ORDINALITY AS listed (id, place)
      JOIN task t ON t.id = listed.id
      JOIN patient p ON p.id = t.patient_id
      LEFT JOIN account a ON a.id = t.assignee_id
      LEFT JOIN urgent_answer u ON t.source = 'message' AND u.id = t.source_id
     CROSS JOIN LATERAL (SELECT t.patient_id <> ALL (closed.patients) AS readable) AS o
$$;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLES)
    protect("chart_restriction", grants="SELECT, INSERT, UPDATE")
    protect("chart_opening", grants="SELECT, INSERT, UPDATE")
    script(PREDICATE)
    for table, column in CLOSED.items():
        op.execute(
            f"CREATE POLICY closed ON {table} AS RESTRICTIVE FOR SELECT TO carethread_app "
            f"USING ({column} <> ALL ((SELECT {_SETS[column]}())::uuid[]))"
        )
    script(SHOWN)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
