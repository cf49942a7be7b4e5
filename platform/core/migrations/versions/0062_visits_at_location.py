"""directory: visits belong to a location."""

from alembic import op

from core.migrations.helpers import leave_to_fill, script

revision = "0062_visits_at_location"
down_revision = "0061_slots_at_location"
branch_labels = None
depends_on = None

BELONG = """
ALTER TABLE visit ADD COLUMN location_id uuid, ADD CONSTRAINT visit_location_fkey
    FOREIGN KEY (clinic_id, location_id) REFERENCES location (clinic_id, id) NOT VALID;
CREATE TRIGGER visit_gets_location BEFORE INSERT ON visit
    FOR EACH ROW WHEN (new.location_id IS NULL) EXECUTE FUNCTION visit_gets_location();
-- The old version moves a visit to another time and says nothing of the location.
CREATE TRIGGER visit_moves_location BEFORE UPDATE OF slot_id ON visit
    FOR EACH ROW WHEN (new.slot_id <> old.slot_id AND new.location_id IS NOT DISTINCT FROM old.location_id)
    EXECUTE FUNCTION visit_gets_location();
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(BELONG)
    leave_to_fill("locations_of_visit")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
