"""Routes of a visit for those who are in it: the patient's own, and joining the call."""

from typing import Annotated
from uuid import UUID

from litestar import Request
from litestar.datastructures import State
from litestar.params import Parameter

from core import audit
from core.actor import Actor
from core.database.session import ReadSession, WriteSession
from core.edge.exchange import header
from core.edge.web import get, post
from core.errors import Invalid
from identity.patients import service as patients
from identity.permissions import Permission
from visits import repository, service, views
from visits.announce import publish_change
from visits.calls import service as calls
from visits.domain import VisitStatus
from visits.history.domain import browser_class
from visits.location import Whereabouts, confirm
from visits.models import Visit
from visits.schemas import AtPage, Cancel, Join, JoinOut, RequestVisit, ThreadOut, VisitOut, WaitingOut
from visits.waiting import presence
from visits.waiting.presence import OpenPage

VISITS, MAX_VISITS = 30, 100
"""How many a page has, and at most."""


@get("/api/visits", permission=Permission.VISIT_READ)
async def list_visits(
    read: ReadSession,
    actor: Actor,
    patient_id: UUID | None = None,
    before: UUID | None = None,
    limit: Annotated[int, Parameter(ge=1, le=MAX_VISITS)] = VISITS,
) -> list[VisitOut]:
    """A patient's visits, the latest first: one's own, or for the care team those of `patient_id`.

    `before`: the last visit of the page before; what comes was asked for earlier than that one.
    """
    whose = actor.patient_id if actor.is_patient else patient_id
    if whose is None:
        raise Invalid({"patient_id": "required"})
    await patients.get_open(read, whose)
    await audit.log(read, "visit.list", patient_id=whose)
    return await views.visits_of(read, whose, limit, before)


@post("/api/visits", permission=Permission.VISIT_REQUEST, idempotent=True)
async def request_visit(write: WriteSession, actor: Actor, data: RequestVisit) -> VisitOut:
    """Ask to be seen today: opens a visit in intake."""
    visit = await service.request(write, actor.own_patient, data.reason_code)
    return await views.visit(write, visit.id)


@get("/api/visits/{visit_id:uuid}", permission=Permission.VISIT_READ)
async def read_visit(read: ReadSession, visit_id: UUID) -> VisitOut:
    """One visit."""
    visit = await views.visit(read, visit_id)
    await audit.log(read, "visit.read", patient_id=visit.patient_id, entity=("visit", visit_id))
    return visit


@get("/api/visits/{visit_id:uuid}/thread", permission=Permission.VISIT_READ)
async def read_thread(read: ReadSession, visit_id: UUID) -> ThreadOut:
    """What happened in a visit, from the request to the last of what followed."""
    thread = await views.thread(read, visit_id)
    await audit.log(read, "visit.read", patient_id=thread.visit.patient_id, entity=("visit", visit_id))
    return thread


@get("/api/visits/{visit_id:uuid}/waiting", permission=Permission.VISIT_WAIT)
async def read_waiting(read: ReadSession, visit_id: UUID) -> WaitingOut:
    """The place in the line and the estimate, or that nobody can tell yet."""
    waiting = await views.waiting(read, visit_id)
    await audit.log(read, "visit.read", patient_id=waiting.visit.patient_id, entity=("visit", visit_id))
    return waiting


@post("/api/visits/{visit_id:uuid}/here", permission=Permission.VISIT_WAIT, status_code=204)
async def mark_present(write: WriteSession, visit_id: UUID, data: AtPage) -> None:
    """The waiting page is open, in sight or asleep. Near a booked time, with intake complete, this checks the patient
    in."""
    visit = await repository.get_visible(write, visit_id)
    if visit.status is VisitStatus.INTAKE:
        visit = await repository.for_update(write, visit_id)
        await service.check_in(write, visit)
    page = OpenPage("visit", visit_id, data.page)
    if await presence.here(write.services, write.clinic_id, page, asleep=data.asleep):
        publish_change(write, visit)


@post("/api/visits/{visit_id:uuid}/away", permission=Permission.VISIT_WAIT, status_code=204)
async def mark_away(write: WriteSession, visit_id: UUID, data: AtPage) -> None:
    """The waiting page was closed. The place is kept: closing a page is not leaving."""
    visit = await repository.get_visible(write, visit_id)
    if await presence.away(write.services, write.clinic_id, OpenPage("visit", visit_id, data.page)):
        publish_change(write, visit)


@post("/api/visits/{visit_id:uuid}/leave", permission=Permission.VISIT_WAIT, status_code=200)
async def leave(write: WriteSession, visit_id: UUID) -> VisitOut:
    """Step out of the waiting room; coming back soon finds the same place."""
    await service.leave(write, await _to_take_part(write, visit_id))
    return await views.visit(write, visit_id)


@post("/api/visits/{visit_id:uuid}/return", permission=Permission.VISIT_WAIT, status_code=200)
async def come_back(write: WriteSession, visit_id: UUID) -> VisitOut:
    """Be in the waiting room again."""
    await service.come_back(write, await _to_take_part(write, visit_id))
    return await views.visit(write, visit_id)


@post("/api/visits/{visit_id:uuid}/cancel", permission=Permission.VISIT_CANCEL, status_code=200)
async def cancel(write: WriteSession, visit_id: UUID, data: Cancel) -> VisitOut:
    """Call off a visit that has not begun."""
    await service.cancel(write, await repository.for_update(write, visit_id), data.reason)
    return await views.visit(write, visit_id)


@post("/api/visits/{visit_id:uuid}/join", permission=Permission.VISIT_JOIN, status_code=200)
async def join(
    request: Request[object, object, State], write: WriteSession, actor: Actor, visit_id: UUID, data: Join
) -> JoinOut:
    """Begin an attempt at the call. A patient confirms where they are and how to call back, every time."""
    visit = await _to_take_part(write, visit_id)
    whereabouts = _whereabouts(data) if actor.is_patient else None
    if whereabouts is not None:
        await service.require_adult(write, visit, whereabouts.callback_phone)
    browser = browser_class(header(request.scope, b"user-agent"))
    attempt = await calls.begin_attempt(write, visit, whereabouts, browser)
    settings, now = write.services.settings, write.now()
    return JoinOut(
        attempt_id=attempt.id,
        ticket=calls.ticket_for(settings, attempt, actor, now),
        signaling_url=settings.signaling_url,
        ice_servers=calls.ice_servers(settings, actor.own_account, now),
    )


async def _to_take_part(write: WriteSession, visit_id: UUID) -> Visit:
    """The visit, locked. Whoever acts for the patient takes no part in a visit that is closed to them.

    Raises NotFound, Restricted.
    """
    if write.actor.is_proxy:
        await repository.get_visible(write, visit_id)
    return await repository.for_update(write, visit_id)


def _whereabouts(data: Join) -> Whereabouts:
    if data.location is None:
        raise Invalid(
            {"location.line": "required", "location.city": "required", "callback_phone": "required"}
        )
    return confirm(Whereabouts(location=data.location, callback_phone=data.callback_phone or ""))


ROUTES = [
    list_visits,
    request_visit,
    read_visit,
    read_thread,
    read_waiting,
    mark_present,
    mark_away,
    leave,
    come_back,
    cancel,
    join,
]
