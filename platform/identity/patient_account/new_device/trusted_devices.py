"""Devices on which a patient has signed in before: there, the code alone is enough."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from sqlalchemy import delete, select, update

from core import audit
from core.database.session import ReadSession, WriteSession
from core.errors import NotFound
from core.ids import new_id
from identity.codes.service import Asker, contact_of
from identity.domain import DEVICE_LIFETIME
from identity.models import Account, AuthSession, OneTimeCode
from identity.patient_account.models import TrustedDevice
from identity.patients import service as patients
from identity.person.contacts import Contact
from identity.sessions.devices import device_name
from identity.sessions.service import Browser, NewSession
from identity.sessions.tokens import digest, new_token


async def asker(read: ReadSession, contact: Contact, browser: Browser) -> Asker:
    """Who asks for a code to this contact: its owner's device is not counted with strangers."""
    accounts = await patients.accounts_with(read, contact)
    known = await of_browser(read, browser, [each.id for each in accounts])
    return Asker(browser.address, known[0].id if known else None)


async def asker_of_code(read: ReadSession, code_id: UUID, browser: Browser) -> Asker:
    """Who types digits for this code."""
    row = await read.one_or_none(select(OneTimeCode).where(OneTimeCode.id == code_id))
    return Asker(browser.address) if row is None else await asker(read, contact_of(row), browser)


async def of_browser(
    read: ReadSession, browser: Browser, account_ids: Collection[UUID]
) -> list[TrustedDevice]:
    """For which of these accounts this browser is known."""
    if browser.device_token is None or not account_ids:
        return []
    rows = await read.scalars(
        select(TrustedDevice).where(
            TrustedDevice.token_hash == digest(browser.device_token),
            TrustedDevice.account_id.in_(account_ids),
            TrustedDevice.expires_at > read.now(),
        )
    )
    return list(rows)


async def recognise(
    write: WriteSession, begun: NewSession, row: TrustedDevice, browser: Browser
) -> NewSession:
    """This sign-in came from a device that is known: it stays so for another year."""
    row.last_used_at, row.expires_at = write.now(), write.now() + DEVICE_LIFETIME
    begun.row.trusted_device_id = row.id
    await write.flush()
    return replace(begun, device=browser.device_token, device_until=row.expires_at)


async def trust(write: WriteSession, begun: NewSession, account: Account, browser: Browser) -> NewSession:
    """From now on the code alone is enough here.

    The token is always new: one that was put into the browser before, by whoever had it in hand, opens nothing.
    Others of the family who are known here move to the new one.
    """
    token, until = new_token(), write.now() + DEVICE_LIFETIME
    if browser.device_token is not None:
        old = TrustedDevice.token_hash == digest(browser.device_token)
        await write.execute(delete(TrustedDevice).where(old, TrustedDevice.account_id == account.id))
        await write.execute(update(TrustedDevice).where(old).values(token_hash=digest(token)))
    row = TrustedDevice(
        id=new_id(),
        account_id=account.id,
        token_hash=digest(token),
        device=device_name(browser.user_agent),
        last_used_at=write.now(),
        expires_at=until,
    )
    write.add(row)
    await write.flush()
    begun.row.trusted_device_id = row.id
    await write.flush()
    return replace(begun, device=token, device_until=until)


async def of_account(read: ReadSession, account_id: UUID) -> list[TrustedDevice]:
    """The devices that are known, last used first."""
    rows = await read.scalars(
        select(TrustedDevice)
        .where(TrustedDevice.account_id == account_id, TrustedDevice.expires_at > read.now())
        .order_by(TrustedDevice.last_used_at.desc())
    )
    return list(rows)


async def forget(write: WriteSession, device_id: UUID) -> None:
    """One of the person's own devices is asked again. Raises NotFound."""
    gone = await write.execute(
        delete(TrustedDevice)
        .where(TrustedDevice.id == device_id, TrustedDevice.account_id == write.actor.account_id)
        .returning(TrustedDevice.id)
    )
    if gone.first() is None:
        raise NotFound
    await audit.log(write, "device.forget", entity=("account", write.actor.own_account))


async def forget_of_session(write: WriteSession, session_id: UUID) -> None:
    """The device that this session of the person's own was on is asked again; this one is not."""
    here = select(AuthSession.trusted_device_id).where(AuthSession.id == write.actor.session_id)
    there = select(AuthSession.trusted_device_id).where(
        AuthSession.id == session_id, AuthSession.account_id == write.actor.account_id
    )
    device_id = await write.scalar(there)
    if device_id is not None and device_id != await write.scalar(here):
        await write.execute(delete(TrustedDevice).where(TrustedDevice.id == device_id))


async def forget_all(write: WriteSession, account_id: UUID, *, keep: UUID | None = None) -> None:
    """Every device of an account is asked again, but for `keep`."""
    await write.execute(
        delete(TrustedDevice).where(TrustedDevice.account_id == account_id, TrustedDevice.id != keep)
    )
