"""identity: sex at birth, sex for clinical use, gender identity and pronouns of patients, each by itself."""

from alembic import op

from core.migrations.helpers import leave_to_fill, script

revision = "0054_sex_and_gender"
down_revision = "0053_sensitive_notes"
branch_labels = None
depends_on = None

GENDER = """
ALTER TABLE patient
    ADD COLUMN birth_sex text NOT NULL DEFAULT 'unknown'
        CHECK (birth_sex IN ('female', 'male', 'other', 'declined', 'unknown')),
    ADD COLUMN clinical_sex text NOT NULL DEFAULT 'unknown'
        CHECK (clinical_sex IN ('female', 'male', 'specified', 'declined', 'unknown')),
    ADD COLUMN gender_identity text NOT NULL DEFAULT 'unknown' CHECK (gender_identity IN
        ('woman', 'man', 'trans_woman', 'trans_man', 'non_binary', 'other', 'declined', 'unknown')),
    ADD COLUMN pronouns text NOT NULL DEFAULT 'unknown'
        CHECK (pronouns IN ('she', 'he', 'they', 'other', 'declined', 'unknown')),
    ADD COLUMN pronouns_other text NOT NULL DEFAULT '';
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(GENDER)
    leave_to_fill("clinical_sex")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
