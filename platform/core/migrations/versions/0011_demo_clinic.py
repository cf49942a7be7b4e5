"""clinic: which one is the demo's own, whose codes are shown to everybody."""

from alembic import op

revision = "0011_demo_clinic"
down_revision = "0010_session_marks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # Only the owner, who makes clinics, may say so: the application's grant on this table names its columns.
    op.execute("ALTER TABLE clinic ADD COLUMN demo boolean NOT NULL DEFAULT false")
    # A demo that is there already. Nobody real has an address that ends in .example (RFC 2606).
    op.execute("""
        UPDATE clinic SET demo = true
         WHERE slug = 'harbor' AND EXISTS (
            SELECT FROM account WHERE clinic_id = clinic.id AND email = 'amara.okafor@harbor.example')
    """)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
