"""identity: a patient may end what somebody does for them."""

from alembic import op

from core.migrations.helpers import script

revision = "0055_patients_end_relations"
down_revision = "0054_sex_and_gender_filled"
branch_labels = None
depends_on = None

# Replaced without a look at the rows there are: they keep a narrower rule.
RULE = """
ALTER TABLE related_person
    DROP CONSTRAINT related_person_ended_because_check,
    ADD CONSTRAINT related_person_ended_because_check
        CHECK (ended_because IN ('staff', 'patient', 'until', 'of_age')) NOT VALID;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(RULE)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
