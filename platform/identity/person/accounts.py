"""The one lock around an account: its row, taken before any row that hangs from it."""

from uuid import UUID

from sqlalchemy import select

from core.database.session import WriteSession
from identity.models import Account


async def hold(write: WriteSession, account_id: UUID) -> Account:
    """The account as it now is, which nobody else changes until this transaction is over. Raises NotFound.

    Its staff row, links, changes, password and sessions are locked after it: the other way round is a deadlock.
    """
    query = select(Account).where(Account.id == account_id).with_for_update(key_share=True)
    held: Account = await write.one_or_not_found(query.execution_options(populate_existing=True))
    return held
