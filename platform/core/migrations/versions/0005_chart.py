"""chart: the record, notes and what is made of them, and the code tables."""

from alembic import op

from core.migrations.helpers import protect, script, share

revision = "0005_chart"
down_revision = "0004_intake"
branch_labels = None
depends_on = None

RECORD = """
CREATE TABLE record (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    patient_id uuid NOT NULL,
    visit_id uuid,
    resource_type text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    status text,
    code text,
    code_system text,
    display text,
    category text,
    effective_at timestamptz,
    in_error boolean NOT NULL DEFAULT false,
    source text NOT NULL CHECK (source IN ('patient', 'clinician', 'import')),
    author_id uuid,
    updated_at timestamptz NOT NULL,
    resource jsonb NOT NULL,
    CHECK (resource ->> 'resourceType' = resource_type),
    UNIQUE (clinic_id, id),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id),
    FOREIGN KEY (clinic_id, visit_id) REFERENCES visit (clinic_id, id),
    FOREIGN KEY (clinic_id, author_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX record_of_patient ON record (patient_id, resource_type, code, effective_at DESC) WHERE NOT in_error;
CREATE INDEX record_of_visit ON record (visit_id) WHERE visit_id IS NOT NULL;

CREATE TABLE record_history (
    record_id uuid NOT NULL,
    version integer NOT NULL,
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    source text NOT NULL,
    author_id uuid,
    reason text,
    at timestamptz NOT NULL,
    resource jsonb NOT NULL,
    PRIMARY KEY (record_id, version),
    FOREIGN KEY (clinic_id, record_id) REFERENCES record (clinic_id, id)
);
CREATE INDEX record_history_of_patient ON record_history (patient_id, at DESC);
"""

NOTES = """
CREATE TABLE note (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    visit_id uuid NOT NULL UNIQUE,
    patient_id uuid NOT NULL,
    author_id uuid NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    status text NOT NULL CHECK (status IN ('draft', 'ready', 'signed')),
    content jsonb NOT NULL,
    saved_at timestamptz NOT NULL,
    saved_by uuid NOT NULL,
    document bytea,
    sha256 text,
    signed_at timestamptz,
    signed_by uuid,
    signature bytea,
    CHECK ((status = 'draft') = (document IS NULL)),
    CHECK ((document IS NULL) = (sha256 IS NULL)),
    CHECK (sha256 = encode(sha256(document), 'hex')),
    CHECK ((status = 'signed') = (signed_at IS NOT NULL)),
    CHECK ((signed_at IS NULL) = (signature IS NULL)),
    CHECK ((signed_at IS NULL) = (signed_by IS NULL)),
    UNIQUE (clinic_id, id),
    FOREIGN KEY (clinic_id, visit_id) REFERENCES visit (clinic_id, id),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id),
    FOREIGN KEY (clinic_id, author_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX note_of_patient ON note (patient_id, created_at DESC);

CREATE FUNCTION refuse_change_to_signed_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a signed note is never changed' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER note_signed_stays BEFORE UPDATE OR DELETE ON note
    FOR EACH ROW WHEN (OLD.status = 'signed') EXECUTE FUNCTION refuse_change_to_signed_note();

CREATE TABLE note_version (
    note_id uuid NOT NULL,
    version integer NOT NULL,
    clinic_id uuid NOT NULL,
    content jsonb NOT NULL,
    saved_at timestamptz NOT NULL,
    saved_by uuid NOT NULL,
    PRIMARY KEY (note_id, version),
    FOREIGN KEY (clinic_id, note_id) REFERENCES note (clinic_id, id)
);

CREATE TABLE note_addendum (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    note_id uuid NOT NULL,
    author_id uuid NOT NULL,
    text text NOT NULL,
    signed_at timestamptz NOT NULL,
    sha256 text NOT NULL,
    signature bytea NOT NULL,
    FOREIGN KEY (clinic_id, note_id) REFERENCES note (clinic_id, id),
    FOREIGN KEY (clinic_id, author_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX note_addendum_of_note ON note_addendum (note_id, signed_at);

CREATE TABLE plan_item (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    note_id uuid NOT NULL,
    visit_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    position integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('call', 'lab', 'recheck', 'referral', 'other')),
    title text NOT NULL,
    due_in_days integer CHECK (due_in_days >= 0),
    detail text NOT NULL DEFAULT '',
    UNIQUE (clinic_id, id),
    UNIQUE (note_id, position),
    FOREIGN KEY (clinic_id, note_id) REFERENCES note (clinic_id, id),
    FOREIGN KEY (clinic_id, visit_id) REFERENCES visit (clinic_id, id),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id)
);
CREATE INDEX plan_item_of_patient ON plan_item (patient_id, created_at DESC);

CREATE TABLE after_visit_summary (
    visit_id uuid PRIMARY KEY,
    clinic_id uuid NOT NULL,
    patient_id uuid NOT NULL,
    note_id uuid NOT NULL,
    record_id uuid NOT NULL,
    blob_id uuid NOT NULL,
    content jsonb NOT NULL,
    made_at timestamptz NOT NULL,
    FOREIGN KEY (clinic_id, visit_id) REFERENCES visit (clinic_id, id),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id),
    FOREIGN KEY (clinic_id, note_id) REFERENCES note (clinic_id, id),
    FOREIGN KEY (clinic_id, record_id) REFERENCES record (clinic_id, id)
);
"""

