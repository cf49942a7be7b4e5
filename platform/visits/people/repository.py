"""Queries about guests."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, func, select

from core.database.session import ReadSession
from identity.models import Account
from visits.models import CallAttempt
from visits.people.domain import LIVING, GuestStatus
from visits.people.models import VisitGuest


async def of_visit(read: ReadSession, visit_id: UUID) -> Sequence[tuple[VisitGuest, str]]:
    """The guests of a visit in the order of their invitations, each with who invited them."""
    query = (
        select(VisitGuest, Account.name)
        .join(Account, Account.id == VisitGuest.invited_by)
        .where(VisitGuest.visit_id == visit_id)
        .order_by(VisitGuest.created_at, VisitGuest.id)
    )
    return [(row.VisitGuest, row.name) for row in await read.execute(query)]


async def living(read: ReadSession, visit_id: UUID) -> Sequence[VisitGuest]:
    """The guests of a visit whose invitation still leads somewhere."""
    query = select(VisitGuest).where(VisitGuest.visit_id == visit_id, VisitGuest.status.in_(LIVING))
    return list(await read.scalars(query.order_by(VisitGuest.id)))


async def count(read: ReadSession, visit_id: UUID, status: GuestStatus | None = None) -> int:
    """How many guests of a visit there are, or how many in this state."""
    query = select(func.count()).select_from(VisitGuest).where(VisitGuest.visit_id == visit_id)
    if status is not None:
        query = query.where(VisitGuest.status == status)
    return int(await read.scalar(query))


async def by_token(read: ReadSession, token_hash: bytes) -> VisitGuest | None:
    """The guest whose link it is."""
    found: VisitGuest | None = await read.one_or_none(
        select(VisitGuest).where(VisitGuest.token_hash == token_hash)
    )
    return found


async def presence(read: ReadSession, visit_id: UUID) -> list[Row[UUID, datetime | None, datetime | None]]:
    """(account_id, joined_at, ended_at) of each time that a guest was in the visit's call, in order."""
    query = (
        select(CallAttempt.account_id, CallAttempt.joined_at, CallAttempt.ended_at)
        .where(
            CallAttempt.visit_id == visit_id,
            CallAttempt.role == "guest",
            CallAttempt.joined_at.is_not(None),
        )
        .order_by(CallAttempt.joined_at, CallAttempt.id)
    )
    return list((await read.execute(query)).all())


async def name_of_account(read: ReadSession, account_id: UUID | None) -> str | None:
    """What somebody is called."""
    found: str | None = await read.scalar(select(Account.name).where(Account.id == account_id))
    return found
