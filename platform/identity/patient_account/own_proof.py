"""A patient shows again that it is them, by a code to a contact that is theirs already."""

from uuid import UUID

from sqlalchemy import select

from core.database.session import ReadSession, WriteSession
from core.errors import Conflict, Invalid
from identity.codes import service as codes
from identity.codes.service import Asker, Purpose
from identity.models import Account, OneTimeCode
from identity.patients import service as patients
from identity.sessions import service as sessions


async def ask(write: WriteSession, channel: str, address: str) -> OneTimeCode:
    """Send it. Raises Conflict `no_such_contact`, TooMany."""
    own = await _own(write)
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
    own = await _own(write)
    row = await codes.check_code(
        write, code_id, typed, Asker("", own.id), purpose=Purpose.STEP_UP, account_id=own.id
    )
    # Since it was sent, somebody may have said that the contact is theirs.
    if codes.contact_of(row) not in patients.contacts_of(own):
        raise Invalid({"code": "code_spent"})
    await sessions.step_up(write)


async def _own(read: ReadSession) -> Account:
    found: Account = await read.one_or_none(select(Account).where(Account.id == read.actor.own_account))
    return found
