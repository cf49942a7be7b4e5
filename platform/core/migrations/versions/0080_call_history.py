"""visits: what each page measured in a call, where it dropped, what kept people from it, and who found it bad."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0080_call_history"
down_revision = "0077_forgotten_visits"
branch_labels = None
depends_on = None

# No address and no user agent: `browser` is a class such as 'Chrome 140 on Android'.
TABLES = """
ALTER TABLE call_attempt ADD COLUMN browser text CHECK (char_length(browser) <= 60);

CREATE TABLE call_sample (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    attempt_id uuid NOT NULL,
    participant_id uuid NOT NULL,
    at timestamptz NOT NULL,
    tick integer NOT NULL CHECK (tick >= 0),
    path text CHECK (path IN ('direct', 'relay')),
    transport text CHECK (transport IN ('udp', 'tcp', 'tls')),
    loss double precision CHECK (loss BETWEEN 0 AND 1),
    jitter_ms integer CHECK (jitter_ms BETWEEN 0 AND 60000),
    round_trip_ms integer CHECK (round_trip_ms BETWEEN 0 AND 60000),
    received_kbps integer CHECK (received_kbps BETWEEN 0 AND 1000000),
    sent_kbps integer CHECK (sent_kbps BETWEEN 0 AND 1000000),
    width integer CHECK (width BETWEEN 0 AND 16384),
    height integer CHECK (height BETWEEN 0 AND 16384),
    fps integer CHECK (fps BETWEEN 0 AND 240),
    UNIQUE (attempt_id, participant_id, tick),
    FOREIGN KEY (clinic_id, attempt_id) REFERENCES call_attempt (clinic_id, id),
    FOREIGN KEY (clinic_id, participant_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX call_sample_at ON call_sample (at);

CREATE TABLE call_drop (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    attempt_id uuid NOT NULL,
    at timestamptz NOT NULL,
    tick integer NOT NULL CHECK (tick >= 0),
    lasted_ms integer NOT NULL CHECK (lasted_ms BETWEEN 0 AND 86400000),
    cause text NOT NULL CHECK (cause IN ('offline', 'signaling', 'media', 'other_away', 'asleep')),
    recovered boolean NOT NULL,
    UNIQUE (attempt_id, tick, cause),
    FOREIGN KEY (clinic_id, attempt_id) REFERENCES call_attempt (clinic_id, id)
);
CREATE INDEX call_drop_at ON call_drop (clinic_id, at);

CREATE TABLE call_failure (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    visit_id uuid NOT NULL,
    attempt_id uuid,
    account_id uuid NOT NULL,
    role text NOT NULL CHECK (role IN ('patient', 'clinician', 'guest')),
    at timestamptz NOT NULL,
    reason text NOT NULL CHECK (reason IN (
        'device_denied', 'device_in_use', 'device_missing', 'device_insecure', 'device_in_app', 'device_unknown',
        'unreachable', 'no_signaling', 'no_media', 'room_full', 'outdated')),
    browser text CHECK (char_length(browser) <= 60),
    UNIQUE (visit_id, account_id, reason, at),
    FOREIGN KEY (clinic_id, visit_id) REFERENCES visit (clinic_id, id),
    FOREIGN KEY (clinic_id, attempt_id) REFERENCES call_attempt (clinic_id, id),
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX call_failure_at ON call_failure (clinic_id, at);

CREATE TABLE call_mark (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    attempt_id uuid NOT NULL UNIQUE,
    at timestamptz NOT NULL,
    reason text NOT NULL CHECK (reason IN ('unsaid', 'no_sound', 'bad_sound', 'bad_picture', 'dropped', 'other')),
    FOREIGN KEY (clinic_id, attempt_id) REFERENCES call_attempt (clinic_id, id)
);
CREATE INDEX call_mark_at ON call_mark (clinic_id, at);

CREATE INDEX call_attempt_requested ON call_attempt (clinic_id, requested_at);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLES)
    for table in ("call_sample", "call_drop", "call_failure"):
        protect(table, grants="SELECT, INSERT")
    protect("call_mark", grants="SELECT, INSERT, UPDATE")
    # Only the system's upkeep forgets.
    op.execute("GRANT DELETE ON call_sample, call_drop, call_failure, call_mark TO carethread_system")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
