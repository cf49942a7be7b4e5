"""What an accepted code gives whose bearer is not known: a token to say who they are with, or to register."""

from sqlalchemy import select

from core.database.session import WriteSession
from core.errors import Conflict
from identity.domain import REGISTRATION_LIFETIME
from identity.models import OneTimeCode
from identity.sessions.tokens import digest


async def locked(write: WriteSession, token: str) -> OneTimeCode:
    """The code that gave this token, held until the end of the transaction. Raises Conflict `registration_over`."""
    row: OneTimeCode | None = await write.one_or_none(
        select(OneTimeCode).where(OneTimeCode.registration_hash == digest(token)).with_for_update()
    )
    if row is None or row.used_at is None or row.registered_at is not None:
        raise Conflict("registration_over")
    if write.now() >= row.used_at + REGISTRATION_LIFETIME:
        raise Conflict("registration_over")
    return row
