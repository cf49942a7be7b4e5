"""identity: the sex for clinical use of the patients until now, some at a time."""

from core.migrations.helpers import fill

revision = "0054_sex_and_gender_filled"
down_revision = "0054_sex_and_gender"
branch_labels = None
depends_on = None

# Until now `sex` served as the sex for clinical use too. Whoever registers with the old version while it still serves
# has none recorded, which is the careful side: every question is asked.
CLINICAL_SEX = """
UPDATE patient SET clinical_sex = sex WHERE id = ANY(:ids) AND sex IN ('female', 'male', 'declined')
"""


def upgrade() -> None:
    fill("clinical_sex", "patient", CLINICAL_SEX)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
