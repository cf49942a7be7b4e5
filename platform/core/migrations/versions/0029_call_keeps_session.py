"""identity: a call keeps the sign-in of whoever is in it past its end, for a while."""

from alembic import op

from core.migrations.helpers import script

revision = "0029_call_keeps_session"
down_revision = "0028_holidays"
branch_labels = None
depends_on = None

# identity.domain has the two intervals as AFTER_CALL and IN_CALL_AT_MOST. GREATEST and LEAST pass over NULL, so the
# bound stands within the aggregate: without a call it is NULL, and the session ends when it says.
ENDS = """
CREATE INDEX call_attempt_session ON call_attempt (session_id) WHERE session_id IS NOT NULL;

CREATE FUNCTION session_ends(session_id uuid, expires_at timestamptz, at timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT greatest(session_ends.expires_at, max(least(
               coalesce(c.ended_at, at) + interval '10 minutes', session_ends.expires_at + interval '2 hours')))
      FROM call_attempt c WHERE c.session_id = session_ends.session_id
$$;
REVOKE ALL ON FUNCTION session_ends FROM PUBLIC;

CREATE OR REPLACE FUNCTION authenticate(token_hash bytea, at timestamptz)
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
       AND (s.expires_at > at OR session_ends(s.id, s.expires_at, at) > at)
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

CREATE OR REPLACE FUNCTION sessions_alive(ids uuid[], at timestamptz) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.id FROM auth_session s JOIN account a ON a.id = s.account_id
     WHERE s.id = ANY (ids) AND s.ended_at IS NULL
       AND (s.expires_at > at OR session_ends(s.id, s.expires_at, at) > at)
       AND s.last_seen_at + s.idle > at
       AND a.status = 'active'
$$;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(ENDS)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
