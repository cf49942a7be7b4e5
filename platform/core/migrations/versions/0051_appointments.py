"""visits: an appointment and its history beside the visit; a clinician's days away and extra hours."""

from alembic import op

from core.migrations.helpers import leave_to_fill, protect, script

revision = "0051_appointments"
down_revision = "0050_visit_types"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE appointment (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    visit_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    slot_id uuid NOT NULL,
    reason_code text NOT NULL,
    status text NOT NULL CHECK (status IN ('booked', 'arrived', 'fulfilled', 'cancelled', 'noshow')),
    UNIQUE (clinic_id, id),
    UNIQUE (visit_id),
    FOREIGN KEY (clinic_id, visit_id) REFERENCES visit (clinic_id, id),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id),
    FOREIGN KEY (clinic_id, slot_id) REFERENCES slot (clinic_id, id)
);
CREATE INDEX appointment_of_patient ON appointment (patient_id);

CREATE TABLE appointment_step (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    appointment_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('booked', 'moved', 'arrived', 'fulfilled', 'cancelled', 'noshow')),
    at timestamptz NOT NULL,
    account_id uuid,
    clinician_id uuid,
    starts_at timestamptz,
    ends_at timestamptz,
    CHECK ((starts_at IS NULL) = (ends_at IS NULL)),
    FOREIGN KEY (clinic_id, appointment_id) REFERENCES appointment (clinic_id, id),
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id),
    FOREIGN KEY (clinic_id, clinician_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX appointment_step_of_appointment ON appointment_step (appointment_id, at, id);

CREATE TABLE availability_exception (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    clinician_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('away', 'extra')),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    slot_minutes smallint CHECK (slot_minutes BETWEEN 5 AND 120),
    CHECK (ends_at > starts_at),
    CHECK ((kind = 'extra') = (slot_minutes IS NOT NULL)),
    FOREIGN KEY (clinic_id, clinician_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX availability_exception_time ON availability_exception (clinic_id, ends_at);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLES)
    protect("appointment", grants="SELECT, INSERT, UPDATE")
    protect("appointment_step", grants="SELECT, INSERT")
    protect("availability_exception", grants="SELECT, INSERT, DELETE")
    leave_to_fill("appointments")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
