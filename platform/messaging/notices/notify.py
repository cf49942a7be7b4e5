"""Writes a notice down, once per source and channel (a database constraint); `messaging.notices.sending` brings it out.

In a demo without a carrier it is only shown on the demo's page.
"""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core import json, live
from core.actor import Role
from core.database.session import ReadSession, WriteSession
from core.ids import new_id
from core.services import Services
from identity.clinic import clinics
from identity.models import Account
from identity.patients import service as patients
from identity.person.contacts import Contact
from messaging.models import Notification
from messaging.notices.carriers import has_carrier
from messaging.notices.texts import write_notice
from messaging.notices.when import in_words

WAKE = "carethread:notices"


async def queue(
    write: WriteSession,
    *,
    kind: str,
    source_id: UUID,
    channel: str,
    to: str,
    locale: str,
    account_id: UUID | None = None,
    until: datetime | None = None,
    **values: str,
) -> None:
    """Write a notice down for sending; the same kind and source again does nothing. It is of no use after `until`."""
    clinic = await clinics.current(write)
    notice = write_notice(kind, locale, clinic=clinic.name, **values)
    notification_id = new_id()
    content = {"to": to, "subject": notice.subject, "text": notice.text}
    if until is not None:
        content["until"] = until.isoformat()
    shown = write.services.settings.demo and not has_carrier(channel, write.services.settings)
    statement = (
        insert(Notification)
        .values(
            id=notification_id,
            clinic_id=write.clinic_id,
            created_at=write.now(),
            account_id=account_id,
            channel=channel,
            kind=kind,
            source_id=source_id,
            sealed=write.services.keyring.seal(json.encode(content), _context(notification_id)),
            status="shown" if shown else "queued",
            next_try_at=write.now(),
            sent_at=write.now() if shown else None,
        )
        .on_conflict_do_nothing()
        .returning(Notification.id)
    )
    if await write.scalar(statement) is not None:
        write.wake(WAKE)
        live.publish(write, "outbox.changed", [live.role(Role.ADMIN)], notification_id=str(notification_id))


async def queue_to_account(
    write: WriteSession,
    account_id: UUID,
    kind: str,
    source_id: UUID,
    path: str,
    to_contact: Contact | None = None,
    at: datetime | None = None,
    zone: ZoneInfo | None = None,
    until: datetime | None = None,
) -> None:
    """A notice to a person's phone, or to their mailbox if they gave no number, with a link into the application.

    `path` may be a whole address. `to_contact` is where to, if it is none of the account's own; a contact that may be
    another's gets nothing. A notice that tells of a time has it from `at`, on the clock of `zone`. It is of no use
    after `until`.
    """
    account = await _active(write, account_id)
    if account is None:
        return
    contacts = [to_contact] if to_contact else patients.contacts_of(account)
    await _queue_all(write, account, kind, source_id, path, contacts[:1], at, zone, until)


async def contact_of(write: WriteSession, account_id: UUID) -> Contact | None:
    """Where `queue_to_account` writes to; None where nothing arrives."""
    account = await _active(write, account_id)
    contacts = patients.contacts_of(account) if account else []
    return contacts[0] if contacts else None


async def queue_to_contacts(
    write: WriteSession,
    account_id: UUID,
    kind: str,
    source_id: UUID,
    path: str,
    *,
    former: Contact | None,
    spare: Contact | None,
    only: Contact | None = None,
) -> None:
    """A notice to every contact of an account but `spare`, and to the `former` one in place of its successor."""
    account: Account | None = await write.one_or_none(select(Account).where(Account.id == account_id))
    if account is None:
        return
    own = [each for each in patients.contacts_of(account) if each != spare]
    if former is not None:
        own = [former, *(each for each in own if each.channel != former.channel)]
    await _queue_all(write, account, kind, source_id, path, [only] if only else own)


async def _active(write: WriteSession, account_id: UUID) -> Account | None:
    account: Account | None = await write.one_or_none(select(Account).where(Account.id == account_id))
    return account if account and account.status == "active" else None


async def _queue_all(
    write: WriteSession,
    account: Account,
    kind: str,
    source_id: UUID,
    path: str,
    contacts: list[Contact],
    at: datetime | None = None,
    zone: ZoneInfo | None = None,
    until: datetime | None = None,
) -> None:
    for contact in contacts:
        await queue(
            write,
            kind=kind,
            source_id=source_id,
            channel=contact.channel,
            to=contact.value,
            locale=account.locale,
            account_id=account.id,
            until=until,
            link=path if "://" in path else write.services.settings.public_url.rstrip("/") + path,
            when=in_words(at, zone, account.locale) if at and zone else "",
        )


def open_content(read: ReadSession, row: Notification) -> dict[str, str]:
    """The address and text of a notice: {to, subject, text}, and `until` when it is of use until then only."""
    return opened(read.services, row.id, row.sealed)


def opened(services: Services, notification_id: UUID, sealed: bytes) -> dict[str, str]:
    """The same, of a notice that is at hand."""
    content: dict[str, str] = json.decode(services.keyring.open(sealed, _context(notification_id)))
    return content


def _context(notification_id: UUID) -> str:
    return f"notification:{notification_id}"
