"""names are found by a key without accents, signs and blanks; a name may be a single one."""

from alembic import op

from core.migrations.helpers import script

revision = "0020_search_keys"
down_revision = "0019_ends"
branch_labels = None
depends_on = None

# As core.search_key.search_key. Given names stand after the family name once more, for names whose family comes first.
KEYS = """
CREATE FUNCTION search_key(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(
    replace(replace(replace(replace(
        translate(
            lower(regexp_replace(
                normalize(words, NFKD),
                '[\\u0300-\\u036f\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u064b-\\u0655\\u0670]',
                '', 'g')),
            U&'\\00f8\\0142\\0111\\00f0\\0131\\0127\\0167\\03c2\\0671\\0649\\0629\\06a9\\06cc\\06c1\\06be\\06d5',
            U&'olddiht\\03c3\\0627\\064a\\0647\\0643\\064a\\0647\\0647\\0647'),
        U&'\\00df', 'ss'), U&'\\00e6', 'ae'), U&'\\0153', 'oe'), U&'\\00fe', 'th'),
    '[\\u0001-\\u002f\\u003a-\\u0040\\u005b-\\u0060\\u007b-\\u00a9\\u00ab-\\u00b4\\u00b6-\\u00b9\\u00bb-\\u00bf\\u02b0-\\u02ff'
    '\\u055a-\\u055f\\u058a\\u05be\\u05f3\\u05f4\\u0640\\u2000-\\u206f\\u3000-\\u3004\\u30a0\\u30fb]',
    '', 'g');

CREATE FUNCTION patient_key(given text, family text, mrn text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN search_key(given || family || given) || ' ' || lower(mrn);

CREATE INDEX patient_key ON patient USING gin (patient_key(given, family, mrn) gin_trgm_ops);

-- The search runs as the owner for the reason that 0005_chart gives, and names the clinic itself.
CREATE FUNCTION find_patients(words text[], born date[], digits text, most integer)
RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id FROM patient p
     WHERE p.clinic_id = current_clinic()
       AND (born IS NULL OR p.birth_date = ANY (born))
       AND (digits IS NULL OR p.phone LIKE '%' || digits || '%'
            OR patient_key(p.given, p.family, p.mrn) LIKE '%' || digits || '%')
       -- An index finds by one pattern, not by ALL of several: it finds by the first, the rest is sifted.
       AND (words[1] IS NULL OR patient_key(p.given, p.family, p.mrn) LIKE words[1])
       AND patient_key(p.given, p.family, p.mrn) LIKE ALL (words)
     ORDER BY lower(p.family), lower(p.given), p.birth_date, p.id
     LIMIT least(most, 100)
$$;
REVOKE ALL ON FUNCTION find_patients FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_patients TO carethread_app;

-- Whoever would rather not say has answered; 'unknown' is that nobody has.
ALTER TABLE patient DROP CONSTRAINT patient_sex_check;
ALTER TABLE patient ADD CONSTRAINT patient_sex_check
    CHECK (sex IN ('male', 'female', 'other', 'declined', 'unknown')) NOT VALID;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(KEYS)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
