"""The task page of a clinic with 100,000 open tasks: sixteen coordinators who look through its views."""

import asyncpg

from tests.bench import http_load
from tests.bench.chart import by_turns
from tests.bench.figures import Figure, latency, p95
from tests.bench.world import World, world

OPEN, CLOSED = 100_000, 30_000
CLIENTS = 16
# Each is more than a twentieth of the requests: one slow filter is seen in the 95th percentile.
PATHS = [
    f"/api/tasks?{query}"
    for query in (
        "view=open",
        "view=mine",
        "view=unassigned",
        "view=overdue",
        "view=today",
        "view=done",
        "view=open&kind=call",
        "view=mine&kind=lab",
        "view=unassigned&kind=referral",
        "view=overdue&kind=recheck",
    )
]

# Due over two years and at all hours, every third assigned to nobody, the rest shared by 21 people.
PEOPLE = """
INSERT INTO account (clinic_id, name, email, roles)
SELECT $1, 'Coordinator ' || i, 'c' || i || '@bench.example', '{coordinator}' FROM generate_series(1, 20) i
"""
PATIENTS = """
INSERT INTO patient (clinic_id, family, given, birth_date, mrn)
SELECT $1, 'Family ' || i, 'Given', date '1950-01-01' + i, 'B' || i FROM generate_series(1, 5000) i
"""
TASKS = """
WITH people AS (SELECT array_agg(id) AS ids FROM patient WHERE clinic_id = $1),
     team AS (SELECT array_agg(id) AS ids FROM account WHERE clinic_id = $1)
INSERT INTO task (clinic_id, patient_id, source, source_id, kind, title, due_at, status, assignee_id, closed_at)
SELECT $1, people.ids[1 + i % cardinality(people.ids)], 'manual', uuidv7(),
       (ARRAY['call', 'lab', 'recheck', 'referral', 'prescription', 'other'])[1 + i % 6], 'Call about result ' || i,
       now() + (i * 631 % 1051200 - 525600) * interval '1 minute',
       CASE WHEN i <= $2 THEN 'open' ELSE 'done' END,
       CASE WHEN i % 3 > 0 THEN team.ids[1 + i % cardinality(team.ids)] END,
       CASE WHEN i > $2 THEN now() - i * interval '1 minute' END
  FROM generate_series(1, $2::int + $3::int) i, people, team
"""


async def task_page_p95() -> Figure:
    """A page of tasks with its counts, by 16 clients at once, beside one bare select of as many tasks."""
    async with world(notes=0) as clinic:
        await _fill(clinic)
        ours = [http_load.get(path, clinic.token) for path in PATHS]
        theirs = http_load.get(f"/bare/tasks/{clinic.clinic_id}", clinic.token)
        loads = await by_turns(
            {
                clinic.api: lambda worker, turn: ours[(worker + turn) % len(ours)],
                clinic.bare: lambda *_: theirs,
            },
            CLIENTS,
        )
    samples = {port: [each for load in found for each in load.milliseconds] for port, found in loads.items()}
    return latency("task_page_p95", p95(samples[clinic.api]), 50, p95(samples[clinic.bare]))


async def _fill(clinic: World) -> None:
    owner = await asyncpg.connect(clinic.owner)
    await owner.execute(PEOPLE, clinic.clinic_id)
    await owner.execute(PATIENTS, clinic.clinic_id)
    await owner.execute(TASKS, clinic.clinic_id, OPEN, CLOSED)
    # What two hundred pages and autovacuum do within minutes.
    await owner.execute("SELECT recount_tasks()")
    await owner.execute("VACUUM ANALYZE task, task_count, patient, account")
    await owner.close()
