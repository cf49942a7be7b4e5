"""followup: how many open tasks there are, kept as they change; indexes for the views by person and kind."""

from alembic import op

from core.migrations.helpers import protect, script

revision = "0025_task_counts"
down_revision = "0024_confirmed_by_another"
branch_labels = None
depends_on = None

# Open tasks are counted three ways: by whom they are assigned to, by the UTC day and by the quarter of an hour in which
# they are due. A change of tasks adds rows (`folded` is false) and updates none: no two transactions wait for each
# other, and a rollback takes its rows back. fold_task_counts() sums them up into one row for each key.
TABLE = """
CREATE TABLE task_count (
    id uuid PRIMARY KEY DEFAULT uuidv7(),
    clinic_id uuid NOT NULL,
    facet text NOT NULL CHECK (facet IN ('assignee', 'day', 'quarter')),
    kind text NOT NULL,
    assignee_id uuid,
    starts_at timestamptz,
    folded boolean NOT NULL DEFAULT false,
    n bigint NOT NULL
);
CREATE UNIQUE INDEX task_count_key ON task_count (clinic_id, facet, starts_at, kind, assignee_id)
    NULLS NOT DISTINCT WHERE folded;
CREATE INDEX task_count_added ON task_count (clinic_id) WHERE NOT folded;
CREATE INDEX task_count_none ON task_count (clinic_id) WHERE folded AND n = 0;
CREATE INDEX task_count_read ON task_count (clinic_id, facet, starts_at) INCLUDE (kind, assignee_id, n);

-- A task's kind, assignee and due time as the keys under which it is counted.
CREATE FUNCTION task_facets(text, uuid, timestamptz)
RETURNS TABLE (facet text, kind text, assignee_id uuid, starts_at timestamptz)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    VALUES ('assignee', $1, $2, NULL::timestamptz),
           ('day', $1, NULL::uuid, date_bin('1 day', $3, '2000-01-01T00:00Z')),
           ('quarter', $1, NULL::uuid, date_bin('15 minutes', $3, '2000-01-01T00:00Z'))
$$;
"""

