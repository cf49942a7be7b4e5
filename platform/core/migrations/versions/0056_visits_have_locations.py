"""directory: what there was before there were locations belongs to its clinic's first one."""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0056_visits_have_locations"
down_revision = "0055_locations"
branch_labels = None
depends_on = None

_BATCH = 5000

# In batches, each committed by itself: nobody who works meanwhile waits longer than for one of them.
_FILL = """
WITH batch AS (
    SELECT id FROM {table} WHERE id > :after ORDER BY id LIMIT :most
), filled AS (
    UPDATE {table} t SET location_id = first_location(t.clinic_id)
      FROM batch WHERE t.id = batch.id AND t.location_id IS NULL {only}
)
SELECT id FROM batch ORDER BY id DESC LIMIT 1
"""


def _fill(table: str, only: str = "") -> None:
    statement = sa.text(_FILL.format(table=table, only=only)).bindparams(
        sa.bindparam("after", type_=sa.Uuid())
    )
    after: UUID | None = UUID(int=0)
    while after is not None:
        after = op.get_bind().scalar(statement, {"after": after, "most": _BATCH})


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for table in ("working_hours", "slot", "visit"):
            _fill(table)
        _fill("availability_exception", "AND t.kind = 'extra'")
    op.execute("SET LOCAL lock_timeout = '5s'")
    for table in ("working_hours", "availability_exception", "slot", "visit"):
        op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {table}_location_fkey")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
