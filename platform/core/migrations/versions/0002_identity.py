"""identity: clinics, people, sessions and what proves who someone is."""

from alembic import op

from core.migrations.helpers import protect, script, share

revision = "0002_identity"
down_revision = "0001_core"
branch_labels = None
depends_on = None

# Every row names its clinic. Pairs (clinic_id, id) are unique, so that others may refer to both at once.
TABLES = """
-- As core.text.without_accents: whoever types 'felix' finds Félix.
CREATE FUNCTION without_accents(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN lower(regexp_replace(normalize(words, NFKD), '[\u0300-\u036f]', '', 'g'));

CREATE TABLE clinic (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    name text NOT NULL,
    time_zone text NOT NULL,
    languages text[] NOT NULL DEFAULT '{en}' CHECK (cardinality(languages) > 0),
    hours jsonb NOT NULL DEFAULT '{}',
    emergency_number text NOT NULL DEFAULT '911',
    phone text,
    settings jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE account (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL REFERENCES clinic (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    name text NOT NULL,
    email text CHECK (email = lower(email)),
    phone text CHECK (phone ~ '^[+][1-9][0-9]{6,14}$'),
    roles text[] NOT NULL CHECK (
        roles IN ('{patient}', '{guest}')
        OR (cardinality(roles) > 0 AND roles <@ '{clinician,coordinator,admin}')
    ),
    locale text NOT NULL DEFAULT 'en',
    status text NOT NULL DEFAULT 'active' CHECK (status IN ('invited', 'active', 'disabled')),
    CHECK (email IS NOT NULL OR phone IS NOT NULL OR roles = '{guest}'),
    UNIQUE (clinic_id, id)
);
-- One person may be staff and patient of one clinic, by two accounts.
CREATE UNIQUE INDEX account_patient_email ON account (clinic_id, email) WHERE roles = '{patient}';
CREATE UNIQUE INDEX account_patient_phone ON account (clinic_id, phone) WHERE roles = '{patient}';
CREATE UNIQUE INDEX account_staff_email ON account (clinic_id, email)
    WHERE roles <@ '{clinician,coordinator,admin}';

CREATE TABLE staff (
    account_id uuid PRIMARY KEY,
    clinic_id uuid NOT NULL,
    npi text CHECK (npi ~ '^[0-9]{10}$'),
    dea text,
    title text,
    credentials text,
    licences text[] NOT NULL DEFAULT '{}',
    version integer NOT NULL DEFAULT 1,
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id)
);

CREATE SEQUENCE medical_record_number START 100001;

CREATE TABLE patient (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL REFERENCES clinic (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    account_id uuid UNIQUE,
    family text NOT NULL,
    given text NOT NULL,
    birth_date date NOT NULL,
    sex text NOT NULL DEFAULT 'unknown' CHECK (sex IN ('male', 'female', 'other', 'unknown')),
    phone text,
    email text,
    address jsonb,
    time_zone text,
    language text NOT NULL DEFAULT 'en',
    mrn text NOT NULL,
    preferred_pharmacy_id uuid,
    UNIQUE (clinic_id, mrn),
    UNIQUE (clinic_id, id),
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX patient_name ON patient (clinic_id, lower(family), lower(given), birth_date);
CREATE INDEX patient_birth_date ON patient (clinic_id, birth_date);

CREATE TABLE consent_text (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL REFERENCES clinic (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL CHECK (version > 0),
    body_en text NOT NULL,
    body_es text NOT NULL,
    published_by uuid,
    UNIQUE (clinic_id, version),
    FOREIGN KEY (clinic_id, published_by) REFERENCES account (clinic_id, id)
);

CREATE TABLE auth_session (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    account_id uuid NOT NULL,
    token_hash bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    method text NOT NULL,
    device text NOT NULL,
    idle interval NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    stepped_up_at timestamptz,
    ended_at timestamptz,
    ended_because text,
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX auth_session_of_account ON auth_session (account_id, last_seen_at);
CREATE INDEX auth_session_expiry ON auth_session (expires_at);

CREATE TABLE one_time_code (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL REFERENCES clinic (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    channel text NOT NULL CHECK (channel IN ('sms', 'email')),
    contact text NOT NULL,
    locale text NOT NULL,
    code_hash bytea NOT NULL,
    link_hash bytea NOT NULL UNIQUE,
    sealed bytea,
    tries_left smallint NOT NULL CHECK (tries_left >= 0),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    voided_at timestamptz,
    registration_hash bytea UNIQUE,
    registered_at timestamptz,
    account_id uuid,
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX one_time_code_open ON one_time_code (clinic_id, contact)
    WHERE used_at IS NULL AND voided_at IS NULL;
CREATE INDEX one_time_code_expiry ON one_time_code (expires_at);

CREATE TABLE password (
    account_id uuid PRIMARY KEY,
    clinic_id uuid NOT NULL,
    hash text NOT NULL,
    changed_at timestamptz NOT NULL,
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id)
);

CREATE TABLE authenticator (
    account_id uuid PRIMARY KEY,
    clinic_id uuid NOT NULL,
    secret bytea,
    pending bytea,
    last_step bigint NOT NULL DEFAULT 0,
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id)
);

CREATE TABLE recovery_code (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    account_id uuid NOT NULL,
    code_hash bytea NOT NULL,
    used_at timestamptz,
    UNIQUE (account_id, code_hash),
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id)
);

CREATE TABLE credential (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    account_id uuid NOT NULL,
    credential_id bytea NOT NULL UNIQUE,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    name text NOT NULL,
    transports text[] NOT NULL DEFAULT '{}',
    last_used_at timestamptz,
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX credential_account ON credential (account_id);

CREATE TABLE challenge (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL REFERENCES clinic (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    purpose text NOT NULL,
    account_id uuid,
    token_hash bytea NOT NULL UNIQUE,
    webauthn bytea,
    tries_left smallint NOT NULL CHECK (tries_left >= 0),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id)
);
CREATE INDEX challenge_expiry ON challenge (expires_at);

CREATE TABLE invite (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    account_id uuid NOT NULL,
    purpose text NOT NULL CHECK (purpose IN ('invite', 'reset')),
    token_hash bytea NOT NULL UNIQUE,
    sealed bytea,
    invited_by uuid,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    voided_at timestamptz,
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id),
    FOREIGN KEY (clinic_id, invited_by) REFERENCES account (clinic_id, id)
);
CREATE INDEX invite_account ON invite (account_id);
"""

