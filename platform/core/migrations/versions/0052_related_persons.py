"""identity: who may act for a patient, and for whom a sign-in acts. Nothing asks it yet: it is filled first."""

from alembic import op

from core.migrations.helpers import leave_to_fill, protect, script

revision = "0052_related_persons"
down_revision = "0051_appointments_filled"
branch_labels = None
depends_on = None

# A row stays as history once it has ended. ONESELF is a patient's own account. `relationship` is of HL7's v3-RoleCode;
# `for_minor` ends the relation by itself when the patient comes of age.
TABLES = """
CREATE TABLE related_person (
    id uuid PRIMARY KEY,
    clinic_id uuid NOT NULL REFERENCES clinic (id),
    created_at timestamptz NOT NULL,
    patient_id uuid NOT NULL,
    account_id uuid,
    name text NOT NULL,
    birth_date date,
    phone text,
    email text,
    relationship text NOT NULL CHECK (relationship ~ '^[A-Z]{2,12}$'),
    scope text NOT NULL CHECK (scope IN ('full', 'scheduling', 'messages')),
    sees_restricted boolean NOT NULL DEFAULT false,
    for_minor boolean NOT NULL DEFAULT false,
    starts_at timestamptz NOT NULL,
    until timestamptz CHECK (until > starts_at),
    added_by uuid,
    add_reason text NOT NULL DEFAULT '',
    verified_at timestamptz,
    verified_by uuid,
    proof text,
    proof_note text NOT NULL DEFAULT '',
    ended_at timestamptz,
    ended_by uuid,
    ended_because text CHECK (ended_because IN ('staff', 'until', 'of_age')),
    end_reason text NOT NULL DEFAULT '',
    CHECK ((ended_at IS NULL) = (ended_because IS NULL)),
    CHECK (verified_at IS NULL OR relationship = 'ONESELF' OR (verified_by IS NOT NULL AND proof IS NOT NULL)),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id),
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id),
    FOREIGN KEY (clinic_id, added_by) REFERENCES account (clinic_id, id),
    FOREIGN KEY (clinic_id, verified_by) REFERENCES account (clinic_id, id),
    FOREIGN KEY (clinic_id, ended_by) REFERENCES account (clinic_id, id)
);
CREATE UNIQUE INDEX related_person_one ON related_person (account_id, patient_id)
    WHERE ended_at IS NULL AND account_id IS NOT NULL;
CREATE INDEX related_person_patient ON related_person (patient_id);
CREATE INDEX related_person_ends ON related_person (clinic_id)
    WHERE ended_at IS NULL AND (until IS NOT NULL OR for_minor);
CREATE UNIQUE INDEX related_person_oneself ON related_person (patient_id) WHERE relationship = 'ONESELF';

-- For whom a sign-in acts; empty until somebody with several patients has said it.
ALTER TABLE auth_session ADD COLUMN patient_id uuid;
"""

# An account that belongs to a patient in person acts for them, from whichever release it is made.
ONESELF = """
CREATE FUNCTION patient_acts_for_oneself() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO related_person (id, clinic_id, created_at, patient_id, account_id, name, relationship, scope,
                                sees_restricted, starts_at, verified_at)
    VALUES (gen_random_uuid(), NEW.clinic_id, now(), NEW.id, NEW.account_id,
            person_name(NEW.given, NEW.family, NEW.second, NEW.prefix, NEW.suffix, NEW.used_name),
            'ONESELF', 'full', true, '-infinity', now())
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER patient_acts_for_oneself AFTER INSERT ON patient
    FOR EACH ROW WHEN (NEW.account_id IS NOT NULL) EXECUTE FUNCTION patient_acts_for_oneself();
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLES)
    protect("related_person", grants="SELECT, INSERT, UPDATE")
    script(ONESELF)
    leave_to_fill("oneself")
    leave_to_fill("sessions")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
