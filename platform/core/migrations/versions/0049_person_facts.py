"""identity: addresses in parts, of clinics; those of patients follow."""

from alembic import op

from core.migrations.helpers import leave_to_fill, script

revision = "0049_person_facts"
down_revision = "0048_restricted_charts"
branch_labels = None
depends_on = None

# The old version goes on reading `settings.address`, so it stays there. Nothing guesses at its parts: the whole text is
# the line, and a city that is '' says that nobody has split it yet.
ADDRESSES = """
ALTER TABLE clinic ADD COLUMN address jsonb;
GRANT UPDATE (address) ON clinic TO carethread_app, carethread_system;

UPDATE clinic SET address = jsonb_build_object(
    'line', jsonb_build_array(btrim(settings ->> 'address')),
    'city', '', 'state', '', 'postalCode', '', 'country', 'US')
 WHERE btrim(coalesce(settings ->> 'address', '')) <> '';
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(ADDRESSES)
    leave_to_fill("addresses")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
