"""followup: a page of tasks with its counts, read in one round trip."""

from alembic import op

from core.migrations.helpers import script

revision = "0026_task_page"
down_revision = "0025_task_counts"
branch_labels = None
depends_on = None

# 'Due before an instant' is the days before its day, the quarters of an hour before its quarter, and the tasks
# themselves in that quarter. One statement for all counts: they are of one state of the database.
COUNTS = """
CREATE FUNCTION task_counts(me uuid, moment timestamptz, tomorrow timestamptz, of_kind text)
RETURNS json LANGUAGE sql STABLE AS $$
    WITH bounds AS (
        SELECT b.bound, date_bin('1 day', b.bound, '2000-01-01T00:00Z') AS day,
               date_bin('15 minutes', b.bound, '2000-01-01T00:00Z') AS quarter
          FROM (VALUES (moment), (tomorrow)) AS b (bound)
    ), days AS (
        SELECT sum(c.n) AS today,
               sum(c.n) FILTER (WHERE c.starts_at < date_bin('1 day', moment, '2000-01-01T00:00Z')) AS overdue
          FROM task_count c
         WHERE c.facet = 'day' AND c.starts_at < date_bin('1 day', tomorrow, '2000-01-01T00:00Z')
           AND (of_kind IS NULL OR c.kind = of_kind)
    ), due AS (
        SELECT b.bound,
               (SELECT coalesce(sum(c.n), 0) FROM task_count c
                 WHERE c.facet = 'quarter' AND c.starts_at >= b.day AND c.starts_at < b.quarter
                   AND (of_kind IS NULL OR c.kind = of_kind))
             + (SELECT count(*) FROM task t
                 WHERE t.status = 'open' AND t.due_at >= b.quarter AND t.due_at < b.bound
                   AND (of_kind IS NULL OR t.kind = of_kind)) AS n
          FROM bounds b
    ), held AS (
        SELECT coalesce(sum(c.n), 0) AS open, coalesce(sum(c.n) FILTER (WHERE c.assignee_id = me), 0) AS mine,
               coalesce(sum(c.n) FILTER (WHERE c.assignee_id IS NULL), 0) AS unassigned
          FROM task_count c WHERE c.facet = 'assignee' AND (of_kind IS NULL OR c.kind = of_kind)
    )
    SELECT json_build_object(
               'open', held.open, 'mine', held.mine, 'unassigned', held.unassigned,
               'overdue', coalesce(days.overdue, 0) + (SELECT due.n FROM due WHERE due.bound = moment),
               'today', coalesce(days.today, 0) + (SELECT due.n FROM due WHERE due.bound = tomorrow))
      FROM held, days
$$;
"""

