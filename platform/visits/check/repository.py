"""Queries of the check before a visit."""

from uuid import UUID

from sqlalchemy import select

from core.database.session import ReadSession
from visits.check.models import VisitCheck


async def latest(read: ReadSession, visit_id: UUID) -> VisitCheck | None:
    """The last check of this visit."""
    found: VisitCheck | None = await read.one_or_none(
        select(VisitCheck)
        .where(VisitCheck.visit_id == visit_id)
        .order_by(VisitCheck.at.desc(), VisitCheck.id.desc())
        .limit(1)
    )
    return found