# The chart's summary is kept as the bytes that a screen gets. Whatever it is made from moves `stamp` in its own
# transaction; the bytes count only while `built` equals it. A reader that builds them has read the stamp and the
# facts in one snapshot, so that a change which it did not see makes its bytes void, never current.
SUMMARY = """
CREATE TABLE chart_summary (
    patient_id uuid PRIMARY KEY,
    clinic_id uuid NOT NULL,
    stamp bigint NOT NULL DEFAULT 1,
    built bigint NOT NULL DEFAULT 0,
    body bytea,
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id)
) WITH (fillfactor = 70);
ALTER TABLE chart_summary ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE FUNCTION chart_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed uuid;
BEGIN
    IF TG_TABLE_NAME = 'patient' THEN
        changed := NEW.id;
    ELSE
        changed := NEW.patient_id;
    END IF;
    INSERT INTO chart_summary (patient_id, clinic_id) VALUES (changed, NEW.clinic_id)
    ON CONFLICT (patient_id) DO UPDATE SET stamp = chart_summary.stamp + 1;
    RETURN NULL;
END
$$;
"""

# The hottest read in one call: who asks, whether they may, the audit row, the bytes. It only ever says yes: for
# anything but a plain success it gives NULL and leaves no trace, and the request takes the ordinary way. It runs with
# the caller's rights, so that row-level security holds for the clinic that `authenticate` enters.
HOT_READ = """
CREATE FUNCTION read_chart_summary(
    token_hash bytea, at timestamptz, of_patient uuid, permitted text[], request text
) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    who record;
    kept bytea;
BEGIN
    SELECT * INTO who FROM authenticate(token_hash, at);
    IF NOT FOUND OR NOT who.roles && permitted THEN
        RETURN NULL;
    END IF;
    SELECT s.body INTO kept FROM chart_summary s WHERE s.patient_id = of_patient AND s.built = s.stamp;
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
REVOKE ALL ON FUNCTION read_chart_summary FROM PUBLIC;
GRANT EXECUTE ON FUNCTION read_chart_summary TO carethread_app;
"""

# The latest values of each measurement, newest first: walked by the index, so that a chart of 20,000 observations
# costs as little as a small one. A panel (blood pressure) holds its values as components of one observation.
MEASURED = """
CREATE FUNCTION measured(of_patient uuid, codes text[], points integer)
RETURNS TABLE (place bigint, trend json) LANGUAGE sql STABLE AS $$
    SELECT c.place, json_build_object(
               'code', c.code, 'unit', (array_agg(v.unit ORDER BY v.at DESC))[1],
               'points', json_agg(json_build_object('at', v.at, 'value', v.value, 'source', v.source)
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
         WHERE value IS NOT NULL
         ORDER BY at DESC LIMIT points) AS v
     GROUP BY c.place, c.code
$$;
GRANT EXECUTE ON FUNCTION measured TO carethread_app;

-- Replaced by prescribing, whose tables come later.
CREATE FUNCTION prescriptions_of(of_patient uuid) RETURNS json LANGUAGE sql STABLE AS $$ SELECT '[]'::json $$;
GRANT EXECUTE ON FUNCTION prescriptions_of TO carethread_app;
"""

