"""prescribing: medicines, pharmacies, prescriptions, and the messages between them."""

from alembic import op

from core.migrations.helpers import protect, script, share

revision = "0006_prescribing"
down_revision = "0005_chart"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE drug (
    id text PRIMARY KEY,
    title text NOT NULL,
    name text NOT NULL,
    brand text NOT NULL,
    ingredients text[] NOT NULL,
    strength text NOT NULL,
    form text NOT NULL,
    route text NOT NULL,
    schedule text NOT NULL CHECK (schedule IN ('', 'CII', 'CIII', 'CIV', 'CV')),
    classes text[] NOT NULL,
    usual jsonb NOT NULL,
    pack numeric,
    rxcui text,
    ndc text,
    rank integer NOT NULL,
    search text NOT NULL
);
CREATE INDEX drug_search ON drug USING gin (search gin_trgm_ops);

CREATE TABLE pharmacy (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL REFERENCES clinic,
    created_at timestamptz NOT NULL DEFAULT now(),
    ncpdp_id text NOT NULL CHECK (ncpdp_id ~ '^[0-9]{7}$'),
    npi text NOT NULL,
    name text NOT NULL,
    line text NOT NULL,
    city text NOT NULL,
    state text NOT NULL,
    zip text NOT NULL,
    phone text NOT NULL,
    fax text,
    UNIQUE (clinic_id, id),
    UNIQUE (clinic_id, ncpdp_id)
);

CREATE TABLE prescription (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    patient_id uuid NOT NULL,
    visit_id uuid NOT NULL,
    prescriber_id uuid NOT NULL,
    drug_id text NOT NULL REFERENCES drug,
    pharmacy_id uuid,
    version integer NOT NULL CHECK (version > 0),
    status text NOT NULL
        CHECK (status IN ('draft', 'signed', 'sending', 'sent', 'accepted', 'error', 'cancelled')),
    sig jsonb NOT NULL,
    quantity numeric CHECK (quantity > 0 AND quantity <= 9999),
    days_supply integer CHECK (days_supply BETWEEN 1 AND 365),
    refills integer NOT NULL CHECK (refills BETWEEN 0 AND 11),
    substitutions_allowed boolean NOT NULL,
    note text NOT NULL,
    diagnosis text,
    updated_at timestamptz NOT NULL,
    overrides jsonb NOT NULL DEFAULT '[]',
    document bytea,
    sha256 text,
    signature bytea,
    signed_at timestamptz,
    message_id text,
    record_id uuid,
    tries integer NOT NULL DEFAULT 0,
    next_try_at timestamptz,
    leased_until timestamptz,
    sent_at timestamptz,
    answered_at timestamptz,
    unconfirmed_at timestamptz,
    failure text CHECK (failure IN ('rejected', 'unreachable')),
    pharmacy_words text,
    CHECK (status <> 'draft' OR document IS NULL),
    CHECK (status IN ('draft', 'cancelled') OR document IS NOT NULL),
    CHECK ((document IS NULL) = (signature IS NULL)),
    CHECK ((document IS NULL) = (signed_at IS NULL)),
    CHECK ((document IS NULL) = (message_id IS NULL)),
    CHECK (sha256 = encode(sha256(document), 'hex')),
    CHECK ((status = 'error') = (failure IS NOT NULL)),
    UNIQUE (clinic_id, id),
    UNIQUE (clinic_id, message_id),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id),
    FOREIGN KEY (clinic_id, visit_id) REFERENCES visit (clinic_id, id),
    FOREIGN KEY (clinic_id, prescriber_id) REFERENCES account (clinic_id, id),
    FOREIGN KEY (clinic_id, pharmacy_id) REFERENCES pharmacy (clinic_id, id),
    FOREIGN KEY (clinic_id, record_id) REFERENCES record (clinic_id, id)
);
CREATE INDEX prescription_of_patient ON prescription (patient_id, created_at DESC);
CREATE INDEX prescription_of_visit ON prescription (visit_id);
CREATE INDEX prescription_unconfirmed ON prescription (signed_at)
    WHERE unconfirmed_at IS NULL AND status IN ('signed', 'sending', 'sent');
CREATE INDEX prescription_of_prescriber ON prescription (prescriber_id, signed_at DESC);
CREATE INDEX prescription_due ON prescription (next_try_at) WHERE status IN ('signed', 'sending');

CREATE FUNCTION refuse_change_to_signed_prescription() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a signed prescription is never changed' USING ERRCODE = 'integrity_constraint_violation';
END
$$;
CREATE TRIGGER prescription_signed_stays BEFORE UPDATE ON prescription
    FOR EACH ROW WHEN (OLD.document IS NOT NULL AND
        (NEW.document, NEW.sha256, NEW.signature, NEW.signed_at, NEW.message_id, NEW.overrides, NEW.drug_id,
         NEW.pharmacy_id, NEW.sig, NEW.quantity, NEW.days_supply, NEW.refills, NEW.substitutions_allowed,
         NEW.note, NEW.diagnosis, NEW.patient_id, NEW.visit_id, NEW.prescriber_id)
        IS DISTINCT FROM
        (OLD.document, OLD.sha256, OLD.signature, OLD.signed_at, OLD.message_id, OLD.overrides, OLD.drug_id,
         OLD.pharmacy_id, OLD.sig, OLD.quantity, OLD.days_supply, OLD.refills, OLD.substitutions_allowed,
         OLD.note, OLD.diagnosis, OLD.patient_id, OLD.visit_id, OLD.prescriber_id))
    EXECUTE FUNCTION refuse_change_to_signed_prescription();

CREATE TABLE script_message (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    prescription_id uuid NOT NULL,
    direction text NOT NULL CHECK (direction IN ('out', 'in')),
    kind text NOT NULL CHECK (kind IN ('NewRx', 'Status', 'Verify', 'Error')),
    message_id text NOT NULL,
    relates_to text,
    sealed bytea NOT NULL,
    UNIQUE (clinic_id, direction, message_id),
    FOREIGN KEY (clinic_id, prescription_id) REFERENCES prescription (clinic_id, id)
);
CREATE INDEX script_message_of_prescription ON script_message (prescription_id, created_at);

CREATE TRIGGER prescription_changes_chart AFTER INSERT OR UPDATE ON prescription
    FOR EACH ROW WHEN (NEW.document IS NOT NULL) EXECUTE FUNCTION chart_changed();

CREATE OR REPLACE FUNCTION prescriptions_of(of_patient uuid) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(json_build_object(
               'id', p.id, 'visit_id', p.visit_id, 'drug', d.title,
               'sig', signed.document ->> 'sig_en', 'sig_es', signed.document ->> 'sig_es',
               'pharmacy_name', f.name, 'pharmacy_phone', f.phone,
               'status', p.status, 'signed_at', p.signed_at, 'sent_at', p.sent_at)
               ORDER BY p.signed_at DESC), '[]')
      FROM prescription p JOIN drug d ON d.id = p.drug_id JOIN pharmacy f ON f.id = p.pharmacy_id
      CROSS JOIN LATERAL (SELECT convert_from(p.document, 'UTF8')::json AS document) signed
     WHERE p.patient_id = of_patient AND p.document IS NOT NULL
$$;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLES)
    share("drug", grants="SELECT")
    protect("pharmacy", grants="SELECT, INSERT, UPDATE")
    # Prescriptions are never deleted, and what went over the wire stays as it was.
    protect("prescription", grants="SELECT, INSERT, UPDATE")
    protect("script_message", grants="SELECT, INSERT")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
