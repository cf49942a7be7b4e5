"""directory: ways to reach a patient beside the one by which they sign in, and what others know them by."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0070_contacts_and_identifiers"
down_revision = "0069_record_in_error"
branch_labels = None
depends_on = None

# A telephone's `value` is E.164 and its `extension` digits, so that parts go where parts are asked for. Rows that ended
# stay. One number may be both of a patient's and of their household's, with extensions of its own.
CONTACTS = """
CREATE TABLE contact_point (
    id uuid PRIMARY KEY,
    clinic_id uuid NOT NULL REFERENCES clinic (id),
    created_at timestamptz NOT NULL,
    patient_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('mobile', 'home', 'work', 'other', 'email')),
    value text NOT NULL CHECK (CASE WHEN kind = 'email' THEN value LIKE '%@%' ELSE value ~ '^\\+[0-9]{5,15}$' END),
    extension text NOT NULL DEFAULT '' CHECK (extension ~ '^[0-9]{0,8}$'),
    may_leave_message boolean NOT NULL DEFAULT true,
    household boolean NOT NULL DEFAULT false,
    preferred boolean NOT NULL DEFAULT false,
    note text NOT NULL DEFAULT '' CHECK (char_length(note) <= 200),
    ended_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id)
);
CREATE UNIQUE INDEX contact_point_once ON contact_point (patient_id, value, extension) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX contact_point_preferred ON contact_point (patient_id) WHERE ended_at IS NULL AND preferred;
"""

# What somebody signed in by until now may be a stranger's soon: nobody is called there because of it. A trigger,
# because the patient, staff and the version before change it in several ways.
FORMER = """
CREATE FUNCTION former_contact_ends() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE contact_point c SET ended_at = now(), version = c.version + 1
     WHERE c.patient_id = new.id AND c.ended_at IS NULL
       AND (c.value = old.phone AND c.extension = '' AND old.phone IS DISTINCT FROM new.phone
            OR c.value = old.email AND old.email IS DISTINCT FROM new.email);
    RETURN NULL;
END
$$;
CREATE TRIGGER former_contact_ends AFTER UPDATE OF phone, email ON patient
    FOR EACH ROW WHEN (old.phone IS DISTINCT FROM new.phone OR old.email IS DISTINCT FROM new.email)
    EXECUTE FUNCTION former_contact_ends();
"""

# `kind` is of HL7's table 0203, where it has one. `key` is `value` as it is looked for: capitals, without blanks and
# signs.
IDENTIFIERS = """
CREATE TABLE patient_identifier (
    id uuid PRIMARY KEY,
    clinic_id uuid NOT NULL REFERENCES clinic (id),
    created_at timestamptz NOT NULL,
    patient_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('MR', 'MB', 'DL', 'PPN', 'other')),
    system text NOT NULL DEFAULT '' CHECK (char_length(system) <= 200),
    issuer text NOT NULL CHECK (char_length(issuer) <= 120),
    value text NOT NULL CHECK (char_length(value) BETWEEN 1 AND 60),
    key text NOT NULL CHECK (key <> ''),
    starts_on date,
    ends_on date CHECK (ends_on >= starts_on),
    ended_at timestamptz,
    version integer NOT NULL DEFAULT 1,
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id)
);
CREATE UNIQUE INDEX patient_identifier_once ON patient_identifier (patient_id, kind, lower(issuer), key)
    WHERE ended_at IS NULL;
CREATE INDEX patient_identifier_by_key ON patient_identifier (clinic_id, key) WHERE ended_at IS NULL;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(CONTACTS)
    script(IDENTIFIERS)
    for table in ("contact_point", "patient_identifier"):
        protect(table, grants="SELECT, INSERT, UPDATE")
        op.execute(
            f"CREATE POLICY closed ON {table} AS RESTRICTIVE FOR SELECT TO carethread_app "
            "USING (patient_id <> ALL ((SELECT closed_patients())::uuid[]))"
        )
    script(FORMER)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
