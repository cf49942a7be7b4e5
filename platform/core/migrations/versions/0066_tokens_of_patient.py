"""chart: the hot codes of a record name its patient and when it was true, for searches of one chart by code and date.

The rows that are there are filled when the release indexes the record anew (`chart.record.search.indexing`): its
search values have another shape, so each is drawn again, and the trigger writes its codes as they are from now on.
"""

from alembic import op

from core.migrations.helpers import script

revision = "0066_tokens_of_patient"
down_revision = "0065_family_name_of_relations"
branch_labels = None
depends_on = None

COLUMNS = """
ALTER TABLE record_token ADD COLUMN patient_id uuid, ADD COLUMN low timestamptz;

CREATE OR REPLACE FUNCTION record_tokens_follow() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM record_token WHERE record_id = NEW.record_id;
    END IF;
    INSERT INTO record_token (clinic_id, resource_type, token, updated_at, record_id, patient_id, low)
    SELECT NEW.clinic_id, NEW.resource_type, each, NEW.updated_at, NEW.record_id, NEW.patient_id, NEW.low
      FROM unnest(NEW.hot) AS each;
    RETURN NULL;
END
$$;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(COLUMNS)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
