"""prescribing: who read the entries that the safety check did not understand, when, and what they said."""

from alembic import op

from core.migrations.helpers import script

revision = "0018_acknowledged"
down_revision = "0017_unread"
branch_labels = None
depends_on = None

# It belongs to what was signed, so it stays as it was from then on.
ACKNOWLEDGED = """
ALTER TABLE prescription ADD COLUMN acknowledged jsonb;
CREATE TRIGGER prescription_acknowledged_stays BEFORE UPDATE ON prescription
    FOR EACH ROW WHEN (OLD.document IS NOT NULL AND NEW.acknowledged IS DISTINCT FROM OLD.acknowledged)
    EXECUTE FUNCTION refuse_change_to_signed_prescription();
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(ACKNOWLEDGED)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
