"""Routes of the connection history: pages in a call tell, support staff read."""

from typing import Annotated
from uuid import UUID

from litestar import Request
from litestar.datastructures import State
from litestar.params import Parameter

from core import audit
from core.database.session import ReadSession, WriteSession
from core.edge.exchange import header
from core.edge.web import get, post
from core.guard.bodies import KB
from identity.permissions import Permission
from visits.history import service, views
from visits.history.access import supported_visit
from visits.history.domain import MAX_DAYS, browser_class
from visits.history.schemas import Batch, ConnectionOut, Failure, Health, Mark

MOST = 32 * KB
"""A full batch has some 20 KB."""


@post("/api/visits/{visit_id:uuid}/connection", permission=Permission.VISIT_JOIN, status_code=204, most=MOST)
async def record_connection(write: WriteSession, visit_id: UUID, data: Batch) -> None:
    """What one's own page measured since it last sent. The same batch twice is kept once."""
    await service.record(write, visit_id, data)


@post("/api/visits/{visit_id:uuid}/connection/mark", permission=Permission.VISIT_JOIN, status_code=204)
async def mark_call(write: WriteSession, visit_id: UUID, data: Mark) -> None:
    """The call is, or was, bad. Saying it again changes its reason."""
    await service.mark(write, visit_id, data)


@post("/api/visits/{visit_id:uuid}/connection/failures", permission=Permission.VISIT_JOIN, status_code=204)
async def record_failure(
    request: Request[object, object, State], write: WriteSession, visit_id: UUID, data: Failure
) -> None:
    """Something kept one from the call."""
    await service.fail(write, visit_id, data, browser_class(header(request.scope, b"user-agent")))


@get("/api/visits/{visit_id:uuid}/connection", permission=Permission.CALL_SUPPORT)
async def read_connection(read: ReadSession, visit_id: UUID) -> ConnectionOut:
    """How the calls of a visit went. On record as about its patient: a coordinator can tell whose visit it is."""
    visit = await supported_visit(read, visit_id)
    await audit.log(read, "call.history", patient_id=visit.patient_id, entity=("visit", visit_id))
    return await views.connection(read, visit)


@get("/api/calls/health", permission=Permission.CALL_SUPPORT)
async def read_health(read: ReadSession, days: Annotated[int, Parameter(ge=1, le=MAX_DAYS)] = 7) -> Health:
    """How the clinic's calls went: what failed, by reason and browser, and the worst visits first.

    It shows counts and ids of visits, and so nobody's health data: the row in the audit names no patient.
    """
    await audit.log(read, "call.health", detail={"days": days})
    return await views.health(read, days)


ROUTES = [record_connection, mark_call, record_failure, read_connection, read_health]
"""What the slice registers."""
