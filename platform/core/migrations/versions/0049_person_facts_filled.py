"""identity: addresses of patients in parts, some at a time."""

from core.migrations.helpers import fill

revision = "0049_person_facts_filled"
down_revision = "0049_person_facts"
branch_labels = None
depends_on = None

# As those of clinics in 0049. What else a patient's address holds is kept.
ADDRESSES = """
UPDATE patient SET address =
    jsonb_build_object('city', '', 'state', '', 'postalCode', '', 'country', 'US')
    || jsonb_strip_nulls(CASE jsonb_typeof(address) WHEN 'object' THEN address ELSE '{}' END)
    || jsonb_build_object('line', CASE
        WHEN jsonb_typeof(address -> 'line') = 'array' THEN address -> 'line'
        WHEN jsonb_typeof(address -> 'line') = 'string' THEN jsonb_build_array(address -> 'line')
        WHEN jsonb_typeof(address) = 'string' THEN jsonb_build_array(address)
        WHEN coalesce(address ->> 'city', '') = '' AND address ? 'text' THEN jsonb_build_array(address -> 'text')
        ELSE '[]' END)
 WHERE id = ANY(:ids) AND jsonb_typeof(address) IN ('object', 'string')
"""


def upgrade() -> None:
    fill("addresses", "patient", ADDRESSES)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
