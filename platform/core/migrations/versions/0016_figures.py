"""installation_figures: counts and ages over all clinics, for an API that may look into one at a time only."""

from alembic import op

revision = "0016_figures"
down_revision = "0015_measured_numbers"
branch_labels = None
depends_on = None

# Runs as the owner, because it counts in all clinics. It gives numbers and no row, no id and no clinic.
FIGURES = """
CREATE FUNCTION installation_figures(moment timestamptz) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
SELECT to_jsonb(figures) FROM (
    WITH open AS (SELECT created_at, last_error FROM outbox WHERE done_at IS NULL AND failed_at IS NULL),
        unsent AS (SELECT signed_at FROM prescription WHERE status IN ('signed', 'sending')),
        waiting AS (SELECT ready_at FROM visit WHERE status = 'waiting'),
        sealed AS (SELECT coalesce(max(to_xid::text::bigint), 0) AS xid FROM audit_seal)
    SELECT
        (SELECT count(*) FROM open) AS outbox_undelivered,
        (SELECT extract(epoch FROM moment - min(created_at)) FROM open) AS outbox_oldest_seconds,
        (SELECT count(last_error) FROM open) AS outbox_failing,
        (SELECT count(*) FROM outbox WHERE failed_at IS NOT NULL) AS outbox_given_up,
        (SELECT count(*) FROM notification
            WHERE status = 'failed' AND sent_at > moment - interval '1 day') AS notices_failed,
        (SELECT count(*) FROM unsent) AS prescriptions_unsent,
        (SELECT extract(epoch FROM moment - min(signed_at)) FROM unsent) AS prescriptions_oldest_seconds,
        (SELECT count(*) FROM waiting) AS visits_waiting,
        (SELECT extract(epoch FROM moment - min(ready_at)) FROM waiting) AS visits_oldest_seconds,
        (SELECT count(*) FROM call_attempt WHERE ended_at IS NULL) AS calls_open,
        (SELECT extract(epoch FROM moment - min(audit_event.at)) FROM audit_event, sealed
            WHERE audit_event.xid >= sealed.xid::text::xid8) AS audit_unsealed_seconds
) AS figures
$$;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(FIGURES)
    op.execute("REVOKE ALL ON FUNCTION installation_figures FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION installation_figures TO carethread_app, carethread_system")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
