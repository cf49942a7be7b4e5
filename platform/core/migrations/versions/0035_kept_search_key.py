"""identity: a patient's search key is kept in the row, so that a search computes none."""

from alembic import op

from core.migrations.helpers import script

revision = "0035_kept_search_key"
down_revision = "0034_summary_key"
branch_labels = None
depends_on = None

# An index on the function alone computes the key again for each row that it finds (patterns are rechecked): 4 ms for
# a name that 900 patients have. Writing the column takes about a second for 100,000 patients.
KEPT = """
ALTER TABLE patient ADD COLUMN search_key text GENERATED ALWAYS AS (patient_key(given, family, mrn)) STORED;
CREATE INDEX patient_search_key ON patient USING gin (search_key gin_trgm_ops);
DROP INDEX patient_key;

CREATE OR REPLACE FUNCTION find_patients(words text[], born date[], digits text, most integer)
RETURNS SETOF uuid LANGUAGE sql STABLE ROWS 31 SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id FROM patient p
     WHERE p.clinic_id = current_clinic()
       AND (born IS NULL OR p.birth_date = ANY (born))
       AND (digits IS NULL OR p.phone LIKE '%' || digits || '%' OR p.search_key LIKE '%' || digits || '%')
       -- An index finds by one pattern, not by ALL of several: it finds by the first, the rest is sifted.
       AND (words[1] IS NULL OR p.search_key LIKE words[1])
       AND p.search_key LIKE ALL (words)
     ORDER BY lower(p.family), lower(p.given), p.birth_date, p.id
     LIMIT least(most, 100)
$$;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(KEPT)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
