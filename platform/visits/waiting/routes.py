"""Routes of the clinic: the queue, and what a clinician does with a visit."""

from uuid import UUID

from litestar import Response
from litestar.openapi.datastructures import ResponseSpec

from core.actor import Actor, Role
from core.database.session import ReadSession, WriteSession
from core.edge.web import get, post
from identity.permissions import Permission
from visits import repository, service, views
from visits.announce import wake_waiting_line
from visits.schemas import Admit, AtPage, QueueOut, RunningLate, VisitOut
from visits.waiting import presence, queue

_QUEUE = {200: ResponseSpec(QueueOut, generate_examples=False)}


@get("/api/queue", permission=Permission.QUEUE_READ, responses=_QUEUE)
async def read_queue(read: ReadSession) -> Response[bytes]:
    """Who waits, why, for how long, with what flags; who is being seen, and by whom (`QueueOut`)."""
    return Response(await queue.read_queue(read), media_type="application/json")


@post("/api/queue/here", permission=Permission.QUEUE_READ, status_code=204)
async def mark_present(write: WriteSession, actor: Actor, data: AtPage) -> None:
    """The queue is open on this clinician's screen, so patients' estimates may count on them."""
    page = _page(actor, data)
    if page and await presence.here(write.services, write.clinic_id, page):
        wake_waiting_line(write)


@post("/api/queue/away", permission=Permission.QUEUE_READ, status_code=204)
async def mark_away(write: WriteSession, actor: Actor, data: AtPage) -> None:
    """The queue was closed."""
    page = _page(actor, data)
    if page and await presence.away(write.services, write.clinic_id, page):
        wake_waiting_line(write)


def _page(actor: Actor, data: AtPage) -> presence.OpenPage | None:
    """Only clinicians count: nobody waits for a coordinator."""
    if not actor.has(Role.CLINICIAN):
        return None
    return presence.OpenPage("clinician", actor.own_account, data.page)


@post("/api/visits/{visit_id:uuid}/admit", permission=Permission.VISIT_ADMIT, status_code=200)
async def admit(write: WriteSession, visit_id: UUID, data: Admit) -> VisitOut:
    """Take a visit that waits, or one with a red flag. Of two clinicians one does, and is named to the other."""
    await service.admit(write, await repository.for_update(write, visit_id), data.licence_reason)
    return await views.visit(write, visit_id)


@post("/api/visits/{visit_id:uuid}/phoned", permission=Permission.VISIT_PHONE, status_code=204)
async def note_phoned(write: WriteSession, visit_id: UUID) -> None:
    """The reader calls the patient by phone now: kept in the visit's thread, and shown to everyone at the queue."""
    await service.note_phoned(write, await repository.for_update(write, visit_id))


@post("/api/visits/{visit_id:uuid}/emergency", permission=Permission.VISIT_PHONE, status_code=204)
async def note_emergency(write: WriteSession, visit_id: UUID) -> None:
    """Emergency services were called for the patient: kept in the visit's thread, and a task to ask how they are."""
    await service.note_emergency(write, await repository.for_update(write, visit_id))


@post("/api/visits/{visit_id:uuid}/put-back", permission=Permission.VISIT_PUT_BACK, status_code=200)
async def put_back(write: WriteSession, visit_id: UUID) -> VisitOut:
    """Give the patient back to where they came from. 409 `clinician_in_call` for somebody else's."""
    await service.put_back(write, await repository.for_update(write, visit_id))
    return await views.visit(write, visit_id)


@post("/api/visits/{visit_id:uuid}/no-show", permission=Permission.VISIT_ADMIT, status_code=200)
async def mark_no_show(write: WriteSession, visit_id: UUID) -> VisitOut:
    """The patient did not come, or is gone."""
    await service.mark_no_show(write, await repository.for_update(write, visit_id))
    return await views.visit(write, visit_id)


@post("/api/visits/{visit_id:uuid}/running-late", permission=Permission.VISIT_ADMIT, status_code=200)
async def say_running_late(write: WriteSession, visit_id: UUID, data: RunningLate) -> VisitOut:
    """Tell the patient that it will take about so many minutes more."""
    await service.say_running_late(write, await repository.for_update(write, visit_id), data.minutes)
    return await views.visit(write, visit_id)


ROUTES = [
    read_queue,
    mark_present,
    mark_away,
    admit,
    note_phoned,
    note_emergency,
    put_back,
    mark_no_show,
    say_running_late,
]
