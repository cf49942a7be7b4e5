"""identity, chart: notes that are marked sensitive are closed to whoever has no part in the care."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0053_sensitive_notes"
down_revision = "0052_related_persons_switched"
branch_labels = None
depends_on = None

# A note is one a visit. `category` is empty once the mark was taken back; the audit says when, and not which.
TABLE = """
CREATE TABLE sensitive_note (
    visit_id uuid PRIMARY KEY,
    clinic_id uuid NOT NULL REFERENCES clinic (id),
    note_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    category text CHECK (category IN ('mental_health', 'sexual_health', 'substance_use')),
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL,
    UNIQUE (note_id),
    FOREIGN KEY (clinic_id, visit_id) REFERENCES visit (clinic_id, id),
    FOREIGN KEY (clinic_id, note_id) REFERENCES note (clinic_id, id),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id),
    FOREIGN KEY (clinic_id, changed_by) REFERENCES account (clinic_id, id)
);
CREATE INDEX sensitive_note_of_patient ON sensitive_note (patient_id) WHERE category IS NOT NULL;
CREATE TRIGGER sensitive_note_changes_chart AFTER INSERT OR UPDATE ON sensitive_note
    FOR EACH ROW EXECUTE FUNCTION chart_changed();
"""

# The predicate. It looks at one visit, because a clinic may have many sensitive notes where it has few restricted
# charts; COST 1 leaves the plans of queries as they are, since nearly every call ends at an index without a row.
PREDICATE = """
CREATE FUNCTION closed_visit(of_visit uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER COST 1 SET search_path = public, pg_temp AS $$
DECLARE
    me uuid := current_account();
    mark sensitive_note;
BEGIN
    IF of_visit IS NULL OR me IS NULL THEN
        RETURN false;
    END IF;
    SELECT * INTO mark FROM sensitive_note s WHERE s.visit_id = of_visit AND s.category IS NOT NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    RETURN NOT (
        EXISTS (SELECT FROM note n WHERE n.id = mark.note_id AND me IN (n.author_id, n.signed_by))
        OR mark.patient_id = ANY (reached_patients())
        OR EXISTS (SELECT FROM chart_restriction r
                    WHERE r.patient_id = mark.patient_id AND r.lifted_at IS NULL AND r.ends_at > now()
                      AND me = ANY (r.named))
        OR EXISTS (SELECT FROM patient p WHERE p.id = mark.patient_id AND p.account_id = me)
        OR EXISTS (SELECT FROM related_person r
                    WHERE r.account_id = me AND r.patient_id = mark.patient_id AND r.sees_restricted
                      AND relation_acts(r, now())));
END
$$;

-- A patient, or who acts for one.
CREATE FUNCTION on_patients_side() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM account a WHERE a.id = current_account() AND a.roles = '{patient}')
$$;

CREATE FUNCTION closed_note(of_note uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER COST 1 SET search_path = public, pg_temp AS $$
    SELECT coalesce((SELECT closed_visit(s.visit_id) FROM sensitive_note s WHERE s.note_id = of_note), false)
$$;

-- Of a note that is sensitive, too, whose chart closes it to the reader.
CREATE OR REPLACE FUNCTION closing_patient(kind text, row_id uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT found.patient_id FROM (
        SELECT n.patient_id, n.visit_id FROM note n
         WHERE kind = 'note' AND n.id = row_id AND n.clinic_id = current_clinic()
         UNION ALL
        SELECT p.patient_id, NULL FROM prescription p
         WHERE kind = 'prescription' AND p.id = row_id AND p.clinic_id = current_clinic()) AS found
     WHERE found.patient_id = ANY (closed_patients()) OR closed_visit(found.visit_id)
$$;

REVOKE ALL ON FUNCTION closed_visit, closed_note, on_patients_side FROM PUBLIC;
GRANT EXECUTE ON FUNCTION closed_visit, closed_note, on_patients_side TO carethread_app, carethread_system;
"""

# Row-level security beneath, as for restricted charts: what holds the note's words is not there for whom it is closed.
CLOSED = {
    "note": "NOT closed_visit(visit_id)",
    "note_version": "NOT closed_note(note_id)",
    "note_addendum": "NOT closed_note(note_id)",
    "plan_item": "NOT closed_visit(visit_id)",
    "after_visit_summary": "NOT closed_visit(visit_id)",
    "intake_form": "NOT closed_visit(visit_id)",
    "file": "NOT closed_visit(visit_id)",
    # The problem list is for everybody's safety; what was answered before that visit, and diagnosed
    # in it alone, are the note's words.
    "record": "(resource_type <> 'QuestionnaireResponse' AND category IS DISTINCT FROM 'encounter-diagnosis' "
    "AND NOT (SELECT on_patients_side())) OR NOT closed_visit(visit_id)",
    # The care team sees every medicine; to a parent, a prescription tells what the visit was about.
    "prescription": "NOT (SELECT on_patients_side()) OR NOT closed_visit(visit_id)",
}

# A task of a sensitive visit shows whose it is, its kind and its times, as one of a closed chart does.
TASKS = """
DO $$
DECLARE
    was text := pg_get_functiondef('shown_tasks(uuid[])'::regprocedure);
    becomes text := replace(was, 't.patient_id <> ALL (closed.patients)',
                            't.patient_id <> ALL (closed.patients) AND NOT closed_visit(t.visit_id)');
BEGIN
    IF was = becomes THEN
        RAISE EXCEPTION 'shown_tasks() does not say what is readable as it did';
    END IF;
    EXECUTE becomes;
END
$$;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLE)
    protect("sensitive_note", grants="SELECT, INSERT, UPDATE")
    script(PREDICATE)
    for table, shown in CLOSED.items():
        op.execute(
            f"CREATE POLICY sensitive ON {table} AS RESTRICTIVE FOR SELECT TO carethread_app USING ({shown})"
        )
    script(TASKS)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
