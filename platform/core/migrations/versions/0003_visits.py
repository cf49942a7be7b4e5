"""visits: the visit and its thread, call attempts, working hours and taken slots."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0003_visits"
down_revision = "0002_identity"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE working_hours (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    clinician_id uuid NOT NULL,
    weekday smallint NOT NULL CHECK (weekday BETWEEN 0 AND 6),
    starts time NOT NULL,
    ends time NOT NULL,
    slot_minutes smallint NOT NULL CHECK (slot_minutes BETWEEN 5 AND 120),
    FOREIGN KEY (clinic_id, clinician_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX working_hours_clinician ON working_hours (clinic_id, clinician_id, weekday, starts);

-- Of any number of people who race for a clinician's time, the exclusion constraint lets one in.
CREATE TABLE slot (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    clinician_id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    released_at timestamptz,
    CHECK (ends_at > starts_at),
    UNIQUE (clinic_id, id),
    FOREIGN KEY (clinic_id, clinician_id) REFERENCES account (clinic_id, id),
    CONSTRAINT slot_taken_once EXCLUDE USING gist (
        clinician_id WITH =,
        tstzrange(starts_at, ends_at) WITH &&
    ) WHERE (released_at IS NULL)
);
CREATE INDEX slot_time ON slot (clinic_id, starts_at) WHERE released_at IS NULL;

CREATE TABLE visit (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    patient_id uuid NOT NULL,
    clinician_id uuid,
    slot_id uuid,
    kind text NOT NULL CHECK (kind IN ('on_demand', 'booked')),
    reason_code text NOT NULL,
    status text NOT NULL DEFAULT 'intake' CHECK (
        status IN ('intake', 'waiting', 'admitted', 'left', 'finished', 'cancelled', 'no_show')
    ),
    priority smallint NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 2),
    red_flags jsonb NOT NULL DEFAULT '[]',
    intake_summary jsonb,
    location jsonb,
    callback_phone text,
    requested_at timestamptz NOT NULL,
    intake_done_at timestamptz,
    ready_at timestamptz,
    queued_at timestamptz,
    left_at timestamptz,
    admitted_at timestamptz,
    finished_at timestamptz,
    running_late_minutes smallint CHECK (running_late_minutes BETWEEN 1 AND 240),
    running_late_at timestamptz,
    CHECK ((kind = 'booked') = (slot_id IS NOT NULL)),
    CHECK (status <> 'waiting' OR queued_at IS NOT NULL),
    CHECK (status <> 'admitted' OR (clinician_id IS NOT NULL AND admitted_at IS NOT NULL)),
    CHECK ((status = 'finished') = (finished_at IS NOT NULL)),
    UNIQUE (clinic_id, id),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id),
    FOREIGN KEY (clinic_id, clinician_id) REFERENCES account (clinic_id, id),
    FOREIGN KEY (clinic_id, slot_id) REFERENCES slot (clinic_id, id)
);
-- A second tab cannot open a second on-demand visit.
CREATE UNIQUE INDEX visit_one_on_demand ON visit (patient_id)
    WHERE kind = 'on_demand' AND status IN ('intake', 'waiting', 'admitted', 'left');
CREATE INDEX visit_open ON visit (clinic_id, status, queued_at)
    WHERE status IN ('intake', 'waiting', 'admitted', 'left');
CREATE INDEX visit_of_patient ON visit (patient_id, requested_at DESC);
CREATE INDEX visit_recent ON visit (clinic_id, requested_at DESC);
CREATE INDEX visit_of_clinician ON visit (clinician_id, status) WHERE clinician_id IS NOT NULL;
CREATE INDEX visit_finished ON visit (clinic_id, finished_at DESC) WHERE status = 'finished';
CREATE UNIQUE INDEX visit_slot ON visit (slot_id) WHERE slot_id IS NOT NULL;

CREATE TABLE visit_step (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    visit_id uuid NOT NULL,
    kind text NOT NULL,
    at timestamptz NOT NULL,
    account_id uuid,
    ref uuid,
    FOREIGN KEY (clinic_id, visit_id) REFERENCES visit (clinic_id, id),
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX visit_step_of_visit ON visit_step (visit_id, at, id);

CREATE TABLE call_attempt (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    visit_id uuid NOT NULL,
    account_id uuid NOT NULL,
    -- The sign-in in which it began; no foreign key, because sign-ins are forgotten and attempts are not.
    session_id uuid,
    role text NOT NULL CHECK (role IN ('patient', 'clinician', 'guest')),
    requested_at timestamptz NOT NULL,
    joined_at timestamptz,
    connected_at timestamptz,
    ended_at timestamptz,
    end_cause text CHECK (
        end_cause IN ('hang_up', 'timeout', 'too_slow', 'reloaded', 'taken_over', 'removed', 'visit_over',
                      'never_joined')
    ),
    location jsonb,
    callback_phone text,
    CHECK ((ended_at IS NULL) = (end_cause IS NULL)),
    CHECK (role <> 'patient' OR (location IS NOT NULL AND callback_phone IS NOT NULL)),
    UNIQUE (clinic_id, id),
    FOREIGN KEY (clinic_id, visit_id) REFERENCES visit (clinic_id, id),
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX call_attempt_of_visit ON call_attempt (visit_id, requested_at);
CREATE INDEX call_attempt_of_session ON call_attempt (session_id) WHERE ended_at IS NULL;
-- One person is in the call of a visit once: a second join supersedes the first.
CREATE UNIQUE INDEX call_attempt_open ON call_attempt (visit_id, account_id) WHERE ended_at IS NULL;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLES)
    protect("working_hours")
    for table in ("slot", "visit", "call_attempt"):
        protect(table, grants="SELECT, INSERT, UPDATE")
    protect("visit_step", grants="SELECT, INSERT")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
