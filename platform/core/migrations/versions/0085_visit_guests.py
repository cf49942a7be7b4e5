"""visits: people who are asked into a visit by a link, from the invitation to their going."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0085_visit_guests"
down_revision = "0084_emergency_tasks"
branch_labels = None
depends_on = None

# Of the link and of the browser that opened it there are digests; `sealed` is the link until it is sent.
TABLES = """
CREATE TABLE visit_guest (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    visit_id uuid NOT NULL,
    invited_by uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('interpreter', 'family', 'carer', 'nurse', 'clinician', 'other')),
    status text NOT NULL CHECK (status IN (
        'invited', 'waiting', 'admitted', 'left', 'declined', 'revoked', 'visit_over')),
    name text CHECK (char_length(name) BETWEEN 1 AND 80),
    language text NOT NULL,
    channel text CHECK (channel IN ('sms', 'email')),
    contact text,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    browser_hash bytea CHECK (length(browser_hash) = 32),
    sealed bytea,
    expires_at timestamptz NOT NULL,
    account_id uuid UNIQUE,
    entered_at timestamptz,
    agreed_at timestamptz,
    agreed_by uuid,
    agreement text CHECK (agreement IN ('pressed', 'spoken')),
    admitted_at timestamptz,
    ended_at timestamptz,
    UNIQUE (clinic_id, id),
    CHECK ((channel IS NULL) = (contact IS NULL)),
    CHECK (status = 'invited' OR account_id IS NOT NULL OR ended_at IS NOT NULL),
    CHECK (status <> 'admitted' OR (agreed_at IS NOT NULL AND admitted_at IS NOT NULL)),
    FOREIGN KEY (clinic_id, visit_id) REFERENCES visit (clinic_id, id),
    FOREIGN KEY (clinic_id, invited_by) REFERENCES account (clinic_id, id),
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id),
    FOREIGN KEY (clinic_id, agreed_by) REFERENCES account (clinic_id, id)
);
CREATE INDEX visit_guest_of_visit ON visit_guest (visit_id, created_at);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLES)
    protect("visit_guest", grants="SELECT, INSERT, UPDATE")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
