"""chart: of a concept with several codes, the record's column holds the one that screens and checks go by.

Until now it held the first. Filled in batches, each committed by itself: nobody waits longer than for one of them.
"""

from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision = "0058_codes_that_count"
down_revision = "0057_tokens_by_patient"
branch_labels = None
depends_on = None

# As `chart.record.types` says it of this release.
BATCH = """
WITH batch AS (
    SELECT id, resource_type, code_system, resource FROM record WHERE id > :after ORDER BY id LIMIT 2000
), kind (resource_type, element, code_system) AS (
    VALUES ('Condition', 'code', 'http://hl7.org/fhir/sid/icd-10-cm'),
           ('Observation', 'code', 'http://loinc.org'),
           ('AllergyIntolerance', 'code', 'http://www.nlm.nih.gov/research/umls/rxnorm'),
           ('MedicationStatement', 'medicationCodeableConcept', 'http://www.nlm.nih.gov/research/umls/rxnorm'),
           ('MedicationRequest', 'medicationCodeableConcept', 'http://www.nlm.nih.gov/research/umls/rxnorm')
), other AS (
    SELECT DISTINCT ON (b.id) b.id, c.coding
      FROM batch b JOIN kind k USING (resource_type)
     CROSS JOIN LATERAL jsonb_array_elements(
           CASE WHEN jsonb_typeof(b.resource #> ARRAY[k.element, 'coding']) = 'array'
                THEN b.resource #> ARRAY[k.element, 'coding'] ELSE '[]' END) WITH ORDINALITY AS c (coding, place)
     WHERE b.code_system IS DISTINCT FROM k.code_system AND c.coding ->> 'system' = k.code_system
       AND c.coding ? 'code'
     ORDER BY b.id, c.place
), filled AS (
    UPDATE record r SET code = other.coding ->> 'code', code_system = other.coding ->> 'system'
      FROM other WHERE r.id = other.id
)
SELECT id FROM batch ORDER BY id DESC LIMIT 1
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    # A batch locks rows alone, and waits for nobody but who changes one of them.
    with op.get_context().autocommit_block():
        statement = sa.text(BATCH).bindparams(sa.bindparam("after", type_=sa.Uuid()))
        after: UUID | None = UUID(int=0)
        while after is not None:
            after = op.get_bind().scalar(statement, {"after": after})


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
