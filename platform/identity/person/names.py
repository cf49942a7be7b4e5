"""What people are called, for a line on a screen."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from core.database.session import ReadSession
from identity.models import Account


def name_problem(name: str) -> str | None:
    """What is wrong with the name of somebody of the staff, or of a clinic."""
    return line_problem(name) if name.strip() else "required"


def line_problem(text: str) -> str | None:
    """Words for subjects, signatures and lists: none may begin a line or turn the reading direction around."""
    return None if text.replace("\u00a0", " ").isprintable() else "control_characters"


async def name_of(read: ReadSession, account_id: UUID | None) -> str:
    """One person's name; empty for nobody."""
    return str(await read.scalar(select(Account.name).where(Account.id == account_id)) or "")


async def names_of(read: ReadSession, account_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of many, in one query."""
    rows = await read.execute(select(Account.id, Account.name).where(Account.id.in_(account_ids)))
    return {row.id: row.name for row in rows}
