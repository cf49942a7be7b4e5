"""identity: a call with somebody in it keeps the sign-in to the call's end; a ticket or an empty room keeps nothing."""

from alembic import op

from core.migrations.helpers import script

revision = "0076_call_to_its_end"
down_revision = "0071_note_names_the_adult"
branch_labels = None
depends_on = None

# As in 0029, but for attempts that have been connected alone, and with a bound that no call reaches (ADR 25).
# identity.domain has the two intervals as AFTER_CALL and IN_CALL_AT_MOST.
ENDS = """
CREATE OR REPLACE FUNCTION session_ends(session_id uuid, expires_at timestamptz, at timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT greatest(session_ends.expires_at, max(least(
               coalesce(c.ended_at, at) + interval '10 minutes', session_ends.expires_at + interval '12 hours')))
      FROM call_attempt c WHERE c.session_id = session_ends.session_id AND c.connected_at IS NOT NULL
$$;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(ENDS)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
