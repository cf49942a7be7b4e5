"""Writes a notice down, and sends it: two steps, so that nothing is lost and nothing is sent twice knowingly.

A notice is written once per source and channel (a database constraint). The job that sends it locks its row and
marks it in the same transaction; only a crash between the carrier's answer and the commit can send it again.
"""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core import json, live, outbox
from core.actor import Role
from core.db import ReadSession, WriteSession
from core.ids import new_id
from core.logs import Log
from identity import clinics, patients
from identity.contacts import Contact
from identity.models import Account
from messaging.carriers import Refused, carrier_for
from messaging.events import NotificationQueued
from messaging.models import Notification
from messaging.notices import Notice, write_notice
from messaging.when import in_words

log = Log("notify")


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
            status="queued",
        )
        .on_conflict_do_nothing()
        .returning(Notification.id)
    )
    if await write.scalar(statement) is not None:
        await outbox.add(write, NotificationQueued(notification_id=notification_id))


async def queue_to_account(
    write: WriteSession,
    account_id: UUID,
    kind: str,
    source_id: UUID,
    path: str,
    to_contact: Contact | None = None,
    at: datetime | None = None,
    zone: ZoneInfo | None = None,
) -> None:
    """A notice to a person's phone, or to their mailbox if they gave no number, with a link into the application.

    `path` may be a whole address. `to_contact` is where to, if it is none of the account's own; a contact that may be
    another's gets nothing. A notice that tells of a time has it from `at`, on the clock of `zone`.
    """
    account = await _active(write, account_id)
    if account is None:
        return
    contacts = [to_contact] if to_contact else patients.contacts_of(account)
    await _queue_all(write, account, kind, source_id, path, contacts[:1], at, zone)


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
            link=path if "://" in path else write.services.settings.public_url.rstrip("/") + path,
            when=in_words(at, zone, account.locale) if at and zone else "",
        )


async def send_queued(write: WriteSession, notification_id: UUID) -> None:
    """Send a notice that waits. Raises what the carrier raised, so that it is tried again later."""
    row: Notification | None = await write.one_or_none(
        select(Notification).where(Notification.id == notification_id).with_for_update()
    )
    if row is None or row.status != "queued":
        return
    carrier = carrier_for(row.channel, write.services.settings)
    if carrier is None and write.services.settings.demo:
        row.status = "shown"
    elif carrier is None:
        row.status, row.failure = "failed", "no_carrier"
        log.warning("notification_refused", kind=row.kind, code="no_carrier")
    elif _too_late(write, content := open_content(write, row)):
        row.status, row.failure = "failed", "expired"
        log.warning("notification_refused", kind=row.kind, code="expired")
    else:
        try:
            row.provider_id = await carrier.send(content["to"], Notice(content["subject"], content["text"]))
            row.status = "sent"
        except Refused as refusal:
            row.status, row.failure = "failed", str(refusal)
            log.warning("notification_refused", kind=row.kind, code=str(refusal))
    row.sent_at = write.now()
    live.tell(write, "outbox.changed", [live.role(Role.ADMIN)], notification_id=str(row.id))


def open_content(read: ReadSession, row: Notification) -> dict[str, str]:
    """The address and text of a notice: {to, subject, text}, and `until` when it is of use until then only."""
    content: dict[str, str] = json.decode(read.services.keyring.open(row.sealed, _context(row.id)))
    return content


def _too_late(read: ReadSession, content: dict[str, str]) -> bool:
    """Whether a carrier was out for so long that what the notice carries opens nothing any more."""
    until = content.get("until")
    return until is not None and datetime.fromisoformat(until) <= read.now()


def _context(notification_id: UUID) -> str:
    return f"notification:{notification_id}"