# Names are found by trigrams, which row-level security keeps from using an index (their operators may leak what
# they see into errors). So the search runs as the owner, and names the clinic itself.
PATIENT_SEARCH = """
CREATE INDEX patient_search ON patient
    USING gin ((without_accents(given || ' ' || family || ' ' || mrn)) gin_trgm_ops);
CREATE INDEX patient_phone ON patient USING gin (phone gin_trgm_ops);

CREATE FUNCTION search_patients(words text[], born date, digits text, most integer)
RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id FROM patient p
     WHERE p.clinic_id = current_clinic()
       AND (born IS NULL OR p.birth_date = born)
       AND (digits IS NULL OR p.phone LIKE '%' || digits
            OR without_accents(p.given || ' ' || p.family || ' ' || p.mrn) LIKE '%' || digits || '%')
       -- An index finds by one pattern, not by ALL of several: it finds by the first, the rest is sifted.
       AND (words[1] IS NULL OR without_accents(p.given || ' ' || p.family || ' ' || p.mrn) LIKE words[1])
       AND without_accents(p.given || ' ' || p.family || ' ' || p.mrn) LIKE ALL (words)
     ORDER BY lower(p.family), lower(p.given), p.birth_date, p.id
     LIMIT least(most, 100)
$$;
REVOKE ALL ON FUNCTION search_patients FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_patients TO carethread_app;
"""

TERMINOLOGY = """
CREATE TABLE icd10_code (
    code text PRIMARY KEY,
    billable boolean NOT NULL,
    description text NOT NULL,
    inclusion text NOT NULL,
    rank integer NOT NULL,
    document tsvector NOT NULL GENERATED ALWAYS AS (to_tsvector('english', description || ' ' || inclusion)) STORED
);
CREATE INDEX icd10_code_prefix ON icd10_code (code text_pattern_ops);
CREATE INDEX icd10_code_document ON icd10_code USING gin (document);
CREATE INDEX icd10_code_rank ON icd10_code (rank);

CREATE TABLE icd10_word (word text PRIMARY KEY, uses integer NOT NULL);
CREATE INDEX icd10_word_prefix ON icd10_word (word text_pattern_ops);
CREATE INDEX icd10_word_near ON icd10_word USING gin (word gin_trgm_ops);

CREATE TABLE lay_term (code text PRIMARY KEY, en text NOT NULL, es text NOT NULL, terms text[] NOT NULL);

CREATE TABLE terminology_release (name text PRIMARY KEY, fingerprint text NOT NULL);
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(RECORD)
    script(NOTES)
    # Nothing clinical is ever deleted, and what has been said stays said.
    protect("record", grants="SELECT, INSERT, UPDATE")
    protect("record_history", grants="SELECT, INSERT")
    protect("note", grants="SELECT, INSERT, UPDATE")
    protect("note_version", grants="SELECT, INSERT")
    protect("note_addendum", grants="SELECT, INSERT")
    protect("plan_item", grants="SELECT, INSERT")
    protect("after_visit_summary", grants="SELECT, INSERT, UPDATE")
    script(SUMMARY)
    protect("chart_summary")
    # Of a note, the chart shows only what was signed: a draft saved every second changes nothing.
    for table, when in (
        ("patient", ""),
        ("visit", ""),
        ("record", ""),
        ("note", "WHEN (NEW.status = 'signed')"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_changes_chart AFTER INSERT OR UPDATE ON {table} "
            f"FOR EACH ROW {when} EXECUTE FUNCTION chart_changed()"
        )
    script(HOT_READ)
    script(MEASURED)
    script(PATIENT_SEARCH)
    script(TERMINOLOGY)
    for table in ("icd10_code", "icd10_word", "lay_term", "terminology_release"):
        share(table, grants="SELECT")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
