"""Routes of the check before a visit, for the patient and whoever acts for them."""

from uuid import UUID

from litestar import Request
from litestar.datastructures import State

from core.database.session import WriteSession
from core.edge.exchange import header
from core.edge.web import post
from core.guard.addresses import client_address, network_of
from identity.permissions import Permission
from visits import repository
from visits.check import service
from visits.check.schemas import CheckIn, ProbeOut, check_out
from visits.history.domain import browser_class
from visits.schemas import CheckOut


@post("/api/visits/{visit_id:uuid}/check/begin", permission=Permission.VISIT_WAIT, status_code=200)
async def begin_check(
    request: Request[object, object, State], write: WriteSession, visit_id: UUID
) -> ProbeOut:
    """A ticket to the peer against which one's own page measures the network."""
    visit = await repository.get_visible(write, visit_id)
    address = client_address(request.scope, write.services.settings.trusted_proxies)
    return await service.begin(write, visit, network_of(address))


@post("/api/visits/{visit_id:uuid}/check", permission=Permission.VISIT_WAIT, status_code=200)
async def keep_check(
    request: Request[object, object, State], write: WriteSession, visit_id: UUID, data: CheckIn
) -> CheckOut:
    """What one's own page found; what it says of the call to come."""
    await repository.get_visible(write, visit_id)
    visit = await repository.for_update(write, visit_id)
    browser = browser_class(header(request.scope, b"user-agent"))
    return check_out(await service.keep(write, visit, data.facts(), browser))


ROUTES = [begin_check, keep_check]
"""What the slice registers."""
