"""A large clinic, made once by bulk SQL: what its busiest pages cost sixteen people at once.

100,000 patients, 100,000 open tasks, 30,000 conversations, one chart of 500 visits and 20,000 observations, and 200
people in the waiting room.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from tests.bench import http_load, searching
from tests.bench.chart import by_turns
from tests.bench.figures import Figure, latency, p95
from tests.bench.http_load import Load, Request
from tests.bench.world import World, world

CLIENTS = 16
PATIENTS, OPEN_TASKS, CLOSED_TASKS, THREADS = 100_000, 100_000, 30_000, 30_000
VISITS, OBSERVATIONS, WAITING = 500, 20_000, 200

PEOPLE = """
INSERT INTO account (clinic_id, name, email, roles)
SELECT $1, 'Coordinator ' || i, 'c' || i || '@bench.example', '{coordinator}' FROM generate_series(1, 20) i
"""
# Names as many share them: some 300 family names and 200 given ones, in every combination.
PATIENT_ROWS = """
WITH syllables AS (SELECT ARRAY['Ba', 'Ca', 'De', 'Fe', 'Gar', 'Han', 'Jo', 'Ker', 'Li', 'Mar', 'Nor', 'Per', 'Ro',
                                'San', 'Tor', 'Val', 'Wil'] AS first,
                          ARRAY['ber', 'cia', 'dez', 'go', 'ley', 'man', 'nett', 'ra', 'rez', 'son', 'ton', 'vez',
                                'well', 'wick', 'za', 'ard', 'elli', 'ova'] AS last)
INSERT INTO patient (clinic_id, family, given, birth_date, mrn, phone)
SELECT $1, first[1 + i % 17] || last[1 + i / 17 % 18], first[1 + i / 306 % 17] || last[1 + i / 5202 % 12],
       date '1940-01-01' + i * 7919 % 27000, 'B' || i, '+1518' || lpad((i * 6007 % 10000000)::text, 7, '0')
  FROM generate_series(1, $2::int) i, syllables
