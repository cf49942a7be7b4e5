"""visits: what the check before a visit found."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0088_visit_checks"
down_revision = "0086_note_names_who_was_present"
branch_labels = None
depends_on = None

# No address and no user agent: `browser` is a class such as 'Chrome 140 on Android'.
TABLE = """
CREATE TABLE visit_check (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    visit_id uuid NOT NULL,
    account_id uuid NOT NULL,
    at timestamptz NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('video', 'voice', 'none')),
    troubles text[] NOT NULL CHECK (cardinality(troubles) <= 12),
    camera text NOT NULL CHECK (camera IN (
        'ok', 'silent', 'denied', 'in_use', 'missing', 'insecure', 'in_app', 'paused', 'unknown')),
    microphone text NOT NULL CHECK (microphone IN (
        'ok', 'silent', 'denied', 'in_use', 'missing', 'insecure', 'in_app', 'paused', 'unknown')),
    speaker text NOT NULL CHECK (speaker IN ('heard', 'not_heard', 'unsaid')),
    network text NOT NULL CHECK (network IN ('found', 'no_path', 'unmeasured')),
    path text CHECK (path IN ('direct', 'relay')),
    transport text CHECK (transport IN ('udp', 'tcp', 'tls')),
    round_trip_ms integer CHECK (round_trip_ms BETWEEN 0 AND 60000),
    jitter_ms integer CHECK (jitter_ms BETWEEN 0 AND 60000),
    loss double precision CHECK (loss BETWEEN 0 AND 1),
    up_kbps integer CHECK (up_kbps BETWEEN 0 AND 1000000),
    down_kbps integer CHECK (down_kbps BETWEEN 0 AND 1000000),
    browser text CHECK (char_length(browser) <= 60),
    FOREIGN KEY (clinic_id, visit_id) REFERENCES visit (clinic_id, id),
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX visit_check_visit ON visit_check (visit_id, at DESC);
CREATE INDEX visit_check_at ON visit_check (at);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLE)
    protect("visit_check", grants="SELECT, INSERT")
    # Only the system's upkeep forgets.
    op.execute("GRANT DELETE ON visit_check TO carethread_system")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
