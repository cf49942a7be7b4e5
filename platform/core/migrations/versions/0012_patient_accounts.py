"""identity: trusted devices, disputed contacts, security events, and what staff change of a patient's account."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0012_patient_accounts"
down_revision = "0011_demo_clinic"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE account
    ADD COLUMN phone_disputed_at timestamptz,
    ADD COLUMN email_disputed_at timestamptz,
    ADD COLUMN vouched_until timestamptz;

-- A family may share one number, and a number may go from one person to another: the check on a new device says
-- whose account is meant. The former version still looks for one account, and finds one wherever nobody shares.
DROP INDEX account_patient_email;
DROP INDEX account_patient_phone;
CREATE INDEX account_patient_email ON account (clinic_id, email) WHERE roles = '{patient}';
CREATE INDEX account_patient_phone ON account (clinic_id, phone) WHERE roles = '{patient}';

ALTER TABLE one_time_code
    ADD COLUMN purpose text NOT NULL DEFAULT 'sign_in'
        CHECK (purpose IN ('sign_in', 'new_contact', 'step_up', 'other_contact')),
    ADD COLUMN digits_at timestamptz,
    ADD COLUMN identify_tries smallint NOT NULL DEFAULT 5 CHECK (identify_tries >= 0);

CREATE TABLE trusted_device (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    account_id uuid NOT NULL,
    token_hash bytea NOT NULL CHECK (length(token_hash) = 32),
    device text NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    UNIQUE (account_id, token_hash),
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX trusted_device_token ON trusted_device (token_hash);
CREATE INDEX trusted_device_expiry ON trusted_device (expires_at);
ALTER TABLE auth_session ADD COLUMN trusted_device_id uuid REFERENCES trusted_device (id) ON DELETE SET NULL;
CREATE INDEX auth_session_trusted_device ON auth_session (trusted_device_id) WHERE trusted_device_id IS NOT NULL;

CREATE TABLE security_event (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    account_id uuid NOT NULL,
    change text NOT NULL,
    session_id uuid,
    device text NOT NULL DEFAULT '',
    settled_at timestamptz,
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX security_event_open ON security_event (account_id) WHERE settled_at IS NULL;

CREATE TABLE patient_account_change (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    patient_id uuid NOT NULL,
    made_by uuid NOT NULL,
    change text NOT NULL CHECK (change IN
        ('disable', 'enable', 'correct_contact', 'confirm_contact', 'correct_person', 'let_in')),
    proof text NOT NULL CHECK (proof IN ('called_back', 'photo_id', 'in_person', 'on_video', 'known_details')),
    note text NOT NULL CHECK (char_length(note) BETWEEN 1 AND 1000),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id),
    FOREIGN KEY (clinic_id, made_by) REFERENCES account (clinic_id, id)
);
CREATE INDEX patient_account_change_patient ON patient_account_change (patient_id, id);

ALTER TABLE task DROP CONSTRAINT task_source_check;
ALTER TABLE task ADD CONSTRAINT task_source_check CHECK (source IN
    ('plan', 'prescription', 'unconfirmed', 'no_show', 'red_flag', 'manual', 'contact_disputed', 'not_me'));
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLES)
    protect("trusted_device")
    protect("security_event")
    protect("patient_account_change", grants="SELECT, INSERT")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
