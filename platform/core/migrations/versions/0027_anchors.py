"""audit_anchor: how far each place outside of the database was told the audit's seals."""

from alembic import op

from core.migrations.helpers import script

revision = "0027_anchors"
down_revision = "0026_task_page"
branch_labels = None
depends_on = None

# `since` is when the target was first tried, `failures` counts all tries that failed since then. The API's role sees
# whether one fails, for /health/ready, and neither its address nor its error.
TABLE = """
CREATE TABLE audit_anchor (
    target text PRIMARY KEY,
    since timestamptz NOT NULL,
    batch bigint NOT NULL DEFAULT 0,
    chain bytea,
    anchored_at timestamptz,
    failures bigint NOT NULL DEFAULT 0,
    failing_since timestamptz,
    error text
);
GRANT SELECT, INSERT, UPDATE, DELETE ON audit_anchor TO carethread_system;
GRANT SELECT (failing_since) ON audit_anchor TO carethread_app;
"""

# As in 0016, with two more figures.
FIGURES = """
CREATE OR REPLACE FUNCTION installation_figures(moment timestamptz) RETURNS jsonb
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
            WHERE audit_event.xid >= sealed.xid::text::xid8) AS audit_unsealed_seconds,
        (SELECT extract(epoch FROM moment - min(greatest(seal.sealed_at, anchor.since)))
           FROM audit_anchor anchor CROSS JOIN LATERAL (
               SELECT sealed_at FROM audit_seal WHERE batch > anchor.batch ORDER BY batch LIMIT 1) AS seal
        ) AS audit_unanchored_seconds,
        (SELECT coalesce(sum(failures), 0) FROM audit_anchor) AS audit_anchor_failures
) AS figures
$$;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLE + FIGURES)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
