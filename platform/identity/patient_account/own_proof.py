"""A patient shows again that it is them, by a code to a contact that is theirs already."""

from uuid import UUID

from sqlalchemy import select

from core.db import WriteSession
from core.errors import Conflict
from identity import codes, patients, sessions
from identity.codes import Asker, Purpose
from identity.models import Account, OneTimeCode


async def ask(write: WriteSession, channel: str, address: str) -> OneTimeCode:
    """Send it. Raises Conflict `no_such_contact`, TooMany."""
    own: Account = await write.one_or_none(select(Account).where(Account.id == write.actor.account_id))
    contact = next((each for each in patients.contacts_of(own) if each.channel == channel), None)
    if contact is None:
        raise Conflict("no_such_contact")
    return await codes.request(
        write,
        contact,
        locale=own.locale,
        asker=Asker(address, own.id),
        purpose=Purpose.STEP_UP,
        account_id=own.id,
    )


async def check(write: WriteSession, code_id: UUID, typed: str) -> None:
    """Count the session as proven just now. Raises Invalid for `code`, TooMany."""
    own = write.actor.own_account
    await codes.check_code(write, code_id, typed, Asker("", own), purpose=Purpose.STEP_UP, account_id=own)
    await sessions.step_up(write)