# One round trip authenticates a request: it finds the session, moves last_seen_at at most once a minute, and
# tells row-level security who is asking, for this transaction only. It runs as the owner because nobody's
# clinic is known before it has answered. `at` comes from the caller, so that tests can move the clock.
AUTHENTICATE = """
CREATE FUNCTION authenticate(token_hash bytea, at timestamptz)
RETURNS TABLE (
    session_id uuid, account_id uuid, clinic_id uuid, roles text[], patient_id uuid, name text, locale text,
    method text, idle_expires_at timestamptz, expires_at timestamptz, stepped_up_at timestamptz
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    SELECT s.id, a.id, a.clinic_id, a.roles, p.id, a.name, a.locale,
           s.method, s.last_seen_at + s.idle, s.expires_at, s.stepped_up_at
      INTO session_id, account_id, clinic_id, roles, patient_id, name, locale,
           method, idle_expires_at, expires_at, stepped_up_at
      FROM auth_session s
      JOIN account a ON a.id = s.account_id
      LEFT JOIN patient p ON p.account_id = a.id
     WHERE s.token_hash = authenticate.token_hash
       AND s.ended_at IS NULL
       AND s.expires_at > at
       AND s.last_seen_at + s.idle > at
       AND a.status = 'active';
    IF NOT FOUND THEN
        RETURN;
    END IF;
    UPDATE auth_session s SET last_seen_at = at
     WHERE s.id = session_id AND s.last_seen_at < at - interval '1 minute';
    PERFORM set_config('carethread.clinic_id', clinic_id::text, true),
            set_config('carethread.account_id', account_id::text, true);
    RETURN NEXT;
END
$$;
"""

# Which of these sessions still live: asked for every open live stream of a process at once, in all clinics.
SESSIONS_ALIVE = """
CREATE FUNCTION sessions_alive(ids uuid[], at timestamptz) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id FROM auth_session s JOIN account a ON a.id = s.account_id
     WHERE s.id = ANY (ids) AND s.ended_at IS NULL AND s.expires_at > at AND s.last_seen_at + s.idle > at
       AND a.status = 'active'
$$;
"""

# Secrets and sessions are forgotten; people never are, and a consent text stays as it was agreed to.
FORGOTTEN = (
    "auth_session", "one_time_code", "password", "authenticator", "recovery_code", "credential", "challenge", "invite",
)  # fmt: skip
KEPT = ("account", "staff", "patient")


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLES)
    for table in FORGOTTEN:
        protect(table)
    for table in KEPT:
        protect(table, grants="SELECT, INSERT, UPDATE")
    protect("consent_text", grants="SELECT, INSERT")
    _protect_clinic()
    op.execute("GRANT USAGE ON SEQUENCE medical_record_number TO carethread_app, carethread_system")
    for name, function in (("authenticate", AUTHENTICATE), ("sessions_alive", SESSIONS_ALIVE)):
        op.execute(function)
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO carethread_app, carethread_system")


def _protect_clinic() -> None:
    """A clinic is found by its slug before anyone is known; it is changed only from within, made only by us."""
    op.execute("ALTER TABLE clinic ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY public_page ON clinic FOR SELECT USING (true)")
    op.execute(
        "CREATE POLICY own_settings ON clinic FOR UPDATE TO carethread_app USING (id = current_clinic())"
    )
    op.execute("CREATE POLICY everything ON clinic TO carethread_system USING (true) WITH CHECK (true)")
    # Its name in addresses stays: links and prescriptions under way hold it.
    settings = "name, time_zone, languages, hours, emergency_number, phone, settings"
    share("clinic", grants=f"SELECT, UPDATE ({settings})")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
