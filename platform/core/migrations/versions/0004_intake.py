"""intake: one form a visit, and what the patient agreed to, word for word."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0004_intake"
down_revision = "0003_visits"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE intake_form (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    visit_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    step text NOT NULL,
    language text NOT NULL CHECK (language IN ('en', 'es')),
    questionnaire text NOT NULL,
    draft jsonb NOT NULL,
    flags jsonb NOT NULL DEFAULT '[]',
    saved_at timestamptz NOT NULL,
    submitted_at timestamptz,
    UNIQUE (visit_id),
    FOREIGN KEY (clinic_id, visit_id) REFERENCES visit (clinic_id, id),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id)
);

-- What was shown stays as it was shown, whatever the clinic publishes later.
CREATE TABLE consent_record (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    visit_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    version integer NOT NULL,
    language text NOT NULL CHECK (language IN ('en', 'es')),
    text text NOT NULL,
    text_hash text NOT NULL CHECK (text_hash ~ '^[0-9a-f]{64}$'),
    signature text NOT NULL,
    agreed_at timestamptz NOT NULL,
    UNIQUE (visit_id),
    FOREIGN KEY (clinic_id, visit_id) REFERENCES visit (clinic_id, id),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id)
);
CREATE INDEX consent_record_of_patient ON consent_record (patient_id, agreed_at DESC);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLES)
    protect("intake_form", grants="SELECT, INSERT, UPDATE")
    protect("consent_record", grants="SELECT, INSERT")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
