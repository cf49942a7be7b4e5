"""The ceilings over HTTP: handlers of the same framework on the same server that do the one thing and nothing else."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg
import uvicorn
from litestar import Litestar, MediaType, Request, Response, get, post, put
from litestar.response import ServerSentEvent

# What comes by server-sent event becomes a list item.
PAGE = """<!doctype html><ul></ul><script>
  new EventSource('/bare/events').onmessage = ({ data }) => {
    const item = document.createElement('li');
    item.textContent = data;
    document.querySelector('ul').append(item);
  };
</script>"""


@asynccontextmanager
async def _pool(app: Litestar) -> AsyncIterator[None]:
    # The owner's connection: no row-level security, nothing of ours in the way.
    async with asyncpg.create_pool(
        os.environ["CARETHREAD_OWNER_DATABASE_URL"], min_size=10, max_size=10
    ) as pool:
        await pool.execute("CREATE TABLE IF NOT EXISTS bare_note (id uuid PRIMARY KEY, content jsonb)")
        app.state.pool, app.state.screens = pool, set()
        yield


@get("/bare/{patient_id:uuid}")
async def one_select(patient_id: UUID) -> Response[bytes]:
    body = await app.state.pool.fetchval("SELECT body FROM chart_summary WHERE patient_id = $1", patient_id)
    return Response(body, media_type="application/json")


@get("/bare/tasks/{clinic_id:uuid}")
async def fifty_tasks(clinic_id: UUID) -> Response[str]:
    body = await app.state.pool.fetchval(
        "SELECT json_agg(page) FROM (SELECT task.*, patient.family, patient.given, patient.birth_date FROM task "
        "JOIN patient ON patient.id = task.patient_id WHERE task.clinic_id = $1 AND task.status = 'open' "
        "ORDER BY task.due_at LIMIT 50) page",
        clinic_id,
    )
    return Response(body, media_type="application/json")


@get("/bare/patients/{clinic_id:uuid}")
async def thirty_patients(clinic_id: UUID) -> Response[str]:
    body = await app.state.pool.fetchval(
        "SELECT json_agg(page) FROM (SELECT id, family, given, birth_date, sex, mrn, phone FROM patient "
        "WHERE clinic_id = $1 ORDER BY lower(family), lower(given), birth_date LIMIT 30) page",
        clinic_id,
    )
    return Response(body, media_type="application/json")


@get("/bare/visits/{patient_id:uuid}")
async def thirty_visits(patient_id: UUID) -> Response[str]:
    body = await app.state.pool.fetchval(
        "SELECT json_agg(page) FROM (SELECT visit.*, account.name FROM visit "
        "LEFT JOIN account ON account.id = visit.clinician_id WHERE visit.patient_id = $1 "
        "ORDER BY visit.requested_at DESC LIMIT 30) page",
        patient_id,
    )
    return Response(body, media_type="application/json")


@get("/bare/queue/{clinic_id:uuid}")
async def whole_queue(clinic_id: UUID) -> Response[str]:
    body = await app.state.pool.fetchval(
        "SELECT json_agg(page) FROM (SELECT visit.id, visit.reason_code, visit.kind, visit.status, visit.priority, "
        "visit.red_flags, visit.requested_at, visit.ready_at, visit.location, visit.callback_phone, "
        "patient.id AS patient_id, patient.family, patient.given, patient.birth_date, patient.sex, "
        "patient.language, patient.mrn, patient.phone "
        "FROM visit JOIN patient ON patient.id = visit.patient_id "
        "WHERE visit.clinic_id = $1 AND visit.status IN ('waiting', 'admitted', 'left') "
        "ORDER BY visit.priority DESC, visit.queued_at LIMIT 300) page",
        clinic_id,
    )
    return Response(body, media_type="application/json")


@get("/bare/threads/{clinic_id:uuid}")
async def thirty_threads(clinic_id: UUID) -> Response[str]:
    body = await app.state.pool.fetchval(
        "SELECT json_agg(page) FROM (SELECT thread.*, patient.family, patient.given, patient.birth_date, "
        "patient.mrn, patient.phone, message.side, message.kind, message.body FROM thread "
        "JOIN patient ON patient.id = thread.patient_id "
        "JOIN message ON message.thread_id = thread.id AND message.seq = thread.last_seq "
        "WHERE thread.clinic_id = $1 ORDER BY thread.last_at DESC, thread.id DESC LIMIT 30) page",
        clinic_id,
    )
    return Response(body, media_type="application/json")


@put("/bare/notes/{note_id:uuid}")
async def one_write(note_id: UUID, request: Request) -> dict[str, str]:  # type: ignore[type-arg]  # any request
    await app.state.pool.execute(
        "INSERT INTO bare_note VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET content = excluded.content",
        note_id,
        (await request.body()).decode(),
    )
    return {"id": str(note_id)}


@get("/bare/page", media_type=MediaType.HTML)
async def page() -> str:
    return PAGE


@get("/bare/events")
async def events() -> ServerSentEvent:
    async def heard() -> AsyncIterator[str]:
        screen: asyncio.Queue[str] = asyncio.Queue()
        app.state.screens.add(screen)
        while True:
            yield await screen.get()

    return ServerSentEvent(heard())


@post("/bare/push/{word:str}")
async def push(word: str) -> dict[str, int]:
    for screen in app.state.screens:
        screen.put_nowait(word)
    return {"screens": len(app.state.screens)}


app = Litestar(
    [
        one_select,
        fifty_tasks,
        thirty_patients,
        thirty_visits,
        whole_queue,
        thirty_threads,
        one_write,
        page,
        events,
        push,
    ],
    lifespan=[_pool],
    openapi_config=None,
)

if __name__ == "__main__":
    uvicorn.run(
        app, port=int(sys.argv[1]), log_level="warning", access_log=False, timeout_graceful_shutdown=1
    )
