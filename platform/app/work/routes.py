"""The operator's page, for the clinic's administrators."""

from uuid import UUID

from app.work import verbs
from app.work.listing import StuckWork, stuck_work
from core.database.session import ReadSession, WriteSession
from core.edge.web import get, post
from identity.permissions import Permission


@get("/api/admin/stuck-work", permission=Permission.ADMIN_WORK)
async def list_stuck_work(read: ReadSession) -> StuckWork:
    """What is stuck, why, and when it is tried again."""
    return await stuck_work(read)


@post("/api/admin/stuck-work/events/{event_id:uuid}/retry", permission=Permission.ADMIN_WORK, status_code=204)
async def retry_event(write: WriteSession, event_id: UUID) -> None:
    """Deliver it again at once, as if for the first time."""
    await verbs.try_again(write, "event", event_id)


@post(
    "/api/admin/stuck-work/events/{event_id:uuid}/set-aside",
    permission=Permission.ADMIN_WORK,
    status_code=204,
)
async def set_event_aside(write: WriteSession, event_id: UUID) -> None:
    """Deliver it no more: what it was to cause does not happen."""
    await verbs.set_aside(write, "event", event_id)


@post(
    "/api/admin/stuck-work/notices/{notice_id:uuid}/retry", permission=Permission.ADMIN_WORK, status_code=204
)
async def retry_notice(write: WriteSession, notice_id: UUID) -> None:
    """Hand it to its carrier again at once."""
    await verbs.try_again(write, "notice", notice_id)


@post(
    "/api/admin/stuck-work/notices/{notice_id:uuid}/set-aside",
    permission=Permission.ADMIN_WORK,
    status_code=204,
)
async def set_notice_aside(write: WriteSession, notice_id: UUID) -> None:
    """Send it no more, and list it no more."""
    await verbs.set_aside(write, "notice", notice_id)


@post(
    "/api/admin/stuck-work/prescriptions/{prescription_id:uuid}/retry",
    permission=Permission.ADMIN_WORK,
    status_code=204,
)
async def retry_prescription(write: WriteSession, prescription_id: UUID) -> None:
    """Send it again at once."""
    await verbs.try_again(write, "prescription", prescription_id)


ROUTES = [
    list_stuck_work,
    retry_event,
    set_event_aside,
    retry_notice,
    set_notice_aside,
    retry_prescription,
]
