"""Freezing an account that was taken from somebody: from that moment nobody signs in with it, whoever they are."""

from uuid import UUID

from sqlalchemy import delete, select, update

from core import audit, live
from core.actor import Role
from core.database.session import ReadSession, WriteSession
from core.errors import Conflict
from core.events import outbox
from core.ids import new_id
from identity.clinic import clinics
from identity.domain import FREEZE_LIFETIME, STAFF_ROLES, AccountStatus, EndReason
from identity.events import AccountFrozen
from identity.factors import challenges
from identity.models import (
    Account,
    Authenticator,
    Credential,
    FreezeLink,
    Password,
    RecoveryCode,
    Staff,
)
from identity.person.accounts import hold
from identity.sessions import service as sessions
from identity.sessions.tokens import digest, new_token
from identity.staff import invites


async def make_link(write: WriteSession, account_id: UUID) -> str | None:
    """The address of a page where whoever reads this freezes the account, once; None for those who are no staff."""
    account: Account = await write.one_or_none(select(Account).where(Account.id == account_id))
    if not STAFF_ROLES.intersection(account.roles):
        return None
    token = new_token()
    write.add(
        FreezeLink(
            id=new_id(),
            account_id=account_id,
            token_hash=digest(token),
            expires_at=write.now() + FREEZE_LIFETIME,
        )
    )
    await write.flush()
    clinic = await clinics.current(write)
    return f"{write.services.settings.public_url.rstrip('/')}/c/{clinic.slug}/freeze#{token}"


async def opened(read: ReadSession, token: str) -> Account:
    """Whose account a link freezes, without using it. Raises Conflict `link_over`."""
    link = await read.one_or_none(select(FreezeLink).where(FreezeLink.token_hash == digest(token)))
    return await _usable(read, link)


async def use_link(write: WriteSession, token: str) -> None:
    """Freeze the account by the link, once. Raises Conflict `link_over`."""
    account = await hold(write, (await opened(write, token)).id)
    query = select(FreezeLink).where(FreezeLink.token_hash == digest(token)).with_for_update()
    link: FreezeLink = await write.one_or_not_found(query.execution_options(populate_existing=True))
    await _usable(write, link)
    link.used_at = write.now()
    await freeze(write, account)


async def freeze(write: WriteSession, account: Account) -> None:
    """Nobody signs in with this account, which is held: sessions end, links are void, administrators hear of it.

    It stays so until an administrator enables it, and then starts without password and factors.
    """
    await write.execute(update(Staff).where(Staff.account_id == account.id).values(frozen_at=write.now()))
    account.status = AccountStatus.DISABLED
    await sessions.end_all(write, account.id, EndReason.FROZEN)
    await invites.void(write, account.id)
    await challenges.void(write, account.id)
    await audit.log(write, "account.freeze", entity=("account", account.id))
    await outbox.add(write, AccountFrozen(account_id=account.id))
    live.publish(write, "people.changed", [live.role(Role.ADMIN)], account_id=str(account.id))


async def thaw(write: WriteSession, staff: Staff) -> None:
    """Forget every way in that a frozen account had: whoever took it may know them all.

    Links to freeze it are over too: one of them has served, and the others would freeze it again.
    """
    staff.frozen_at = None
    links = update(FreezeLink).where(FreezeLink.account_id == staff.account_id, FreezeLink.used_at.is_(None))
    await write.execute(links.values(used_at=write.now()))
    for table in (Password, Authenticator, RecoveryCode, Credential):
        await write.execute(delete(table).where(table.account_id == staff.account_id))


async def _usable(read: ReadSession, link: FreezeLink | None) -> Account:
    if link is None or link.used_at or link.expires_at <= read.now():
        raise Conflict("link_over")
    account: Account = await read.one_or_none(select(Account).where(Account.id == link.account_id))
    return account
