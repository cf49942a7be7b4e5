"""chart: a prepared summary is kept for one shape of it, and ends with every change of what it shows.

`key` is the shape, the chart's stamp and the stamp of the tables that all clinics share, as of when `body` was made.
A chart's stamp moves too when its clinicians or pharmacies are renamed. The release before goes by `built` alone.
"""

from alembic import op

from core.migrations.helpers import script, share

revision = "0034_summary_key"
down_revision = "0033_verbatim"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE chart_reference (stamp bigint NOT NULL);
CREATE UNIQUE INDEX chart_reference_one ON chart_reference ((true));
INSERT INTO chart_reference VALUES (1);

ALTER TABLE chart_summary ADD COLUMN key text;

-- Whoever writes a body without another key is the release before, or came second: that body counts for nobody.
CREATE FUNCTION chart_summary_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.key IS NOT DISTINCT FROM OLD.key THEN
        NEW.key := NULL;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER chart_summary_body BEFORE UPDATE OF body ON chart_summary
    FOR EACH ROW EXECUTE FUNCTION chart_summary_key();
"""

# The rows are taken in one order, so that two renamings do not wait for each other.
RENAMED = """
CREATE FUNCTION chart_name_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE chart_summary SET stamp = stamp + 1 WHERE patient_id IN (
        SELECT s.patient_id FROM chart_summary s
         WHERE s.patient_id IN (
               SELECT v.patient_id FROM visit v WHERE TG_TABLE_NAME = 'account' AND v.clinician_id = NEW.id
                UNION ALL
               SELECT p.patient_id FROM prescription p WHERE TG_TABLE_NAME = 'pharmacy' AND p.pharmacy_id = NEW.id)
         ORDER BY s.patient_id FOR UPDATE);
    RETURN NULL;
END
$$;
CREATE TRIGGER account_changes_chart AFTER UPDATE ON account
    FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION chart_name_changed();
CREATE TRIGGER pharmacy_changes_chart AFTER UPDATE ON pharmacy
    FOR EACH ROW WHEN ((OLD.name, OLD.phone) IS DISTINCT FROM (NEW.name, NEW.phone))
    EXECUTE FUNCTION chart_name_changed();

CREATE FUNCTION chart_reference_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE chart_reference SET stamp = stamp + 1;
    RETURN NULL;
END
$$;
CREATE TRIGGER drug_changes_chart AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON drug
    FOR EACH STATEMENT EXECUTE FUNCTION chart_reference_changed();
CREATE TRIGGER lay_term_changes_chart AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON lay_term
    FOR EACH STATEMENT EXECUTE FUNCTION chart_reference_changed();
"""

# As in 0005, for one shape.
HOT_READ = """
CREATE FUNCTION read_chart_summary(
    token_hash bytea, at timestamptz, of_patient uuid, permitted text[], request text, shape text
) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    who record;
    kept bytea;
BEGIN
    SELECT * INTO who FROM authenticate(token_hash, at);
    IF NOT FOUND OR NOT who.roles && permitted THEN
        RETURN NULL;
    END IF;
    SELECT s.body INTO kept FROM chart_summary s, chart_reference r
     WHERE s.patient_id = of_patient AND s.key = concat_ws(':', shape, s.stamp, r.stamp);
    IF kept IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO audit_event (clinic_id, at, account_id, roles, session_id, request_id, action, entity_type,
                             entity_id, patient_id)
    VALUES (who.clinic_id, read_chart_summary.at, who.account_id, who.roles, who.session_id, request, 'chart.read',
            'patient', of_patient, of_patient);
    RETURN kept;
END
$$;
REVOKE ALL ON FUNCTION read_chart_summary(bytea, timestamptz, uuid, text[], text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION read_chart_summary(bytea, timestamptz, uuid, text[], text, text) TO carethread_app;
"""

# As in 0015, with the digits as they were typed or imported: a browser makes 1.1 of the number 1.10.
MEASURED = """
CREATE OR REPLACE FUNCTION measured(of_patient uuid, codes text[], points integer)
RETURNS TABLE (place bigint, trend json) LANGUAGE sql STABLE AS $$
    SELECT c.place, json_build_object(
               'code', c.code, 'unit', (array_agg(v.unit ORDER BY v.at DESC))[1],
               'points', json_agg(
                   json_build_object('at', v.at, 'value', (v.value #>> '{}')::numeric,
                                     'typed', v.value #>> '{}', 'source', v.source)
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


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLES)
    share("chart_reference", grants="SELECT")
    script(RENAMED)
    script(HOT_READ)
    op.execute(MEASURED)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