# The tasks of a page are found first, each view by the index in its order: the statement is put together for the view,
# so that the plan is its own. What they show is read by a statement that is always the same.
PAGE = """
CREATE FUNCTION task_ids(
    me uuid, moment timestamptz, tomorrow timestamptz, view text, of_kind text, of_patient uuid,
    after_at timestamptz, after_id uuid, most integer
) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
DECLARE
    found uuid[];
    holds text := CASE view
        WHEN 'open' THEN 'status = ''open'''
        WHEN 'mine' THEN 'status = ''open'' AND assignee_id = $1'
        WHEN 'unassigned' THEN 'status = ''open'' AND assignee_id IS NULL'
        WHEN 'overdue' THEN 'status = ''open'' AND due_at < $2'
        WHEN 'today' THEN 'status = ''open'' AND due_at < $3'
        WHEN 'done' THEN 'status <> ''open''' END;
BEGIN
    IF of_kind IS NOT NULL THEN holds := holds || ' AND kind = $4'; END IF;
    IF of_patient IS NOT NULL THEN holds := holds || ' AND patient_id = $5'; END IF;
    IF after_id IS NOT NULL THEN
        holds := holds || CASE view WHEN 'done' THEN ' AND (closed_at, id) < ($6, $7)'
                                    ELSE ' AND (due_at, id) > ($6, $7)' END;
    END IF;
    EXECUTE 'SELECT array(SELECT id FROM task WHERE ' || holds || ' ORDER BY '
            || CASE view WHEN 'done' THEN 'closed_at DESC, id DESC' ELSE 'due_at, id' END || ' LIMIT $8)'
       INTO found USING me, moment, tomorrow, of_kind, of_patient, after_at, after_id, most;
    RETURN found;
END $$;

-- A row as `followup.schemas.TaskOut`.
CREATE FUNCTION shown_tasks(ids uuid[]) RETURNS json LANGUAGE sql STABLE AS $$
    SELECT coalesce(json_agg(json_build_object(
               'id', t.id, 'patient_id', t.patient_id, 'patient_name', btrim(p.given || ' ' || p.family),
               'patient_birth_date', p.birth_date, 'patient_mrn', p.mrn, 'patient_phone', p.phone,
               'patient_language', p.language, 'patient_time_zone', p.time_zone, 'visit_id', t.visit_id,
               'source', t.source, 'kind', t.kind, 'title', t.title, 'detail', t.detail, 'due_at', t.due_at,
               'priority', t.priority, 'status', t.status, 'assignee_id', t.assignee_id, 'assignee_name', a.name,
               'tries', (SELECT count(*) FROM outreach o WHERE o.task_id = t.id), 'version', t.version,
               'created_at', t.created_at, 'closed_at', t.closed_at, 'outcome', t.outcome,
               'closed_because', t.closed_because,
               'red_flags', CASE WHEN t.source IN ('red_flag', 'no_show') THEN coalesce(
                   (SELECT v.red_flags FROM visit v WHERE v.id = t.visit_id), '[]') ELSE '[]' END
           ) ORDER BY listed.place), '[]')
      FROM unnest(ids) WITH ORDINALITY AS listed (id, place)
      JOIN task t ON t.id = listed.id
      JOIN patient p ON p.id = t.patient_id
      LEFT JOIN account a ON a.id = t.assignee_id
$$;

-- A page as `followup.schemas.TaskPage`, with its audit row. Sums up the counts' additions when there are many.
CREATE FUNCTION read_task_page(
    who_clinic uuid, who_account uuid, who_roles text[], who_session uuid, request text, moment timestamptz,
    view text, of_kind text, of_patient uuid, after_at timestamptz, after_id uuid, most integer
) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    tomorrow timestamptz := (
        SELECT (date_trunc('day', moment AT TIME ZONE c.time_zone) + interval '1 day') AT TIME ZONE c.time_zone
          FROM clinic c WHERE c.id = who_clinic);
    ids uuid[] := task_ids(who_account, moment, tomorrow, view, of_kind, of_patient, after_at, after_id, most);
    body json;
BEGIN
    SELECT json_build_object(
               'tasks', shown_tasks(ids), 'counts', task_counts(who_account, moment, tomorrow, of_kind),
               'next', (SELECT (to_json(CASE view WHEN 'done' THEN t.closed_at ELSE t.due_at END) #>> '{}')
                               || '~' || t.id
                          FROM task t WHERE t.id = ids[most]))
      INTO body;
    INSERT INTO audit_event (clinic_id, at, account_id, roles, session_id, request_id, action, patient_id, detail,
                             patients)
    SELECT who_clinic, moment, who_account, who_roles, who_session, request, 'task.list', of_patient,
           jsonb_build_object('view', view, 'count', cardinality(ids)),
           (SELECT array_agg(DISTINCT t.patient_id ORDER BY t.patient_id) FROM task t WHERE t.id = ANY (ids));
    -- Looking whether there are many costs as much as the counts: one reader in ten does.
    IF random() < 0.1 AND (SELECT count(*) FROM (SELECT FROM task_count WHERE NOT folded LIMIT 1000) s) = 1000 THEN
        PERFORM fold_task_counts();
    END IF;
    RETURN convert_to(body::text, 'UTF8');
END $$;

CREATE FUNCTION read_task_page_as(
    token_hash bytea, permitted text[], request text, moment timestamptz,
    view text, of_kind text, of_patient uuid, after_at timestamptz, after_id uuid, most integer
) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
    who record;
BEGIN
    SELECT * INTO who FROM authenticate(token_hash, moment);
    IF NOT FOUND OR NOT who.roles && permitted THEN
        RETURN NULL;
    END IF;
    RETURN read_task_page(who.clinic_id, who.account_id, who.roles, who.session_id, request, moment,
                          view, of_kind, of_patient, after_at, after_id, most);
END $$;

REVOKE ALL ON FUNCTION task_counts, task_ids, shown_tasks, read_task_page, read_task_page_as FROM PUBLIC;
GRANT EXECUTE ON FUNCTION task_counts, task_ids, shown_tasks, read_task_page, read_task_page_as TO carethread_app;
"""


def upgrade() -> None:
    op.execute("SET LOCAL lock_timeout = '5s'")
    script(COUNTS)
    script(PAGE)


def downgrade() -> None:
    raise RuntimeError("Carethread's migrations go forward only; restore a backup instead.")
