"""directory: what there was before there were locations belongs to its clinic's first one."""

from alembic import op

from core.migrations.helpers import fill

revision = "0063_locations_filled"
down_revision = "0062_visits_at_location"
branch_labels = None
depends_on = None

BELONGS = (
    "UPDATE {table} SET location_id = first_location(clinic_id) WHERE id = ANY(:ids) AND location_id IS NULL"
)
# Time away is away from every location.
TABLES = {
    "working_hours": "true",
    "availability_exception": "kind = 'extra'",
    "slot": "true",
    "visit": "true",
}


def upgrade() -> None:
    for table, which in TABLES.items():
        fill(f"locations_of_{table}", table, BELONGS.format(table=table), where=which)
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {table}_location_fkey")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
