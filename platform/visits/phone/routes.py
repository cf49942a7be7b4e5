"""Routes of a visit's telephone calls, for those who are in it."""

from uuid import UUID

from core import audit
from core.database.session import ReadSession, WriteSession
from core.edge.web import get, post
from identity.permissions import Permission
from visits import repository as visits
from visits.models import Visit
from visits.phone import service, views
from visits.phone.schemas import Begin, PhoneOut, Ring


@get("/api/visits/{visit_id:uuid}/phone", permission=Permission.VISIT_READ)
async def read_phone(read: ReadSession, visit_id: UUID) -> PhoneOut:
    """Whether and how the visit goes on by telephone, and at which numbers."""
    visit = await visits.get_visible(read, visit_id)
    await audit.log(read, "visit.read", patient_id=visit.patient_id, entity=("visit", visit_id))
    return await views.phone(read, visit)


@post(
    "/api/visits/{visit_id:uuid}/phone", permission=Permission.VISIT_PHONE, status_code=200, idempotent=True
)
async def begin_phone(write: WriteSession, visit_id: UUID, data: Begin) -> PhoneOut:
    """Ring the patient and the clinician. While a call goes on, this begins no second one."""
    visit = await _to_take_part(write, visit_id)
    await service.begin(write, visit, data)
    return await views.phone(write, visit)


@post("/api/visits/{visit_id:uuid}/phone/ask", permission=Permission.VISIT_WAIT, status_code=204)
async def ask_for_phone(write: WriteSession, visit_id: UUID) -> None:
    """The patient asks to go on by telephone; the clinician sees it at once."""
    await service.ask(write, await _to_take_part(write, visit_id))


@post(
    "/api/visits/{visit_id:uuid}/phone/ring",
    permission=Permission.VISIT_PHONE,
    status_code=200,
)
async def ring_again(write: WriteSession, visit_id: UUID, data: Ring) -> PhoneOut:
    """Ring one side of the call that goes on once more. 409 `phone_call_over` when there is none."""
    visit = await _to_take_part(write, visit_id)
    await service.ring(write, visit, data)
    return await views.phone(write, visit)


@post("/api/visits/{visit_id:uuid}/phone/end", permission=Permission.VISIT_PHONE, status_code=200)
async def end_phone(write: WriteSession, visit_id: UUID) -> PhoneOut:
    """Hang up for both, and go back to video. Said twice, it is said once."""
    visit = await _to_take_part(write, visit_id)
    await service.hang_up(write, visit)
    return await views.phone(write, visit)


async def _to_take_part(write: WriteSession, visit_id: UUID) -> Visit:
    """The visit, locked, for whoever may see what it holds. Raises NotFound, Restricted."""
    await visits.get_visible(write, visit_id)
    return await visits.for_update(write, visit_id)


ROUTES = [read_phone, begin_phone, ask_for_phone, ring_again, end_phone]
