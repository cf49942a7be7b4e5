"""chart: of a concept with several codes, the record's column holds the one that screens and checks go by.

Until now it held the first.
"""

from core.migrations.helpers import fill

revision = "0068_codes_that_count"
down_revision = "0067_tokens_by_patient"
branch_labels = None
depends_on = None

# As `chart.record.types` says it of this release.
CODES = """
WITH kind (resource_type, element, code_system) AS (
    VALUES ('Condition', 'code', 'http://hl7.org/fhir/sid/icd-10-cm'),
           ('Observation', 'code', 'http://loinc.org'),
           ('AllergyIntolerance', 'code', 'http://www.nlm.nih.gov/research/umls/rxnorm'),
           ('MedicationStatement', 'medicationCodeableConcept', 'http://www.nlm.nih.gov/research/umls/rxnorm'),
           ('MedicationRequest', 'medicationCodeableConcept', 'http://www.nlm.nih.gov/research/umls/rxnorm')
), other AS (
    SELECT DISTINCT ON (b.id) b.id, c.coding
      FROM record b JOIN kind k USING (resource_type)
     CROSS JOIN LATERAL jsonb_array_elements(
           CASE WHEN jsonb_typeof(b.resource #> ARRAY[k.element, 'coding']) = 'array'
                THEN b.resource #> ARRAY[k.element, 'coding'] ELSE '[]' END) WITH ORDINALITY AS c (coding, place)
     WHERE b.id = ANY(:ids) AND b.code_system IS DISTINCT FROM k.code_system
       AND c.coding ->> 'system' = k.code_system AND c.coding ? 'code'
     ORDER BY b.id, c.place
)
UPDATE record r SET code = other.coding ->> 'code', code_system = other.coding ->> 'system'
  FROM other WHERE r.id = other.id
"""


def upgrade() -> None:
    fill("codes_that_count", "record", CODES)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
