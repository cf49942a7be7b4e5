"""chart: a search index of the record. Rows are drawn from resources by `chart.record.search.indexing`, at every start.

`record_token` are the codes that are often asked of a whole clinic. Policies of row-level security let no index of
arrays be used (`&&` may leak), so a clinic-wide search by any other code goes through a function of the owner.
"""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0045_record_search"
down_revision = "0044_stuck_work"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE record_search (
    record_id uuid PRIMARY KEY,
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    resource_type text NOT NULL,
    version integer NOT NULL,
    shape text NOT NULL,
    in_error boolean NOT NULL,
    updated_at timestamptz NOT NULL,
    low timestamptz,
    high timestamptz,
    tokens bigint[] NOT NULL,
    hot bigint[] NOT NULL,
    date_keys bigint[] NOT NULL,
    date_lows timestamptz[] NOT NULL,
    date_highs timestamptz[] NOT NULL,
    quantity_keys bigint[] NOT NULL,
    quantity_values numeric[] NOT NULL,
    strings text[] NOT NULL,
    CHECK (cardinality(date_keys) = cardinality(date_lows) AND cardinality(date_keys) = cardinality(date_highs)),
    CHECK (cardinality(quantity_keys) = cardinality(quantity_values)),
    FOREIGN KEY (clinic_id, record_id) REFERENCES record (clinic_id, id),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id)
);
CREATE INDEX record_search_of_patient
    ON record_search (clinic_id, patient_id, resource_type, low DESC NULLS LAST, record_id DESC);
CREATE INDEX record_search_updated ON record_search (clinic_id, resource_type, updated_at DESC, record_id DESC);
CREATE INDEX record_search_tokens ON record_search USING gin (tokens);
CREATE INDEX record_updated ON record (updated_at);

CREATE TABLE record_token (
    clinic_id uuid NOT NULL,
    resource_type text NOT NULL,
    token bigint NOT NULL,
    updated_at timestamptz NOT NULL,
    record_id uuid NOT NULL,
    PRIMARY KEY (clinic_id, resource_type, token, updated_at, record_id),
    FOREIGN KEY (clinic_id, record_id) REFERENCES record (clinic_id, id)
);
CREATE INDEX record_token_of_record ON record_token (record_id);
"""

HOT = """
CREATE FUNCTION record_tokens_follow() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM record_token WHERE record_id = NEW.record_id;
    END IF;
    INSERT INTO record_token
    SELECT NEW.clinic_id, NEW.resource_type, each, NEW.updated_at, NEW.record_id FROM unnest(NEW.hot) AS each;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION record_tokens_follow() FROM PUBLIC;
CREATE TRIGGER record_search_has_tokens AFTER INSERT OR UPDATE ON record_search
    FOR EACH ROW EXECUTE FUNCTION record_tokens_follow();

CREATE FUNCTION records_with_token(of_type text, any_of bigint[]) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT record_id FROM record_search
     WHERE clinic_id = current_clinic() AND resource_type = of_type AND tokens && any_of
$$;
REVOKE ALL ON FUNCTION records_with_token(text, bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION records_with_token(text, bigint[]) TO carethread_app, carethread_system;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLES)
    protect("record_search", grants="SELECT, INSERT, UPDATE")
    protect("record_token", grants="SELECT")
    script(HOT)
    # What was indexed, and by which release, is kept beside the reference data.
    op.execute("GRANT INSERT, UPDATE ON terminology_release TO carethread_system")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
