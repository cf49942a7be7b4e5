"""file: what each file of a patient is, whose, who may read it, and whether its bytes are to be deleted."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0043_files"
down_revision = "0042_urgent_no"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE file (
    id uuid PRIMARY KEY,
    clinic_id uuid NOT NULL REFERENCES clinic (id),
    created_at timestamptz NOT NULL,
    status text NOT NULL CHECK (status IN ('writing', 'kept', 'dropped', 'deleted')),
    purpose text NOT NULL CHECK (purpose IN ('after_visit_summary')),
    readers text NOT NULL CHECK (readers IN ('care_team', 'patient_and_care_team')),
    owner_id uuid,
    patient_id uuid NOT NULL,
    visit_id uuid,
    media_type text,
    size bigint CHECK (size >= 0),
    sha256 bytea CHECK (length(sha256) = 32),
    keep_until timestamptz,
    dropped_at timestamptz,
    deleted_at timestamptz,
    UNIQUE (clinic_id, id),
    FOREIGN KEY (clinic_id, owner_id) REFERENCES account (clinic_id, id),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id),
    FOREIGN KEY (clinic_id, visit_id) REFERENCES visit (clinic_id, id)
);
CREATE INDEX file_patient ON file (clinic_id, patient_id, created_at);
CREATE INDEX file_dropped ON file (id) WHERE status = 'dropped';
CREATE INDEX file_writing ON file (created_at) WHERE status = 'writing';
CREATE INDEX file_keep_until ON file (keep_until) WHERE status = 'kept' AND keep_until IS NOT NULL;
"""

# The PDFs that are there already. Their digest is not known; their size stands in the record.
SUMMARIES = """
INSERT INTO file (id, clinic_id, created_at, status, purpose, readers, owner_id, patient_id, visit_id, media_type, size)
SELECT s.blob_id, s.clinic_id, s.made_at, 'kept', 'after_visit_summary', 'patient_and_care_team', n.signed_by,
       s.patient_id, s.visit_id, 'application/pdf', (r.resource #>> '{content,0,attachment,size}')::bigint
  FROM after_visit_summary s JOIN note n ON n.id = s.note_id JOIN record r ON r.id = s.record_id;

-- An earlier release that still runs names a file without making its row.
CREATE FUNCTION summary_has_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO file (id, clinic_id, created_at, status, purpose, readers, patient_id, visit_id, media_type)
    VALUES (NEW.blob_id, NEW.clinic_id, NEW.made_at, 'kept', 'after_visit_summary', 'patient_and_care_team',
            NEW.patient_id, NEW.visit_id, 'application/pdf')
    ON CONFLICT DO NOTHING;
    RETURN NEW;
END $$;
CREATE TRIGGER summary_has_file BEFORE INSERT OR UPDATE OF blob_id ON after_visit_summary
    FOR EACH ROW EXECUTE FUNCTION summary_has_file();
ALTER TABLE after_visit_summary ADD CONSTRAINT after_visit_summary_file_fkey
    FOREIGN KEY (clinic_id, blob_id) REFERENCES file (clinic_id, id);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLE)
    protect("file", grants="SELECT, INSERT, UPDATE")
    script(SUMMARIES)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
