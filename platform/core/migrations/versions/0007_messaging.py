"""messaging: threads between a patient and the clinic, and notices sent outside the application."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0007_messaging"
down_revision = "0006_prescribing"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE thread (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    patient_id uuid NOT NULL,
    visit_id uuid,
    subject text NOT NULL CHECK (char_length(subject) BETWEEN 1 AND 200),
    last_seq integer NOT NULL DEFAULT 0,
    last_at timestamptz NOT NULL,
    awaiting text CHECK (awaiting IN ('clinic', 'patient')),
    UNIQUE (clinic_id, id),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id),
    FOREIGN KEY (clinic_id, visit_id) REFERENCES visit (clinic_id, id)
);
-- A visit has one thread, however often the event that opens it is delivered.
CREATE UNIQUE INDEX thread_of_visit ON thread (clinic_id, visit_id) WHERE visit_id IS NOT NULL;
CREATE INDEX thread_of_patient ON thread (clinic_id, patient_id, last_at DESC);
CREATE INDEX thread_recent ON thread (clinic_id, last_at DESC, id DESC);
CREATE INDEX thread_awaiting ON thread (clinic_id, awaiting, last_at DESC, id DESC) WHERE awaiting IS NOT NULL;

-- `seq` numbers a thread's messages without gaps; `client_id` is the writer's own, so a retry is not a second message.
CREATE TABLE message (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    thread_id uuid NOT NULL,
    seq integer NOT NULL,
    client_id uuid NOT NULL,
    author_id uuid,
    side text NOT NULL CHECK (side IN ('patient', 'clinic', 'system')),
    author_name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('text', 'visit_ended')),
    body text NOT NULL CHECK (char_length(body) <= 5000),
    UNIQUE (thread_id, seq),
    UNIQUE (thread_id, client_id),
    FOREIGN KEY (clinic_id, thread_id) REFERENCES thread (clinic_id, id)
);

CREATE TABLE thread_read (
    thread_id uuid NOT NULL,
    account_id uuid NOT NULL,
    clinic_id uuid NOT NULL,
    seq integer NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (thread_id, account_id),
    FOREIGN KEY (clinic_id, thread_id) REFERENCES thread (clinic_id, id)
);

-- What went out by SMS or e-mail. Address and text are sealed: they may hold a sign-in code. A code may go to
-- someone who has no account yet.
CREATE TABLE notification (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    account_id uuid,
    channel text NOT NULL CHECK (channel IN ('sms', 'email')),
    kind text NOT NULL,
    source_id uuid NOT NULL,
    sealed bytea NOT NULL,
    status text NOT NULL CHECK (status IN ('queued', 'shown', 'sent', 'failed')),
    provider_id text,
    failure text,
    sent_at timestamptz,
    UNIQUE (clinic_id, kind, source_id, channel),
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX notification_recent ON notification (clinic_id, id DESC);
CREATE INDEX notification_failed ON notification (sent_at) WHERE status = 'failed';
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLES)
    protect("thread", grants="SELECT, INSERT, UPDATE")
    protect("message", grants="SELECT, INSERT")
    protect("thread_read", grants="SELECT, INSERT, UPDATE")
    protect("notification", grants="SELECT, INSERT, UPDATE")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
