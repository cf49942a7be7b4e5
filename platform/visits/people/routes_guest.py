"""Routes of a guest: coming in by a link, and the little that one may do then. Nothing else is theirs."""

from uuid import UUID

from litestar import Request, Response
from litestar.datastructures import State
from litestar.types import Scope
from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.database.session import ReadSession, WriteSession
from core.edge.exchange import header
from core.edge.web import PUBLIC, get, post
from core.errors import Conflict
from identity.clinic import clinics
from identity.permissions import Permission
from identity.sessions.browsers import browser_of
from identity.sessions.cookies import cookies_of, guest_cookie, guest_secret_in, no_session_cookie
from identity.sessions.responses import signed_in
from identity.sessions.tokens import new_token
from visits.calls import service as calls
from visits.history.domain import browser_class
from visits.models import Visit
from visits.people import access, entering, service, views
from visits.people.domain import GuestStatus
from visits.people.schemas import EnterByLink, GuestLinkOut, GuestSelf, OpenLink
from visits.schemas import JoinOut


@post("/api/clinics/{slug:str}/guest-link", permission=PUBLIC, status_code=200)
async def open_link(write: WriteSession, scope: Scope, slug: str, data: OpenLink) -> Response[GuestLinkOut]:
    """What a guest's link leads to, without using it. 409 says what is wrong with it; 429."""
    await clinics.enter(write, slug)
    settings = write.services.settings
    secret = guest_secret_in(settings, cookies_of(scope)) or new_token()
    link = await entering.look(write, data, secret, browser_of(scope, settings).address)
    return Response(link, status_code=200, cookies=[guest_cookie(settings, secret)])


@post("/api/clinics/{slug:str}/guest-link/enter", permission=PUBLIC, status_code=200)
async def enter(write: WriteSession, scope: Scope, slug: str, data: EnterByLink) -> Response[GuestSelf]:
    """Come in by a guest's link. The browser that did may do so again; for any other it was used. 409, 429."""
    await clinics.enter(write, slug)
    settings = write.services.settings
    secret = guest_secret_in(settings, cookies_of(scope)) or new_token()
    begun = await entering.enter(write, data, secret, browser_of(scope, settings))
    answer = signed_in(write, begun, await _self(write))
    answer.cookies.append(guest_cookie(settings, secret))
    return answer


@get("/api/guest", permission=Permission.GUEST)
async def read_self(read: ReadSession) -> GuestSelf:
    """Where one stands: waiting, or let in, and who else is there."""
    return await _self(read)


@post("/api/guest/join", permission=Permission.GUEST, status_code=200)
async def join(request: Request[object, object, State], write: WriteSession, actor: Actor) -> JoinOut:
    """A ticket for the call of the one visit that the guest was let into. 409 `guest_not_admitted`."""
    visit, guest = await access.own_with_visit(write)
    if guest.status is not GuestStatus.ADMITTED:
        raise Conflict("guest_not_admitted", status=guest.status.value)
    browser = browser_class(header(request.scope, b"user-agent"))
    attempt = await calls.begin_guest_attempt(write, visit, browser)
    settings, now = write.services.settings, write.now()
    return JoinOut(
        attempt_id=attempt.id,
        ticket=calls.ticket_for(settings, attempt, actor, now),
        signaling_url=settings.signaling_url,
        ice_servers=calls.ice_servers(settings, actor.own_account, now),
    )


@post("/api/guest/leave", permission=Permission.GUEST, status_code=204)
async def leave(write: WriteSession) -> Response[None]:
    """Go for good: the sign-in ends, and the link opens nothing any more."""
    visit, guest = await access.own_with_visit(write)
    await service.leave(write, visit, guest)
    return Response(None, status_code=204, cookies=[no_session_cookie(write.services.settings)])


async def _self(read: ReadSession) -> GuestSelf:
    guest = await access.own(read)
    visit = await read.one_or_not_found(select(Visit).where(Visit.id == guest.visit_id))
    if guest.status is GuestStatus.ADMITTED:
        await _on_record(read, visit.patient_id, visit.id)
    return await views.own(read, guest, visit)


async def _on_record(read: ReadSession, patient_id: UUID, visit_id: UUID) -> None:
    """Who sees that there is a visit is on record as having seen it."""
    await audit.log(read, "visit.read", patient_id=patient_id, entity=("visit", visit_id))


ROUTES = [open_link, enter, read_self, join, leave]
