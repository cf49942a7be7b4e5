"""identity: who may act for a patient, and for whom a sign-in acts."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0052_related_persons"
down_revision = "0051_appointments"
branch_labels = None
depends_on = None

# A row stays as history once it has ended. ONESELF is a patient's own account. `relationship` is of HL7's v3-RoleCode;
# `for_minor` ends the relation by itself when the patient comes of age.
TABLES = """
CREATE TABLE related_person (
    id uuid PRIMARY KEY,
    clinic_id uuid NOT NULL REFERENCES clinic (id),
    created_at timestamptz NOT NULL,
    patient_id uuid NOT NULL,
    account_id uuid,
    name text NOT NULL,
    birth_date date,
    phone text,
    email text,
    relationship text NOT NULL CHECK (relationship ~ '^[A-Z]{2,12}$'),
    scope text NOT NULL CHECK (scope IN ('full', 'scheduling', 'messages')),
    sees_restricted boolean NOT NULL DEFAULT false,
    for_minor boolean NOT NULL DEFAULT false,
    starts_at timestamptz NOT NULL,
    until timestamptz CHECK (until > starts_at),
    added_by uuid,
    add_reason text NOT NULL DEFAULT '',
    verified_at timestamptz,
    verified_by uuid,
    proof text,
    proof_note text NOT NULL DEFAULT '',
    ended_at timestamptz,
    ended_by uuid,
    ended_because text CHECK (ended_because IN ('staff', 'until', 'of_age')),
    end_reason text NOT NULL DEFAULT '',
    CHECK ((ended_at IS NULL) = (ended_because IS NULL)),
    CHECK (verified_at IS NULL OR relationship = 'ONESELF' OR (verified_by IS NOT NULL AND proof IS NOT NULL)),
    FOREIGN KEY (clinic_id, patient_id) REFERENCES patient (clinic_id, id),
    FOREIGN KEY (clinic_id, account_id) REFERENCES account (clinic_id, id),
    FOREIGN KEY (clinic_id, added_by) REFERENCES account (clinic_id, id),
    FOREIGN KEY (clinic_id, verified_by) REFERENCES account (clinic_id, id),
    FOREIGN KEY (clinic_id, ended_by) REFERENCES account (clinic_id, id)
);
CREATE UNIQUE INDEX related_person_one ON related_person (account_id, patient_id)
    WHERE ended_at IS NULL AND account_id IS NOT NULL;
CREATE INDEX related_person_patient ON related_person (patient_id);
CREATE INDEX related_person_ends ON related_person (clinic_id)
    WHERE ended_at IS NULL AND (until IS NOT NULL OR for_minor);
CREATE UNIQUE INDEX related_person_oneself ON related_person (patient_id) WHERE relationship = 'ONESELF';

-- For whom a sign-in acts; empty until somebody with several patients has said it.
ALTER TABLE auth_session ADD COLUMN patient_id uuid;
"""

# An account that belongs to a patient in person acts for them, from whichever release it is made.
ONESELF = """
CREATE FUNCTION patient_acts_for_oneself() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO related_person (id, clinic_id, created_at, patient_id, account_id, name, relationship, scope,
                                sees_restricted, starts_at, verified_at)
    VALUES (gen_random_uuid(), NEW.clinic_id, now(), NEW.id, NEW.account_id,
            person_name(NEW.given, NEW.family, NEW.second, NEW.prefix, NEW.suffix, NEW.used_name),
            'ONESELF', 'full', true, '-infinity', now())
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER patient_acts_for_oneself AFTER INSERT ON patient
    FOR EACH ROW WHEN (NEW.account_id IS NOT NULL) EXECUTE FUNCTION patient_acts_for_oneself();

INSERT INTO related_person (id, clinic_id, created_at, patient_id, account_id, name, relationship, scope,
                            sees_restricted, starts_at, verified_at)
SELECT gen_random_uuid(), p.clinic_id, now(), p.id, p.account_id,
       person_name(p.given, p.family, p.second, p.prefix, p.suffix, p.used_name), 'ONESELF', 'full', true,
       '-infinity', now()
  FROM patient p WHERE p.account_id IS NOT NULL
ON CONFLICT DO NOTHING;

UPDATE auth_session s SET patient_id = p.id
  FROM patient p WHERE p.account_id = s.account_id AND s.ended_at IS NULL;
"""

# The one predicate. `relation_acts` says of one row whether it opens anything now; everything else asks it.
PREDICATE = """
CREATE FUNCTION of_age_on(of_patient uuid) RETURNS date
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT (p.birth_date + make_interval(years => coalesce((c.settings->>'age_of_majority')::int, 18)))::date
      FROM patient p JOIN clinic c ON c.id = p.clinic_id WHERE p.id = of_patient
$$;

