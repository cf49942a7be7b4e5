"""identity: the days on which a clinic is closed."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0028_holidays"
down_revision = "0027_anchors"
branch_labels = None
depends_on = None

# A row for each day: two administrators who change different days at once lose neither change.
TABLE = """
CREATE TABLE holiday (
    clinic_id uuid NOT NULL REFERENCES clinic (id),
    day date NOT NULL,
    name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    PRIMARY KEY (clinic_id, day)
);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLE)
    protect("holiday")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
