"""chart: when a course of a medicine ends, so that the safety check and the medicine list tell it alike."""

from alembic import op

from core.migrations.helpers import script

revision = "0019_ends"
down_revision = "0018_acknowledged"
branch_labels = None
depends_on = None

# A prescription for so many days ends after them, as often as it can be refilled; one without days goes on.
ENDS = """
ALTER TABLE record ADD COLUMN ends_at timestamptz;
UPDATE record r
   SET ends_at = p.signed_at + make_interval(days => (p.sig ->> 'days')::integer * (1 + p.refills))
  FROM prescription p
 WHERE p.record_id = r.id AND p.sig ->> 'days' IS NOT NULL;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(ENDS)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