# They run as the owner: the application reads the counts and cannot write them.
FUNCTIONS = """
CREATE FUNCTION count_new_tasks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO task_count (clinic_id, facet, kind, assignee_id, starts_at, n)
    SELECT t.clinic_id, f.facet, f.kind, f.assignee_id, f.starts_at, count(*)
      FROM new_tasks t CROSS JOIN LATERAL task_facets(t.kind, t.assignee_id, t.due_at) f
     WHERE t.status = 'open' GROUP BY 1, 2, 3, 4, 5;
    RETURN NULL;
END $$;

CREATE FUNCTION count_changed_tasks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO task_count (clinic_id, facet, kind, assignee_id, starts_at, n)
    SELECT t.clinic_id, f.facet, f.kind, f.assignee_id, f.starts_at, sum(t.n)
      FROM (SELECT clinic_id, kind, assignee_id, due_at, 1 AS n FROM new_tasks WHERE status = 'open'
            UNION ALL
            SELECT clinic_id, kind, assignee_id, due_at, -1 FROM old_tasks WHERE status = 'open') t
     CROSS JOIN LATERAL task_facets(t.kind, t.assignee_id, t.due_at) f
     GROUP BY 1, 2, 3, 4, 5 HAVING sum(t.n) <> 0;
    RETURN NULL;
END $$;

CREATE FUNCTION count_deleted_tasks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO task_count (clinic_id, facet, kind, assignee_id, starts_at, n)
    SELECT t.clinic_id, f.facet, f.kind, f.assignee_id, f.starts_at, -count(*)
      FROM old_tasks t CROSS JOIN LATERAL task_facets(t.kind, t.assignee_id, t.due_at) f
     WHERE t.status = 'open' GROUP BY 1, 2, 3, 4, 5;
    RETURN NULL;
END $$;

-- Whoever truncates the tasks holds them locked, so nobody adds to the counts meanwhile.
CREATE FUNCTION count_no_tasks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM task_count;
    RETURN NULL;
END $$;

CREATE TRIGGER task_counted_new AFTER INSERT ON task
    REFERENCING NEW TABLE AS new_tasks FOR EACH STATEMENT EXECUTE FUNCTION count_new_tasks();
CREATE TRIGGER task_counted_changed AFTER UPDATE ON task
    REFERENCING OLD TABLE AS old_tasks NEW TABLE AS new_tasks
    FOR EACH STATEMENT EXECUTE FUNCTION count_changed_tasks();
CREATE TRIGGER task_counted_deleted AFTER DELETE ON task
    REFERENCING OLD TABLE AS old_tasks FOR EACH STATEMENT EXECUTE FUNCTION count_deleted_tasks();
CREATE TRIGGER task_counted_none AFTER TRUNCATE ON task
    FOR EACH STATEMENT EXECUTE FUNCTION count_no_tasks();

-- Sums up rows that were added in this transaction's clinic, so many at once that nobody waits for it long. One at a
-- time for each clinic; who comes second goes on.
CREATE FUNCTION fold_task_counts() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('task_count' || current_clinic()::text, 0)) THEN
        RETURN;
    END IF;
    WITH added AS (
        DELETE FROM task_count WHERE id = ANY (ARRAY(
            SELECT id FROM task_count WHERE clinic_id = current_clinic() AND NOT folded LIMIT 5000))
        RETURNING clinic_id, facet, kind, assignee_id, starts_at, n
    )
    INSERT INTO task_count AS kept (clinic_id, facet, kind, assignee_id, starts_at, folded, n)
    SELECT clinic_id, facet, kind, assignee_id, starts_at, true, sum(n) FROM added
     GROUP BY 1, 2, 3, 4, 5 HAVING sum(n) <> 0
    ON CONFLICT (clinic_id, facet, starts_at, kind, assignee_id) WHERE folded
    DO UPDATE SET n = kept.n + excluded.n;
    DELETE FROM task_count WHERE clinic_id = current_clinic() AND folded AND n = 0;
END $$;

-- Counts all tasks of all clinics anew. Nobody changes a task meanwhile.
CREATE FUNCTION recount_tasks() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    LOCK TABLE task, task_count IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM task_count;
    INSERT INTO task_count (clinic_id, facet, kind, assignee_id, starts_at, folded, n)
    SELECT t.clinic_id, f.facet, f.kind, f.assignee_id, f.starts_at, true, count(*)
      FROM task t CROSS JOIN LATERAL task_facets(t.kind, t.assignee_id, t.due_at) f
     WHERE t.status = 'open' GROUP BY 1, 2, 3, 4, 5;
END $$;

-- Where the counts and the tasks differ: no row, or somebody went past the triggers.
CREATE VIEW task_count_drift WITH (security_invoker) AS
SELECT clinic_id, facet, kind, assignee_id, starts_at, sum(kept) AS kept, sum(counted) AS counted
  FROM (SELECT clinic_id, facet, kind, assignee_id, starts_at, n AS kept, 0 AS counted FROM task_count
        UNION ALL
        SELECT t.clinic_id, f.facet, f.kind, f.assignee_id, f.starts_at, 0, 1
          FROM task t CROSS JOIN LATERAL task_facets(t.kind, t.assignee_id, t.due_at) f
         WHERE t.status = 'open') both_sides
 GROUP BY 1, 2, 3, 4, 5 HAVING sum(kept) <> sum(counted);

REVOKE ALL ON FUNCTION count_new_tasks, count_changed_tasks, count_deleted_tasks, count_no_tasks, fold_task_counts,
    recount_tasks FROM PUBLIC;
GRANT EXECUTE ON FUNCTION fold_task_counts TO carethread_app;
GRANT EXECUTE ON FUNCTION recount_tasks TO carethread_system;
GRANT SELECT ON task_count_drift TO carethread_app, carethread_system;
"""

# Each view of the queue is read from an index in its own order. An index gives rows in order after an equal value, and
# not after IS NULL: so what is unassigned has indexes of its own.
INDEXES = """
CREATE INDEX task_of_kind ON task (clinic_id, kind, due_at, id) WHERE status = 'open';
CREATE INDEX task_of_assignee ON task (clinic_id, assignee_id, due_at, id) WHERE status = 'open';
CREATE INDEX task_of_assignee_and_kind ON task (clinic_id, assignee_id, kind, due_at, id) WHERE status = 'open';
CREATE INDEX task_unassigned ON task (clinic_id, due_at, id) WHERE status = 'open' AND assignee_id IS NULL;
CREATE INDEX task_unassigned_of_kind ON task (clinic_id, kind, due_at, id)
    WHERE status = 'open' AND assignee_id IS NULL;
DROP INDEX task_closed;
CREATE INDEX task_closed ON task (clinic_id, closed_at, id) WHERE status <> 'open';
CREATE INDEX task_closed_of_kind ON task (clinic_id, kind, closed_at, id) WHERE status <> 'open';
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(TABLE)
    protect("task_count", grants="SELECT")
    script(FUNCTIONS)
    script(INDEXES)
    # The triggers hold the tasks locked until the commit: what is counted now is what there is.
    op.execute("SELECT recount_tasks()")


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
