"""Steps of a sign-in that are begun and not finished: short-lived, single use, named by a token that only the
browser has."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select, update

from core.database.session import WriteSession
from core.errors import Conflict
from core.ids import new_id
from identity.domain import CHALLENGE_LIFETIME, CHALLENGE_TRIES, CodeState, Verdict, judge
from identity.models import Challenge
from identity.sessions.tokens import digest, new_token


class Purpose(StrEnum):
    """The step that a challenge leads to."""

    SECOND_FACTOR = "second_factor"
    ENROL = "enrol"
    PASSKEY_SIGN_IN = "passkey_sign_in"
    PASSKEY_REGISTER = "passkey_register"
    PASSKEY_STEP_UP = "passkey_step_up"


class ChallengeOver(Conflict):
    """The challenge is expired, used, or tried too often."""

    def __init__(self) -> None:
        super().__init__("challenge_over")


async def begin(
    write: WriteSession,
    purpose: Purpose,
    *,
    account_id: UUID | None = None,
    webauthn: bytes | None = None,
    lifetime: timedelta = CHALLENGE_LIFETIME,
) -> str:
    """Begin a step; the token that continues it."""
    token = new_token()
    write.add(
        Challenge(
            id=new_id(),
            purpose=purpose,
            account_id=account_id,
            token_hash=digest(token),
            webauthn=webauthn,
            tries_left=CHALLENGE_TRIES,
            expires_at=write.now() + lifetime,
        )
    )
    await write.flush()
    return token


async def resume(write: WriteSession, token: str, *purposes: Purpose) -> Challenge:
    """The step that this token continues, held until the end of the transaction. Raises ChallengeOver."""
    row: Challenge | None = await write.one_or_none(
        select(Challenge)
        .where(Challenge.token_hash == digest(token), Challenge.clinic_id == write.clinic_id)
        .with_for_update()
    )
    if row is None or row.purpose not in purposes or not _state(row).open(write.now()):
        raise ChallengeOver
    return row


def settle(write: WriteSession, row: Challenge, *, proven: bool) -> bool:
    """Use up the step, or one of its tries, and keep that whatever the answer is. Returns `proven`."""
    verdict, after = judge(_state(row), proven=proven, at=write.now())
    row.tries_left, row.used_at = after.tries_left, after.used_at
    if verdict is not Verdict.ACCEPTED:
        write.keep_on_error()
    return verdict is Verdict.ACCEPTED


async def void(write: WriteSession, account_id: UUID) -> None:
    """End the account's open challenges: the password or factor that began them no longer counts."""
    begun = update(Challenge).where(Challenge.account_id == account_id, Challenge.used_at.is_(None))
    await write.execute(begun.values(used_at=write.now()))


def _state(row: Challenge) -> CodeState:
    return CodeState(row.tries_left, row.expires_at, row.used_at)
