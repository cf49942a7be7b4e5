"""Links by e-mail that let staff set a password: the first one (an invitation) and a forgotten one (a reset)."""

import asyncio
import base64
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from core import audit
from core.database.session import ReadSession, WriteSession
from core.errors import Conflict, Invalid
from core.events import outbox
from core.ids import new_id
from identity import limits
from identity.clinic import clinics
from identity.codes import deliveries
from identity.domain import INVITE_LIFETIME, RESET_LIFETIME, AccountStatus, EndReason
from identity.events import Invited, ResetAsked
from identity.factors import challenges, passwords, second_factor
from identity.models import Account, Invite, Password
from identity.person.accounts import hold
from identity.person.address import address_in
from identity.person.contacts import Channel, has_carrier
from identity.sessions import service as sessions
from identity.sessions.tokens import digest, invite_context, new_token, reset_context
from identity.staff import sign_in as staff_sign_in
from identity.staff.sign_in import NextStep


async def send(write: WriteSession, account: Account, purpose: str) -> Invite:
    """Make a link, to be sent by whoever delivers; earlier ones are void."""
    await void(write, account.id)
    invite_id, token = new_id(), new_token()
    actor = write.actor_or_none
    invite = Invite(
        id=invite_id,
        account_id=account.id,
        purpose=purpose,
        token_hash=digest(token),
        sealed=write.services.keyring.seal(token.encode(), invite_context(invite_id)),
        invited_by=actor.account_id if actor and actor.clinic_id == account.clinic_id else None,
        expires_at=write.now() + (INVITE_LIFETIME if purpose == "invite" else RESET_LIFETIME),
    )
    write.add(invite)
    await write.flush()
    await outbox.add(write, Invited(invite_id=invite_id))
    return invite


async def void(write: WriteSession, account_id: UUID) -> None:
    """Links that are on their way open nothing any more."""
    await write.execute(
        update(Invite)
        .where(Invite.account_id == account_id, Invite.used_at.is_(None), Invite.voided_at.is_(None))
        .values(voided_at=write.now(), sealed=None)
    )


async def link_to_hand_over(write: WriteSession, account_id: UUID) -> str | None:
    """The link that was just made, taken instead of sent where no e-mail leaves; None where it is on its way."""
    if has_carrier(Channel.EMAIL, write.services.settings) and not await _unseen(write):
        return None
    newest = select(Invite.id).where(Invite.account_id == account_id).order_by(Invite.id.desc()).limit(1)
    delivery = await deliveries.take_invite(write, await write.scalar(newest))
    return delivery.link if delivery else None


async def _unseen(write: WriteSession) -> bool:
    """Whether this is somebody's own clinic within a demo: no message leaves, and no page shows it."""
    return write.services.settings.demo and not (await clinics.current(write)).demo


async def forgot_password(write: WriteSession, email: str, address: str) -> None:
    """Note that a reset is asked for. Raises TooMany.

    Whether there is such an account is looked up later: the answer, and how soon it comes, is the same for all.
    """
    name = email.strip().lower()
    limiter = limits.Limiter(write.services)
    await limiter.spend(limits.PASSWORDS_FROM_ADDRESS, write.clinic_id, address)
    await limiter.spend(limits.RESETS_OF_ACCOUNT, write.clinic_id, name)
    asked_id = new_id()
    sealed = write.services.keyring.seal(name.encode(), reset_context(asked_id))
    await outbox.add(write, ResetAsked(asked_id=asked_id, email=base64.b64encode(sealed).decode()))


async def send_reset(write: WriteSession, asked_id: UUID, sealed: str) -> None:
    """Send a reset to the active staff of the address in a `ResetAsked`; nothing to anybody else."""
    email = write.services.keyring.open(base64.b64decode(sealed), reset_context(asked_id)).decode()
    account = await staff_sign_in.account_by_email(write, email)
    if account is not None and account.status == AccountStatus.ACTIVE:
        await send(write, account, "reset")


async def opened(read: ReadSession, token: str) -> tuple[Invite, Account]:
    """Whom a link is for, without using it. Raises Conflict `link_over`."""
    invite = await read.one_or_none(select(Invite).where(Invite.token_hash == digest(token)))
    return await _usable(read, invite)


async def accept(write: WriteSession, token: str, password: str) -> NextStep:
    """Set the password by the link, once. Every session of before ends; the second factor comes next.

    Raises Conflict `link_over`, Invalid for `password`.
    """
    query = select(Invite).where(Invite.token_hash == digest(token))
    seen: Invite | None = await write.one_or_none(query)
    if seen is None:
        raise Conflict("link_over")
    # The account first, and then as both are: whoever disables it or voids the link at this moment has the last word.
    await hold(write, seen.account_id)
    locked = await write.one_or_none(query.with_for_update().execution_options(populate_existing=True))
    invite, account = await _usable(write, locked)
    await set_password(write, account, password)
    invite.used_at, invite.sealed = write.now(), None
    account.status = AccountStatus.ACTIVE
    return await staff_sign_in.next_step(write, account)


async def set_password(
    write: WriteSession, account: Account, password: str, *, keep: UUID | None = None, field: str = "password"
) -> None:
    """Take a new password into use; all sessions but `keep` end. Raises Invalid for `field`."""
    clinic = await clinics.current(write)
    address = address_in(clinic.address)
    street = [*address.line, address.city, address.postalCode] if address else []
    about = [account.name, account.email or "", clinic.name, clinic.slug, clinic.phone or "", *street]
    weakness = await asyncio.to_thread(passwords.weakness, password, about)
    if weakness:
        raise Invalid({field: weakness})
    await challenges.void(write, account.id)
    values = {
        "hash": await asyncio.to_thread(passwords.hash_password, password),
        "changed_at": write.now(),
    }
    await write.execute(
        insert(Password)
        .values(account_id=account.id, clinic_id=account.clinic_id, **values)
        .on_conflict_do_update(index_elements=["account_id"], set_=values)
    )
    await sessions.end_all(write, account.id, EndReason.PASSWORD_CHANGED, keep=keep)
    await second_factor.changed(write, account.id, "password_changed")


async def _usable(read: ReadSession, invite: Invite | None) -> tuple[Invite, Account]:
    if invite is None or invite.clinic_id != read.clinic_id:
        raise Conflict("link_over")
    if invite.used_at or invite.voided_at or invite.expires_at <= read.now():
        raise Conflict("link_over")
    account: Account = await read.one_or_none(select(Account).where(Account.id == invite.account_id))
    if account.status == AccountStatus.DISABLED:
        raise Conflict("link_over")
    await audit.log(read, "invite.open", entity=("account", account.id))
    return invite, account


async def has_password(read: ReadSession, account_id: UUID) -> bool:
    found = await read.scalar(select(Password.account_id).where(Password.account_id == account_id))
    return found is not None
