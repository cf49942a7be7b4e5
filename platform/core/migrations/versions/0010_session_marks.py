"""session tokens carry a mark: until when those without one, made by the version before, still sign somebody in."""

from alembic import op

revision = "0010_session_marks"
down_revision = "0009_step_up"
branch_labels = None
depends_on = None

# A session lives for a day at most, and the version before may still be making some while this one takes over.
UNMARKED = """
DO $$
BEGIN
    EXECUTE format(
        'CREATE FUNCTION unmarked_sessions_until() RETURNS timestamptz LANGUAGE sql IMMUTABLE AS '
        '$body$ SELECT timestamptz %L $body$',
        CASE WHEN EXISTS (SELECT FROM auth_session) THEN now() + interval '25 hours' ELSE to_timestamp(0) END);
END
$$;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(UNMARKED)
    op.execute("REVOKE ALL ON FUNCTION unmarked_sessions_until FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION unmarked_sessions_until TO carethread_app, carethread_system")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
