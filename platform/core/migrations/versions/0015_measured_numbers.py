"""chart: a measured value is a number in the summary, also where an imported record has it as text."""

from alembic import op

revision = "0015_measured_numbers"
down_revision = "0014_refusals"
branch_labels = None
depends_on = None

# The function of 0005; FHIR's JSON has decimals as numbers, and some of what was imported has them as text.
MEASURED = """
CREATE OR REPLACE FUNCTION measured(of_patient uuid, codes text[], points integer)
RETURNS TABLE (place bigint, trend json) LANGUAGE sql STABLE AS $$
    SELECT c.place, json_build_object(
               'code', c.code, 'unit', (array_agg(v.unit ORDER BY v.at DESC))[1],
               'points', json_agg(
                   json_build_object('at', v.at, 'value', (v.value #>> '{}')::numeric, 'source', v.source)
                   ORDER BY v.at DESC))
      FROM unnest(codes) WITH ORDINALITY AS c (code, place)
     CROSS JOIN LATERAL (
        SELECT * FROM (
            (SELECT r.effective_at AS at, r.resource #> '{valueQuantity,value}' AS value,
                    r.resource #>> '{valueQuantity,unit}' AS unit, r.source
               FROM record r
              WHERE r.patient_id = of_patient AND r.resource_type = 'Observation' AND NOT r.in_error
                AND r.code = c.code AND r.effective_at IS NOT NULL AND r.resource ? 'valueQuantity'
              ORDER BY r.effective_at DESC LIMIT points)
            UNION ALL
            (SELECT r.effective_at, part #> '{valueQuantity,value}', part #>> '{valueQuantity,unit}', r.source
               FROM record r, jsonb_array_elements(r.resource -> 'component') AS part
              WHERE c.code IN ('8480-6', '8462-4')
                AND r.patient_id = of_patient AND r.resource_type = 'Observation' AND NOT r.in_error
                AND r.code = '85354-9' AND r.effective_at IS NOT NULL AND r.resource ? 'component'
                AND part #>> '{code,coding,0,code}' = c.code
              ORDER BY r.effective_at DESC LIMIT points)
        ) AS both_forms
         WHERE value #>> '{}' ~ '^-?[0-9]+([.][0-9]+)?$'
         ORDER BY at DESC LIMIT points) AS v
     GROUP BY c.place, c.code
$$;
"""

# What has been prepared with such a value is prepared anew when it is next asked for.
OUTDATED = """
UPDATE chart_summary SET stamp = stamp + 1
 WHERE patient_id IN (
       SELECT patient_id FROM record
        WHERE resource_type = 'Observation'
          AND jsonb_path_exists(resource, '$.**.valueQuantity.value ? (@.type() == "string")'))
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(MEASURED)
    op.execute(OUTDATED)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
