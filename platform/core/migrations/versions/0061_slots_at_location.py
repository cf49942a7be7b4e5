"""directory: booked times belong to a location."""

from alembic import op

from core.migrations.helpers import leave_to_fill, script

revision = "0061_slots_at_location"
down_revision = "0060_extra_hours_at_location"
branch_labels = None
depends_on = None

BELONG = """
ALTER TABLE slot ADD COLUMN location_id uuid, ADD CONSTRAINT slot_location_fkey
    FOREIGN KEY (clinic_id, location_id) REFERENCES location (clinic_id, id) NOT VALID;
CREATE TRIGGER slot_gets_location BEFORE INSERT ON slot
    FOR EACH ROW WHEN (new.location_id IS NULL) EXECUTE FUNCTION belongs_to_first_location();
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(BELONG)
    leave_to_fill("locations_of_slot")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
