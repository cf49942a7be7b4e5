"""waiting_line: what each clinic's waiting patients were told of their place, so that only who moved is told."""

from alembic import op

from core.migrations.helpers import protect

revision = "0036_waiting_line"
down_revision = "0035_kept_search_key"
branch_labels = None
depends_on = None

TABLE = """
CREATE TABLE waiting_line (
    clinic_id uuid PRIMARY KEY REFERENCES clinic (id),
    -- By the visit's id: {ahead, clinicians, estimate}.
    told jsonb NOT NULL DEFAULT '{}'
)
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(TABLE)
    protect("waiting_line", grants="SELECT, INSERT, UPDATE")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
