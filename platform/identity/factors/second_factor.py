"""The second factor of staff: an authenticator app, recovery codes for when it is lost, and setting both up."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from core import audit
from core.crypto import derive
from core.database.session import ReadSession, WriteSession
from core.errors import Conflict
from core.events import outbox
from core.ids import new_id
from identity import limits
from identity.clinic import clinics
from identity.domain import SHOWN_SECRET_LIFETIME
from identity.events import SecurityChanged
from identity.factors import challenges, totp
from identity.factors.totp import Qr
from identity.models import Account, Authenticator, Credential, RecoveryCode
from identity.patient_account import security_events
from identity.patient_account.sealed_contact import sealed_contact
from identity.person.contacts import Contact
from identity.sessions.tokens import keyed_digest


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator app needs: the secret to type, and the address as a QR code."""

    secret: str
    uri: str
    qr: Qr


async def has_authenticator(read: ReadSession, account_id: UUID) -> bool:
    found = await read.scalar(
        select(Authenticator.account_id).where(
            Authenticator.account_id == account_id, Authenticator.secret.is_not(None)
        )
    )
    return found is not None


async def methods(read: ReadSession, account_id: UUID) -> list[str]:
    """How this account can show a second factor: `totp`, `recovery`, `passkey`; empty when none is set up."""
    found = ["totp"] if await has_authenticator(read, account_id) else []
    if await recovery_codes_left(read, account_id):
        found.append("recovery")
    if await read.scalar(select(Credential.id).where(Credential.account_id == account_id).limit(1)):
        found.append("passkey")
    return found


async def totp_matches(write: WriteSession, account_id: UUID, code: str) -> bool:
    """Check the app's current code, each only once. Every try counts against the account. Raises TooMany."""
    await limits.Limiter(write.services).spend(limits.SECOND_FACTORS_OF_ACCOUNT, account_id)
    row = await _locked(write, account_id)
    if row is None or row.secret is None:
        return False
    return _use_step(write, row, row.secret, code)


async def use_recovery_code(write: WriteSession, account_id: UUID, typed: str) -> bool:
    """Check a recovery code and use it up. Every try counts against the account. Raises TooMany."""
    await limits.Limiter(write.services).spend(limits.SECOND_FACTORS_OF_ACCOUNT, account_id)
    used = await write.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_hash == _recovery_hash(write, account_id, typed),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=write.now())
        .returning(RecoveryCode.id)
    )
    return used.first() is not None


async def start(write: WriteSession, account: Account) -> Enrolment:
    """A new secret, which waits for a code of it as long as SHOWN_SECRET_LIFETIME; the one before stays in use."""
    secret = totp.new_secret()
    sealed = write.services.keyring.seal(secret.encode(), secret_context(account.id))
    begun = {"pending": sealed, "pending_until": write.now() + SHOWN_SECRET_LIFETIME}
    await write.execute(
        insert(Authenticator)
        .values(account_id=account.id, clinic_id=account.clinic_id, last_step=0, **begun)
        .on_conflict_do_update(index_elements=["account_id"], set_=begun)
    )
    clinic = await clinics.current(write)
    uri = totp.provisioning_uri(secret, account=account.email or account.name, issuer=clinic.name)
    return Enrolment(secret, uri, totp.qr(uri))


async def confirm(write: WriteSession, account_id: UUID, code: str) -> list[str] | None:
    """Take the new secret into use with a code of it; the recovery codes, or None when the code is wrong.

    Raises TooMany, Conflict `enrolment_over` once the secret has been shown for too long.
    """
    await limits.Limiter(write.services).spend(limits.SECOND_FACTORS_OF_ACCOUNT, account_id)
    row = await _locked(write, account_id)
    if row is None or row.pending is None or row.pending_until is None or row.pending_until <= write.now():
        raise Conflict("enrolment_over")
    if not _use_step(write, row, row.pending, code):
        return None
    row.secret, row.pending, row.pending_until = row.pending, None, None
    await changed(write, account_id, "authenticator_added")
    return await new_recovery_codes(write, account_id)


async def new_recovery_codes(write: WriteSession, account_id: UUID) -> list[str]:
    """Ten codes to keep on paper, shown this once; the earlier ones are void."""
    await write.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = [totp.new_recovery_code() for _ in range(totp.RECOVERY_CODES)]
    write.add_all(
        RecoveryCode(id=new_id(), account_id=account_id, code_hash=_recovery_hash(write, account_id, code))
        for code in codes
    )
    await write.flush()
    return codes


async def recovery_codes_left(read: ReadSession, account_id: UUID) -> int:
    left: int = await read.scalar(
        select(func.count()).where(RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    )
    return left


async def reset(write: WriteSession, account_id: UUID) -> None:
    """Forget every second factor of an account: its owner sets up a new one at the next sign-in."""
    # Before the factors, as a sign-in takes them: its challenge, then its factor.
    await challenges.void(write, account_id)
    for table in (Authenticator, RecoveryCode, Credential):
        await write.execute(delete(table).where(table.account_id == account_id))
    await changed(write, account_id, "second_factor_reset")


async def changed(write: WriteSession, account_id: UUID, change: str, former: Contact | None = None) -> None:
    """Put on record, and let the owner know, that the way an account signs in has changed.

    With `former`, a contact that was replaced, the owner is told there and not at the new one.
    """
    actor = write.actor_or_none
    if actor is not None and actor.is_patient:
        await security_events.happened(write, account_id, change, former=former)
        return
    await audit.log(write, "account.security", entity=("account", account_id), detail={"change": change})
    sealed = sealed_contact(write, account_id, former)
    await outbox.add(write, SecurityChanged(account_id=account_id, change=change, former=sealed))


def _use_step(write: WriteSession, row: Authenticator, sealed: bytes, code: str) -> bool:
    secret = write.services.keyring.open(sealed, secret_context(row.account_id)).decode()
    digits = "".join(letter for letter in code if letter in "0123456789")
    step = totp.accepted_step(secret, digits, after=row.last_step, at=write.now())
    if step is None:
        return False
    row.last_step = step
    return True


async def _locked(write: WriteSession, account_id: UUID) -> Authenticator | None:
    """The row, held: of the same code in parallel requests the second finds it used."""
    found: Authenticator | None = await write.one_or_none(
        select(Authenticator).where(Authenticator.account_id == account_id).with_for_update()
    )
    return found


def secret_context(account_id: UUID) -> str:
    return f"account:{account_id}:totp"


def _recovery_hash(write: WriteSession, account_id: UUID, typed: str) -> bytes:
    key = derive(write.services.settings.secret_key, "carethread/recovery-code")
    return keyed_digest(key, str(account_id), totp.plain_recovery_code(typed))
