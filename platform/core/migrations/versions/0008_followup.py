"""followup: tasks with a clock, and the attempts to reach a patient."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0008_followup"
down_revision = "0007_messaging"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE task (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    patient_id uuid NOT NULL,
    visit_id uuid,
    source text NOT NULL CHECK (
        source IN ('plan', 'prescription', 'unconfirmed', 'no_show', 'red_flag', 'manual')
    ),
    source_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('call', 'lab', 'recheck', 'referral', 'prescription', 'other')),
    title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 300),
    detail text NOT NULL DEFAULT '' CHECK (char_length(detail) <= 4000),
    due_at timestamptz NOT NULL,
    priority smallint NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 2),
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'done', 'cancelled')),
    assignee_id uuid,
    version integer NOT NULL DEFAULT 1,
    closed_at timestamptz,
    closed_by uuid,
    outcome text NOT NULL DEFAULT '' CHECK (char_length(outcome) <= 2000),
    closed_because text CHECK (closed_because IN ('pharmacy_confirmed')),
    CHECK (closed_because IS NULL OR status <> 'open'),
    CHECK ((status = 'open') = (closed_at IS NULL)),
    UNIQUE (clinic_id, id),
    UNIQUE (clinic_id, source, source_id),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id),
    FOREIGN KEY (clinic_id, visit_id) REFERENCES visit (clinic_id, id),
    FOREIGN KEY (clinic_id, assignee_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX task_queue ON task (clinic_id, due_at, id) WHERE status = 'open';
CREATE INDEX task_closed ON task (clinic_id, closed_at DESC, id) WHERE status <> 'open';
CREATE INDEX task_of_patient ON task (clinic_id, patient_id, due_at);

CREATE TABLE outreach (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    task_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    channel text NOT NULL CHECK (channel IN ('phone', 'message', 'sms', 'email')),
    outcome text NOT NULL CHECK (
        outcome IN ('reached', 'no_answer', 'left_message', 'wrong_number', 'declined', 'sent')
    ),
    note text NOT NULL DEFAULT '' CHECK (char_length(note) <= 2000),
    made_by uuid NOT NULL,
    next_try_at timestamptz,
    FOREIGN KEY (clinic_id, task_id) REFERENCES task (clinic_id, id),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id)
);
CREATE INDEX outreach_of_task ON outreach (clinic_id, task_id, id);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLES)
    protect("task", grants="SELECT, INSERT, UPDATE")
    protect("outreach", grants="SELECT, INSERT")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
