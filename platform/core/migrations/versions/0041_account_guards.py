"""identity: a secret that was only shown expires, and no two colleagues get one NPI or DEA number."""

from alembic import op

from core.migrations.helpers import script

revision = "0041_account_guards"
down_revision = "0040_none_known"
branch_labels = None
depends_on = None

# A secret that was shown before this had no end: without one it counts as over.
# Numbers that colleagues shared before stay theirs; the index passes over those rows.
GUARDS = """
ALTER TABLE authenticator ADD COLUMN pending_until timestamptz;

ALTER TABLE staff ADD COLUMN npi_shared boolean NOT NULL DEFAULT false,
                  ADD COLUMN dea_shared boolean NOT NULL DEFAULT false;
UPDATE staff s SET npi_shared = true
 WHERE EXISTS (SELECT FROM staff o
                WHERE o.clinic_id = s.clinic_id AND o.npi = s.npi AND o.account_id <> s.account_id);
UPDATE staff s SET dea_shared = true
 WHERE EXISTS (SELECT FROM staff o
                WHERE o.clinic_id = s.clinic_id AND o.dea = s.dea AND o.account_id <> s.account_id);
CREATE UNIQUE INDEX staff_npi_of_one ON staff (clinic_id, npi) WHERE NOT npi_shared;
CREATE UNIQUE INDEX staff_dea_of_one ON staff (clinic_id, dea) WHERE NOT dea_shared;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(GUARDS)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
