"""identity: changes that a second person confirms, and links by which somebody freezes an account of theirs."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0013_second_person"
down_revision = "0012_patient_accounts"
branch_labels = None
depends_on = None

# Nobody confirms a change of their own making, or to their own account: not even a faulty version of the application.
TABLES = """
ALTER TABLE staff ADD COLUMN frozen_at timestamptz;

CREATE TABLE staff_change (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    account_id uuid NOT NULL,
    change text NOT NULL CHECK (change IN (
        'invited', 'enabled', 'email', 'second_factor', 'roles', 'name', 'credentials', 'npi', 'dea', 'licenses'
    )),
    made_by uuid NOT NULL,
    confirmed_by uuid CHECK (confirmed_by <> made_by AND confirmed_by <> account_id),
    confirmed_at timestamptz,
    CHECK (confirmed_by IS NULL OR confirmed_at IS NOT NULL),
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id),
    FOREIGN KEY (clinic_id, made_by) REFERENCES account (clinic_id, id),
    FOREIGN KEY (clinic_id, confirmed_by) REFERENCES account (clinic_id, id)
);
CREATE INDEX staff_change_waiting ON staff_change (clinic_id, account_id) WHERE confirmed_at IS NULL;

CREATE TABLE freeze_link (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    account_id uuid NOT NULL,
    token_hash bytea NOT NULL UNIQUE,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX freeze_link_expiry ON freeze_link (expires_at);
"""

# Whoever was invited and has not come yet may still be anybody who holds the link. Who works here already goes on.
INVITED = """
INSERT INTO staff_change (clinic_id, account_id, change, made_by)
SELECT DISTINCT ON (i.account_id) i.clinic_id, i.account_id, 'invited', i.invited_by
  FROM invite i JOIN account a ON a.id = i.account_id
 WHERE a.status = 'invited' AND a.roles && '{clinician,admin}' AND i.invited_by IS NOT NULL
 ORDER BY i.account_id, i.id DESC;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLES)
    # Who made which change stays as it was written.
    protect("staff_change", grants="SELECT, INSERT")
    op.execute(
        "GRANT UPDATE (confirmed_by, confirmed_at) ON staff_change TO carethread_app, carethread_system"
    )
    protect("freeze_link")
    op.execute(INVITED)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
