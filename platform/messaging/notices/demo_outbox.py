"""The demo's outbox: every SMS and e-mail that left or would have left, for trying Carethread without a carrier."""

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select, text

from core.database.session import ReadSession
from core.edge.web import PUBLIC, get
from core.errors import NotFound
from messaging.models import Notification
from messaging.notices.notify import open_content

_NEWEST = 50
_CLINIC = text("SELECT id FROM clinic WHERE demo ORDER BY created_at, id LIMIT 1")


class OutboxItem(msgspec.Struct):
    """One notice as the person who gets it sees it."""

    id: UUID
    at: datetime
    channel: str
    kind: str
    to: str
    subject: str
    text: str
    status: str


@get("/api/demo/outbox", permission=PUBLIC, polled=True)
async def demo_outbox(read: ReadSession) -> list[OutboxItem]:
    """The newest notices of the demo's own clinic, and of no other: they hold sign-in codes.

    Not there unless this is a demo.
    """
    if not read.services.settings.demo:
        raise NotFound
    clinic_id = await read.scalar(_CLINIC)
    if clinic_id is None:
        raise NotFound
    await read.enter_clinic(clinic_id)
    return await newest(read)


async def newest(read: ReadSession) -> list[OutboxItem]:
    """The newest notices of the clinic that was entered, as their receivers see them."""
    rows = await read.scalars(select(Notification).order_by(Notification.id.desc()).limit(_NEWEST))
    return [_item(read, row) for row in rows]


def _item(read: ReadSession, row: Notification) -> OutboxItem:
    content = open_content(read, row)
    return OutboxItem(
        id=row.id,
        at=row.created_at,
        channel=row.channel,
        kind=row.kind,
        to=content["to"],
        subject=content["subject"],
        text=content["text"],
        status=row.status,
    )
