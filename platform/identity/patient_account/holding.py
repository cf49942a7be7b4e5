"""The lock around a patient's account while it changes, and while somebody comes in."""

from uuid import UUID

from sqlalchemy import select

from core.database.session import WriteSession
from core.errors import Conflict, Forbidden
from identity.codes import service as codes
from identity.domain import AccountStatus
from identity.models import Account
from identity.patients import service as patients
from identity.person.accounts import hold
from identity.person.contacts import Contact


async def held(write: WriteSession, account_id: UUID) -> Account:
    """The account as it now is, which nobody else changes until this transaction is over. Raises NotFound.

    Its contacts are locked before it: a sign-in locks its contact and code, and then the account.
    """
    before: Account = await write.one_or_not_found(select(Account).where(Account.id == account_id))
    await codes.one_at_a_time(write, *patients.every_contact_of(before))
    return await hold(write, account_id)


async def held_to_enter(write: WriteSession, account_id: UUID, contact: Contact) -> Account:
    """The account of somebody who has proven this contact, held.

    Whoever disables it or changes its contacts at this moment has the last word.
    Raises Forbidden `account_disabled`, Conflict `registration_over` where the contact is its own no more.
    """
    account = await hold(write, account_id)
    if account.status != AccountStatus.ACTIVE:
        raise Forbidden("account_disabled")
    if contact not in patients.every_contact_of(account):
        raise Conflict("registration_over")
    return account
