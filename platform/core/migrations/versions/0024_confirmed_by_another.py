"""identity: the application itself cannot confirm a change alone; a change keeps what stood there before and after."""

from alembic import op

from core.migrations.helpers import script

revision = "0024_confirmed_by_another"
down_revision = "0023_clinic_keys"
branch_labels = None
depends_on = None

# A change is made by who acts, and open; it is confirmed once, by who acts, and they sign or administer in the clinic.
# That it is neither the maker nor the account's owner, the table's constraint says (0013). Without `confirmed_by` it
# was the operator, and that is for carethread_system alone.
POLICIES = """
CREATE FUNCTION current_account() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('carethread.account_id', true), '')::uuid $$;

ALTER TABLE staff_change ADD COLUMN was text, ADD COLUMN becomes text;

CREATE POLICY made_by_who_acts ON staff_change AS RESTRICTIVE FOR INSERT TO carethread_app
    WITH CHECK (made_by = current_account() AND confirmed_by IS NULL AND confirmed_at IS NULL);
CREATE POLICY confirmed_by_who_acts ON staff_change AS RESTRICTIVE FOR UPDATE TO carethread_app
    USING (confirmed_at IS NULL)
    WITH CHECK (confirmed_at IS NOT NULL AND confirmed_by = current_account() AND EXISTS (
        SELECT FROM account a
         WHERE a.clinic_id = staff_change.clinic_id AND a.id = staff_change.confirmed_by
           AND a.status = 'active' AND a.roles && '{clinician,admin}'));
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(POLICIES)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
