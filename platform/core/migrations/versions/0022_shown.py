"""audit_event: every patient whom a list showed, and what was looked for."""

from alembic import op

from core.migrations.helpers import script

revision = "0022_shown"
down_revision = "0021_duplicates"
branch_labels = None
depends_on = None

# `patient_id` is the one patient whom a row is about; `patients` are those whom a list or a file showed.
SHOWN = """
ALTER TABLE audit_event ADD COLUMN patients uuid[], ADD COLUMN sought bytea;
CREATE INDEX ix_audit_event_patients ON audit_event USING gin (patients) WHERE patients IS NOT NULL;
GRANT INSERT (patients, sought) ON audit_event TO carethread_app, carethread_system;

-- Row-level security keeps `&&` from the index, because it is not leakproof: the whole trail would be read. So the
-- lookup runs as the owner, and names the clinic itself. A patient whom the row is also about is found by `patient_id`.
CREATE FUNCTION audit_showing(whom uuid[]) RETURNS SETOF audit_event
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT e.* FROM audit_event e
     WHERE e.clinic_id = current_clinic() AND e.patients && whom
       AND (e.patient_id IS NULL OR e.patient_id <> ALL (whom))
$$;
REVOKE ALL ON FUNCTION audit_showing FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_showing TO carethread_app;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(SHOWN)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
