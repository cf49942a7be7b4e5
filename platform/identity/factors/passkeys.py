"""Passkeys: register, sign in, step up, name and remove them."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from redis.exceptions import RedisError
from sqlalchemy import select

from core.database.session import ReadSession, WriteSession
from core.errors import Conflict, Forbidden, Invalid
from core.ids import new_id
from identity import limits
from identity.clinic import clinics
from identity.domain import AccountStatus, EndReason, Method
from identity.factors import ceremonies, challenges, second_factor
from identity.factors.ceremonies import Refused
from identity.factors.challenges import Purpose
from identity.models import Account, Challenge, Credential
from identity.sessions import service as sessions
from identity.sessions.service import Browser, NewSession

MAX_PASSKEYS = 10
Json = Mapping[str, Any]


async def of_account(read: ReadSession, account_id: UUID) -> list[Credential]:
    """An account's passkeys, the newest last."""
    rows = await read.scalars(
        select(Credential).where(Credential.account_id == account_id).order_by(Credential.id)
    )
    return list(rows)


async def start_registration(write: WriteSession, account: Account) -> tuple[str, dict[str, Any]]:
    """The step's token and the browser's options. Raises Conflict `passkeys_unavailable`, `too_many_passkeys`."""
    _require_host(write)
    existing = await of_account(write, account.id)
    if len(existing) >= MAX_PASSKEYS:
        raise Conflict("too_many_passkeys")
    clinic = await clinics.current(write)
    webauthn, options = ceremonies.registration_options(
        write.services.settings,
        account_id=account.id,
        name=account.email or account.phone or account.name,
        display_name=account.name,
        clinic=clinic.name,
        existing=[each.credential_id for each in existing],
    )
    token = await challenges.begin(write, Purpose.PASSKEY_REGISTER, account_id=account.id, webauthn=webauthn)
    return token, options


async def finish_registration(
    write: WriteSession, account: Account, token: str, answer: Json, name: str
) -> Credential:
    """Keep the new passkey. Raises ChallengeOver, Invalid for `credential`."""
    challenge = await challenges.resume(write, token, Purpose.PASSKEY_REGISTER)
    if challenge.account_id != account.id:
        raise challenges.ChallengeOver
    try:
        made = ceremonies.verify_registration(write.services.settings, challenge.webauthn or b"", answer)
    except Refused:
        raise _refused(write, challenge) from None
    if await _by_credential_id(write, made.credential_id) is not None:
        raise _refused(write, challenge)
    challenges.settle(write, challenge, proven=True)
    row = Credential(
        id=new_id(),
        account_id=account.id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        name=name,
        transports=made.transports,
    )
    write.add(row)
    await write.flush()
    await second_factor.changed(write, account.id, "passkey_added")
    return row


async def start_sign_in(write: WriteSession, address: str) -> tuple[str, dict[str, Any]]:
    """Options that any passkey of this site may answer: nobody says first who they are. Raises TooMany.

    Anybody may ask, and each asking is kept for a while: so it is counted by the address that it comes from.
    """
    _require_host(write)
    with suppress(RedisError, OSError):  # Nothing can be guessed here: without Valkey this way in stays open.
        await limits.Limiter(write.services).spend(limits.PASSKEYS_FROM_ADDRESS, write.clinic_id, address)
    webauthn, options = ceremonies.sign_in_options(write.services.settings)
    return await challenges.begin(write, Purpose.PASSKEY_SIGN_IN, webauthn=webauthn), options


async def finish_sign_in(write: WriteSession, token: str, answer: Json, browser: Browser) -> NewSession:
    """Sign in whose passkey it is. Raises ChallengeOver, Invalid for `credential`, Forbidden."""
    challenge = await challenges.resume(write, token, Purpose.PASSKEY_SIGN_IN)
    credential = await _verified(write, challenge, answer)
    account: Account = await write.one_or_none(select(Account).where(Account.id == credential.account_id))
    if account.status != AccountStatus.ACTIVE:
        raise Forbidden("account_disabled")
    return await sessions.begin(write, account, Method.PASSKEY, browser)


async def start_step_up(write: WriteSession) -> tuple[str, dict[str, Any]]:
    """Options that only the signed-in person's own passkeys may answer. Raises Conflict `no_passkey`."""
    _require_host(write)
    account_id = write.actor.own_account
    own = await of_account(write, account_id)
    if not own:
        raise Conflict("no_passkey")
    webauthn, options = ceremonies.sign_in_options(
        write.services.settings, [each.credential_id for each in own]
    )
    token = await challenges.begin(write, Purpose.PASSKEY_STEP_UP, account_id=account_id, webauthn=webauthn)
    return token, options


async def finish_step_up(write: WriteSession, token: str, answer: Json) -> None:
    """Check the passkey shown for signing. Raises ChallengeOver, Invalid for `credential`."""
    challenge = await challenges.resume(write, token, Purpose.PASSKEY_STEP_UP)
    if challenge.account_id != write.actor.account_id:
        raise challenges.ChallengeOver
    await _verified(write, challenge, answer)


async def rename(write: WriteSession, credential_id: UUID, name: str) -> Credential:
    """Give one of the person's own passkeys another name. Raises NotFound."""
    row = await _own(write, credential_id)
    row.name = name
    return row


async def remove(write: WriteSession, credential_id: UUID) -> None:
    """Forget one of the person's own passkeys; whoever came in with it on a device that is lost is out.

    Raises NotFound, Conflict `last_second_factor` for staff.
    """
    row = await _own(write, credential_id)
    others = [each for each in await of_account(write, row.account_id) if each.id != row.id]
    has_app = await second_factor.has_authenticator(write, row.account_id)
    if write.actor.is_staff and not others and not has_app:
        raise Conflict("last_second_factor")
    await write.delete(row)
    await write.flush()
    await sessions.end_all(write, row.account_id, EndReason.FACTOR_CHANGED, keep=write.actor.session_id)
    await second_factor.changed(write, row.account_id, "passkey_removed")


async def _verified(write: WriteSession, challenge: Challenge, answer: Json) -> Credential:
    """The passkey that signed this challenge, its count moved on. Raises Invalid, and keeps the try."""
    try:
        row = await _by_credential_id(write, ceremonies.credential_id(answer))
        if row is None or challenge.account_id not in (None, row.account_id):
            raise Refused
        row.sign_count = ceremonies.verify_sign_in(
            write.services.settings,
            challenge.webauthn or b"",
            answer,
            public_key=row.public_key,
            sign_count=row.sign_count,
        )
    except Refused:
        raise _refused(write, challenge) from None
    challenges.settle(write, challenge, proven=True)
    row.last_used_at = write.now()
    return row


def _refused(write: WriteSession, challenge: Challenge) -> Invalid:
    challenges.settle(write, challenge, proven=False)
    return Invalid({"credential": "passkey_refused"})


async def _by_credential_id(write: WriteSession, credential_id: bytes) -> Credential | None:
    found: Credential | None = await write.one_or_none(
        select(Credential)
        .where(Credential.credential_id == credential_id, Credential.clinic_id == write.clinic_id)
        .with_for_update()
    )
    return found


async def _own(write: WriteSession, credential_id: UUID) -> Credential:
    row: Credential = await write.one_or_not_found(
        select(Credential).where(
            Credential.id == credential_id, Credential.account_id == write.actor.account_id
        )
    )
    return row


def _require_host(read: ReadSession) -> None:
    if not ceremonies.relying_party(read.services.settings):
        raise Conflict("passkeys_unavailable")
