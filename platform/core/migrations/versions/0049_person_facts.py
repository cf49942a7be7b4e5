"""identity: addresses in parts, of clinics and of patients."""

from alembic import op

from core.migrations.helpers import script

revision = "0049_person_facts"
down_revision = "0048_restricted_charts"
branch_labels = None
depends_on = None

# The old version goes on reading `settings.address`, so it stays there. Nothing guesses at its parts: the whole text is
# the line, and a city that is '' says that nobody has split it yet. What else a patient's address holds is kept.
ADDRESSES = """
ALTER TABLE clinic ADD COLUMN address jsonb;
GRANT UPDATE (address) ON clinic TO carethread_app, carethread_system;

UPDATE clinic SET address = jsonb_build_object(
    'line', jsonb_build_array(btrim(settings ->> 'address')),
    'city', '', 'state', '', 'postalCode', '', 'country', 'US')
 WHERE btrim(coalesce(settings ->> 'address', '')) <> '';

UPDATE patient SET address =
    jsonb_build_object('city', '', 'state', '', 'postalCode', '', 'country', 'US')
    || jsonb_strip_nulls(CASE jsonb_typeof(address) WHEN 'object' THEN address ELSE '{}' END)
    || jsonb_build_object('line', CASE
        WHEN jsonb_typeof(address -> 'line') = 'array' THEN address -> 'line'
        WHEN jsonb_typeof(address -> 'line') = 'string' THEN jsonb_build_array(address -> 'line')
        WHEN jsonb_typeof(address) = 'string' THEN jsonb_build_array(address)
        WHEN coalesce(address ->> 'city', '') = '' AND address ? 'text' THEN jsonb_build_array(address -> 'text')
        ELSE '[]' END)
 WHERE jsonb_typeof(address) IN ('object', 'string');
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(ADDRESSES)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
