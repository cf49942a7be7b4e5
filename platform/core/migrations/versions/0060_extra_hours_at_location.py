"""directory: extra hours belong to a location; somebody who is away is so from every one."""

from alembic import op

from core.migrations.helpers import leave_to_fill, script

revision = "0060_extra_hours_at_location"
down_revision = "0059_hours_at_location"
branch_labels = None
depends_on = None

BELONG = """
ALTER TABLE availability_exception ADD COLUMN location_id uuid, ADD CONSTRAINT availability_exception_location_fkey
    FOREIGN KEY (clinic_id, location_id) REFERENCES location (clinic_id, id) NOT VALID;
CREATE TRIGGER extra_hours_get_location BEFORE INSERT ON availability_exception
    FOR EACH ROW WHEN (new.location_id IS NULL AND new.kind = 'extra')
    EXECUTE FUNCTION belongs_to_first_location();
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(BELONG)
    leave_to_fill("locations_of_availability_exception")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
