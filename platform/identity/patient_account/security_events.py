"""What happened to a patient's sign-in: their other sessions show it, their other contacts are written to."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, select, update

from core import audit, live
from core.database.session import ReadSession, WriteSession
from core.events import outbox
from core.ids import new_id
from identity.domain import EndReason
from identity.events import AccountNotMine, PatientSecurityChanged
from identity.models import AuthSession
from identity.patient_account.models import SecurityEvent
from identity.patient_account.new_device import trusted_devices
from identity.patient_account.sealed_contact import sealed_contact
from identity.person.contacts import Contact
from identity.related import acting
from identity.sessions import service as sessions


async def happened(
    write: WriteSession,
    account_id: UUID,
    change: str,
    *,
    spare: Contact | None = None,
    former: Contact | None = None,
) -> None:
    """Put a change on record and tell the owner: everywhere but at `spare`, and at the `former` contact too."""
    await audit.log(write, "account.security", entity=("account", account_id), detail={"change": change})
    await write_to_owner(write, account_id, change, spare=spare, former=former)
    session_id = write.actor.session_id
    device = await write.scalar(select(AuthSession.device).where(AuthSession.id == session_id))
    write.add(
        SecurityEvent(
            id=new_id(), account_id=account_id, change=change, session_id=session_id, device=device or ""
        )
    )
    await write.flush()
    live.publish(write, "security.changed", [live.account(account_id)], account_id=str(account_id))


async def write_to_owner(
    write: WriteSession,
    account_id: UUID,
    change: str,
    *,
    spare: Contact | None = None,
    former: Contact | None = None,
) -> None:
    """Write to the owner's contacts, but not to `spare`, and to the `former` one too."""
    sealed = {
        name: sealed_contact(write, account_id, contact)
        for name, contact in (("former", former), ("spare", spare))
    }
    await outbox.add(write, PatientSecurityChanged(account_id=account_id, change=change, **sealed))


async def open_for(read: ReadSession) -> list[SecurityEvent]:
    """What was done in the person's other sessions and nobody has answered yet, the newest first."""
    rows = await read.scalars(
        select(SecurityEvent)
        .where(
            SecurityEvent.account_id == read.actor.account_id,
            SecurityEvent.settled_at.is_(None),
            SecurityEvent.session_id.is_distinct_from(read.actor.session_id),
        )
        .order_by(SecurityEvent.id.desc())
        .limit(20)
    )
    return list(rows)


async def was_me(write: WriteSession, shown: Collection[UUID]) -> None:
    """The person knows of what was shown. What came since, or was done here, stays open."""
    await _settle(write, SecurityEvent.id.in_(shown))
    live.publish(
        write,
        "security.changed",
        [live.account(write.actor.own_account)],
        account_id=str(write.actor.own_account),
    )


async def was_not_me(write: WriteSession) -> None:
    """Whoever else is in goes out: other sessions end, other devices are asked again, and the clinic calls."""
    account_id = write.actor.own_account
    own = await sessions.current(write)
    await _settle(write)
    await sessions.end_all(write, account_id, EndReason.NOT_ME, keep=own.id)
    await trusted_devices.forget_all(write, account_id, keep=own.trusted_device_id)
    await audit.log(write, "account.not_me", entity=("account", account_id))
    patient_id = await acting.first_patient(write, account_id)
    if patient_id is not None:
        await outbox.add(write, AccountNotMine(account_id=account_id, patient_id=patient_id))
    live.publish(write, "security.changed", [live.account(account_id)], account_id=str(account_id))


async def _settle(write: WriteSession, *which: ColumnElement[bool]) -> None:
    """Settle what `open_for` shows here, or some of it.

    What this session did stays open for the others: it may be a thief's.
    """
    await write.execute(
        update(SecurityEvent)
        .where(
            SecurityEvent.account_id == write.actor.own_account,
            SecurityEvent.settled_at.is_(None),
            SecurityEvent.session_id.is_distinct_from(write.actor.session_id),
            *which,
        )
        .values(settled_at=write.now())
    )