CREATE FUNCTION is_minor(of_patient uuid, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT of_age_on(of_patient) > (at AT TIME ZONE coalesce(p.time_zone, c.time_zone))::date
      FROM patient p JOIN clinic c ON c.id = p.clinic_id WHERE p.id = of_patient
$$;

CREATE FUNCTION relation_acts(r related_person, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT r.account_id IS NOT NULL AND r.verified_at IS NOT NULL AND r.ended_at IS NULL
           AND r.starts_at <= at AND (r.until IS NULL OR r.until > at)
           AND (NOT r.for_minor OR is_minor(r.patient_id, at))
$$;

CREATE FUNCTION acting_relation(s auth_session, at timestamptz) RETURNS related_person
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r FROM related_person r
     WHERE r.account_id = s.account_id AND relation_acts(r, at)
       AND (r.patient_id = s.patient_id OR (s.patient_id IS NULL AND NOT EXISTS (
               SELECT FROM related_person o
                WHERE o.account_id = s.account_id AND o.id <> r.id AND relation_acts(o, at))))
     LIMIT 1
$$;

DROP FUNCTION authenticate(bytea, timestamptz);
-- As in 0029, with whom the session acts for. `patient_id` is only told where a release that knows no scope may use it.
CREATE FUNCTION authenticate(token_hash bytea, at timestamptz)
RETURNS TABLE (
    session_id uuid, account_id uuid, clinic_id uuid, roles text[], patient_id uuid, name text, locale text,
    method text, idle_expires_at timestamptz, expires_at timestamptz, stepped_up_at timestamptz,
    acts_for uuid, relationship text, scope text, sees_restricted boolean
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    SELECT s.id, a.id, a.clinic_id, a.roles, a.name, a.locale,
           s.method, s.last_seen_at + s.idle, s.expires_at, s.stepped_up_at
      INTO session_id, account_id, clinic_id, roles, name, locale,
           method, idle_expires_at, expires_at, stepped_up_at
      FROM auth_session s
      JOIN account a ON a.id = s.account_id
     WHERE s.token_hash = authenticate.token_hash
       AND s.ended_at IS NULL
       AND (s.expires_at > at OR session_ends(s.id, s.expires_at, at) > at)
       AND s.last_seen_at + s.idle > at
       AND a.status = 'active';
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF roles = '{patient}' THEN
        SELECT r.patient_id, r.relationship, r.scope, r.sees_restricted
          INTO acts_for, relationship, scope, sees_restricted
          FROM auth_session s, acting_relation(s, at) AS r WHERE s.id = session_id;
        patient_id := CASE WHEN relationship = 'ONESELF' THEN acts_for END;
    END IF;
    UPDATE auth_session s SET last_seen_at = at
     WHERE s.id = session_id AND s.last_seen_at < at - interval '1 minute';
    PERFORM set_config('carethread.clinic_id', clinic_id::text, true),
            set_config('carethread.account_id', account_id::text, true);
    RETURN NEXT;
END
$$;

-- Which of these streams may go on: their session lives, and still acts for the patient whose stream it is.
CREATE FUNCTION streams_alive(sessions uuid[], patients uuid[], at timestamptz)
RETURNS TABLE (session_id uuid, patient_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT asked.session_id, asked.patient_id
      FROM unnest(sessions, patients) AS asked (session_id, patient_id)
      JOIN auth_session s ON s.id = asked.session_id
     WHERE s.id IN (SELECT sessions_alive(sessions, at))
       AND (acting_relation(s, at)).patient_id IS NOT DISTINCT FROM asked.patient_id
$$;

-- A restricted chart is open to the patient, and to who acts for them if that was allowed.
CREATE OR REPLACE FUNCTION closed_patients() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    me uuid := current_account();
    marked uuid[];
BEGIN
    IF me IS NULL THEN
        RETURN '{}';
    END IF;
    SELECT array_agg(r.patient_id) INTO marked FROM chart_restriction r
     WHERE r.clinic_id = current_clinic() AND r.lifted_at IS NULL AND r.ends_at > now() AND me <> ALL (r.named);
    IF marked IS NULL THEN
        RETURN '{}';
    END IF;
    RETURN coalesce((
        SELECT array_agg(m) FROM unnest(marked) AS m
         WHERE m <> ALL (reached_patients())
           AND NOT EXISTS (SELECT FROM related_person r
                            WHERE r.account_id = me AND r.patient_id = m AND r.sees_restricted
                              AND relation_acts(r, now()))), '{}');
END
$$;

REVOKE ALL ON FUNCTION of_age_on, is_minor, relation_acts, acting_relation, authenticate, streams_alive FROM PUBLIC;
GRANT EXECUTE ON FUNCTION of_age_on, is_minor, relation_acts, authenticate, streams_alive
    TO carethread_app, carethread_system;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLES)
    protect("related_person", grants="SELECT, INSERT, UPDATE")
    script(ONESELF)
    script(PREDICATE)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
