"""Reading a clinic's visit types."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from core.database.session import ReadSession, WriteSession
from visits.visit_types.models import VisitType


async def every(read: ReadSession) -> Sequence[VisitType]:
    """All of the clinic's, also retired ones, in the order in which they are offered."""
    rows = await read.scalars(
        select(VisitType)
        .where(VisitType.clinic_id == read.clinic_id)
        .order_by(VisitType.position, VisitType.code)
    )
    return rows.all()


async def by_code(read: ReadSession, code: str) -> VisitType | None:
    """The type with this code, also a retired one."""
    found: VisitType | None = await read.one_or_none(
        select(VisitType).where(VisitType.clinic_id == read.clinic_id, VisitType.code == code)
    )
    return found


async def for_update(write: WriteSession, type_id: UUID) -> VisitType:
    """The type to change, locked. Raises NotFound."""
    found: VisitType = await write.one_or_not_found(
        select(VisitType)
        .where(VisitType.clinic_id == write.clinic_id, VisitType.id == type_id)
        .with_for_update(key_share=True)
    )
    return found
