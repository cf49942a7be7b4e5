"""identity: signing in finds for whom somebody acts."""

from alembic import op

from core.migrations.helpers import script

revision = "0052_related_persons_switched"
down_revision = "0052_related_persons_filled"
branch_labels = None
depends_on = None

# The one predicate. `relation_acts` says of one row whether it opens anything now; everything else asks it.
PREDICATE = """
CREATE OR REPLACE FUNCTION of_age_on(of_patient uuid) RETURNS date
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT (p.birth_date + make_interval(years => coalesce((c.settings->>'age_of_majority')::int, 18)))::date
      FROM patient p JOIN clinic c ON c.id = p.clinic_id WHERE p.id = of_patient
$$;

CREATE OR REPLACE FUNCTION is_minor(of_patient uuid, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT of_age_on(of_patient) > (at AT TIME ZONE coalesce(p.time_zone, c.time_zone))::date
      FROM patient p JOIN clinic c ON c.id = p.clinic_id WHERE p.id = of_patient
$$;

CREATE OR REPLACE FUNCTION relation_acts(r related_person, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT r.account_id IS NOT NULL AND r.verified_at IS NOT NULL AND r.ended_at IS NULL
           AND r.starts_at <= at AND (r.until IS NULL OR r.until > at)
           AND (NOT r.for_minor OR is_minor(r.patient_id, at))
$$;

CREATE OR REPLACE FUNCTION acting_relation(s auth_session, at timestamptz) RETURNS related_person
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
CREATE OR REPLACE FUNCTION authenticate(token_hash bytea, at timestamptz)
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
CREATE OR REPLACE FUNCTION streams_alive(sessions uuid[], patients uuid[], at timestamptz)
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
    script(PREDICATE)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