"""
TASK_ROWS = """
WITH people AS (SELECT array_agg(id) AS ids FROM (SELECT id FROM patient WHERE clinic_id = $1 LIMIT 5000) few),
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
# Every patient has been seen once; the one with the large chart, often.
VISIT_ROWS = """
INSERT INTO visit (clinic_id, patient_id, clinician_id, kind, reason_code, status, requested_at, intake_done_at,
                   ready_at, queued_at, admitted_at, finished_at)
SELECT p.clinic_id, p.id, $2, 'on_demand', 'cough', 'finished', at, at, at, at, at + interval '10 minutes',
       at + interval '25 minutes'
  FROM (SELECT id, clinic_id, now() - (random() * 700 + 1) * interval '1 day' AS at FROM patient
         WHERE clinic_id = $1 AND mrn LIKE 'B%'
        UNION ALL
        SELECT $3::uuid, $1, now() - (i * 3 + 1) * interval '1 day' FROM generate_series(1, $4::int) i) p
"""
WAITING_ROWS = """
INSERT INTO visit (clinic_id, patient_id, kind, reason_code, status, priority, requested_at, intake_done_at, ready_at,
                   queued_at, location, callback_phone)
SELECT $1, id, 'on_demand', 'cough', 'waiting', CASE WHEN n % 20 = 0 THEN 1 ELSE 0 END, at, at, at, at,
       '{"line": "1 Main St", "city": "Albany", "state": "NY", "zip": "12207", "country": "US"}', phone
  FROM (SELECT id, phone, row_number() OVER () AS n, now() - random() * interval '1 hour' AS at
          FROM patient WHERE clinic_id = $1 AND mrn LIKE 'B%' LIMIT $2) p
"""
OBSERVATION_ROWS = """
WITH shapes AS (SELECT *, row_number() OVER () AS n, count(*) OVER () AS shapes FROM record
                 WHERE patient_id = $1 AND resource_type = 'Observation')
INSERT INTO record (id, clinic_id, patient_id, resource_type, version, code, code_system, display, category,
                    effective_at, source, updated_at, resource)
SELECT uuidv7(), s.clinic_id, s.patient_id, s.resource_type, 1, s.code, s.code_system, s.display, s.category,
       now() - i * interval '2 hours', s.source, s.updated_at, s.resource
  FROM generate_series(1, $2::int) i JOIN shapes s ON s.n = 1 + i % s.shapes
"""
THREAD_ROWS = """
INSERT INTO thread (clinic_id, patient_id, subject, last_seq, last_at, awaiting)
SELECT $1, id, 'A question', 3, now() - random() * interval '300 days',
       CASE WHEN random() < 0.02 THEN 'clinic' END
  FROM (SELECT id FROM patient WHERE clinic_id = $1 AND mrn LIKE 'B%' LIMIT $2) p
"""
MESSAGE_ROWS = """
INSERT INTO message (clinic_id, thread_id, seq, client_id, side, author_name, kind, body)
SELECT $1, t.id, n, uuidv7(), CASE WHEN n % 2 = 1 THEN 'patient' ELSE 'clinic' END, 'Somebody', 'text',
       repeat('How are you today? ', 8)
  FROM thread t, generate_series(1, 3) n WHERE t.clinic_id = $1
"""
# Each is more than a twentieth of the requests: one slow filter is seen in the 95th percentile.
TASK_PAGES = [
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
SEARCHES = ("Garcia", "Garcia Marbera", "518", "5180006007", "B77777", "Zzyzx")
"""A name that many have, two words, the beginning of a number, a phone, a record number, nothing found."""

THREAD_LISTS = ("/api/threads", "/api/threads?awaiting=clinic")
"""All conversations, and those that wait for the clinic."""


@asynccontextmanager
async def large_clinic() -> AsyncIterator[World]:
    """The large clinic with its API."""
    async with world(notes=0) as clinic:
        await _fill(clinic)
        yield clinic


async def task_page_p95(clinic: World) -> Figure:
    """A page of tasks with its counts, beside one bare select of as many tasks."""
    ours = [http_load.get(path, clinic.token) for path in TASK_PAGES]
    theirs = http_load.get(f"/bare/tasks/{clinic.clinic_id}", clinic.token)
    return await _page(
        clinic, "task_page_p95", 50, lambda worker, turn: ours[(worker + turn) % len(ours)], theirs
    )


async def patient_search_p95(clinic: World) -> Figure:
    """The slowest kind of search for a patient, beside one bare select of as many patients."""
    theirs = http_load.get(f"/bare/patients/{clinic.clinic_id}", clinic.token)
    figures = [
        await _page(clinic, "patient_search_p95", 50, _always(_search(clinic, query)), theirs)
        for query in SEARCHES
    ]
    return max(figures, key=lambda figure: figure.value)


async def patient_visits_p95(clinic: World) -> Figure:
    """The first page of 500 visits, beside one bare select of as many."""
    ours = http_load.get(f"/api/visits?patient_id={clinic.patient_id}", clinic.token)
    theirs = http_load.get(f"/bare/visits/{clinic.patient_id}", clinic.token)
    return await _page(clinic, "patient_visits_p95", 50, _always(ours), theirs)


async def queue_p95(clinic: World) -> Figure:
    """The clinician's queue with 200 waiting, beside one bare select of as many visits with their patients."""
    ours = http_load.get("/api/queue", clinic.token)
    theirs = http_load.get(f"/bare/queue/{clinic.clinic_id}", clinic.token)
    return await _page(clinic, "queue_p95", 50, _always(ours), theirs)


async def thread_list_p95(clinic: World) -> Figure:
    """The slowest list of conversations, beside one bare select of as many with their last messages."""
    theirs = http_load.get(f"/bare/threads/{clinic.clinic_id}", clinic.token)
    figures = [
        await _page(clinic, "thread_list_p95", 50, _always(http_load.get(path, clinic.token)), theirs)
        for path in THREAD_LISTS
    ]
    return max(figures, key=lambda figure: figure.value)


async def chart_large_p95(clinic: World) -> Figure:
    """The summary of a chart with 500 visits and 20,000 observations, beside one bare select of the same bytes."""
    ours = http_load.get(f"/api/patients/{clinic.patient_id}/summary", clinic.token)
    theirs = http_load.get(f"/bare/{clinic.patient_id}", clinic.token)
    return await _page(clinic, "chart_large_p95", 20, _always(ours), theirs)


FIGURES = {
    "task_page_p95": task_page_p95,
    "patient_search_p95": patient_search_p95,
    "patient_visits_p95": patient_visits_p95,
    "queue_p95": queue_p95,
    "thread_list_p95": thread_list_p95,
    "chart_large_p95": chart_large_p95,
    **searching.FIGURES,
}


async def _page(clinic: World, name: str, most_ms: float, ours: Request, theirs: bytes) -> Figure:
    loads = await by_turns({clinic.api: ours, clinic.bare: _always(theirs)}, CLIENTS)
    return latency(name, _p95(loads[clinic.api]), most_ms, _p95(loads[clinic.bare]))


def _always(request: bytes) -> Request:
    return lambda worker, turn: request


def _search(clinic: World, query: str) -> bytes:
    body = json.dumps({"q": query}).encode()
    return http_load.send("POST", "/api/patients/search", clinic.token, clinic.origin, body)


def _p95(loads: list[Load]) -> float:
    return p95([each for load in loads for each in load.milliseconds])


async def _fill(clinic: World) -> None:
    owner, own = await asyncpg.connect(clinic.owner), clinic.clinic_id
    clinician = await owner.fetchval("SELECT account_id FROM staff WHERE clinic_id = $1 LIMIT 1", own)
    await owner.execute(PEOPLE, own)
    await owner.execute(PATIENT_ROWS, own, PATIENTS)
    await owner.execute(TASK_ROWS, own, OPEN_TASKS, CLOSED_TASKS)
    await owner.execute(VISIT_ROWS, own, clinician, clinic.patient_id, VISITS)
    await owner.execute(WAITING_ROWS, own, WAITING)
    await owner.execute(OBSERVATION_ROWS, clinic.patient_id, OBSERVATIONS)
    await owner.execute(THREAD_ROWS, own, THREADS)
    await owner.execute(MESSAGE_ROWS, own)
    # What two hundred pages and autovacuum do within minutes.
    await owner.execute("SELECT recount_tasks()")
    await owner.execute("VACUUM ANALYZE")
    await owner.close()
    await searching.fill(clinic)
