"""visits: telephone calls inside a visit, and the telephones that are rung for them."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0090_phone_calls"
down_revision = "0089_check_tasks"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE phone_call (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    visit_id uuid NOT NULL,
    clinician_id uuid NOT NULL,
    connected_at timestamptz,
    ended_at timestamptz,
    end_cause text CHECK (end_cause IN ('hung_up', 'unanswered', 'back_to_video', 'visit_over', 'removed')),
    UNIQUE (clinic_id, id),
    CHECK ((ended_at IS NULL) = (end_cause IS NULL)),
    FOREIGN KEY (clinic_id, visit_id) REFERENCES visit (clinic_id, id),
    FOREIGN KEY (clinic_id, clinician_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX phone_call_visit ON phone_call (visit_id);
-- However often the button is pressed, a visit has one telephone call at a time.
CREATE UNIQUE INDEX phone_call_open ON phone_call (visit_id) WHERE ended_at IS NULL;
CREATE INDEX phone_call_clinician ON phone_call (clinician_id, created_at);

CREATE TABLE phone_leg (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    call_id uuid NOT NULL,
    side text NOT NULL CHECK (side IN ('patient', 'clinician')),
    number bytea,
    status text NOT NULL CHECK (status IN (
        'queued', 'ringing', 'answered', 'in_call', 'canceled', 'completed', 'no_answer', 'busy', 'failed', 'machine')),
    failure text CHECK (failure IN ('wrong_number', 'not_allowed', 'caller_id', 'refused', 'unreachable')),
    call_sid text UNIQUE CHECK (char_length(call_sid) <= 64),
    tries smallint NOT NULL DEFAULT 0,
    heard_at timestamptz,
    joined_at timestamptz,
    ended_at timestamptz,
    FOREIGN KEY (clinic_id, call_id) REFERENCES phone_call (clinic_id, id)
);
CREATE INDEX phone_leg_call ON phone_leg (call_id);
CREATE UNIQUE INDEX phone_leg_open ON phone_leg (call_id, side) WHERE ended_at IS NULL;
CREATE INDEX phone_leg_numbered ON phone_leg (created_at) WHERE number IS NOT NULL;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLES)
    for table in ("phone_call", "phone_leg"):
        protect(table, grants="SELECT, INSERT, UPDATE")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
