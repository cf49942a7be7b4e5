"""Staff sign in with a password and then a second factor; the password alone opens nothing."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core import audit
from core.actor import Role
from core.database.session import ReadSession, WriteSession
from core.errors import Conflict, Forbidden, Invalid
from identity import limits
from identity.domain import ENROLMENT_LIFETIME, AccountStatus, Method
from identity.factors import challenges, passwords, second_factor
from identity.factors.challenges import ChallengeOver, Purpose
from identity.factors.second_factor import Enrolment
from identity.models import Account, Challenge, Password
from identity.sessions import service as sessions
from identity.sessions.service import Browser, NewSession

_NOBODY = UUID(int=0)


@dataclass(frozen=True)
class NextStep:
    """What is still to be done: `second_factor` by one of `methods`, or `enrol` to set one up first."""

    step: Purpose
    challenge: str
    methods: list[str]


async def account_by_email(read: ReadSession, email: str) -> Account | None:
    """The staff account of this clinic with this address, whatever its status."""
    found: Account | None = await read.one_or_none(
        select(Account).where(
            Account.clinic_id == read.clinic_id,
            Account.email == email.strip().lower(),
            Account.roles != [str(Role.PATIENT)],
        )
    )
    return found


async def check_password(write: WriteSession, email: str, password: str, browser: Browser) -> NextStep:
    """The first factor. Raises Invalid for `password` (the same for an unknown address), TooMany.

    Tries are counted by the address that was typed, known or not, and forgiven once both factors were right.
    """
    limiter = limits.Limiter(write.services)
    name = email.strip().lower()
    await limiter.spend(limits.PASSWORDS_FROM_ADDRESS, write.clinic_id, browser.address)
    await limiter.spend(limits.PASSWORDS_OF_ACCOUNT, write.clinic_id, name)
    account = await account_by_email(write, name)
    # Asked for an unknown address too: an answer that comes sooner would tell whose address is known.
    matches = await password_matches(write, account, password)
    if account is None or not matches:
        write.keep_on_error()
        await audit.log(
            write,
            "sign_in.refused",
            entity=("account", account.id) if account else None,
            detail={"at": "password"},
        )
        raise Invalid({"password": "sign_in_refused"})
    return await next_step(write, account)


async def password_matches(write: WriteSession, account: Account | None, password: str) -> bool:
    """Check a password off the event loop; a hash made with weaker parameters than today's is renewed.

    One query and one hash, whether there is such an account, with a password, that may sign in, or not.
    """
    account_id = account.id if account else _NOBODY
    row: Password | None = await write.one_or_none(select(Password).where(Password.account_id == account_id))
    stored = row.hash if row and account and account.status == AccountStatus.ACTIVE else None
    if not await asyncio.to_thread(passwords.matches, stored, password):
        return False
    if row and passwords.outdated(row.hash):
        row.hash = await asyncio.to_thread(passwords.hash_password, password)
    return True


async def next_step(write: WriteSession, account: Account) -> NextStep:
    """After the password: show the second factor, or set one up if there is none yet."""
    methods = await second_factor.methods(write, account.id)
    if methods:
        token = await challenges.begin(write, Purpose.SECOND_FACTOR, account_id=account.id)
        return NextStep(Purpose.SECOND_FACTOR, token, methods)
    token = await challenges.begin(write, Purpose.ENROL, account_id=account.id, lifetime=ENROLMENT_LIFETIME)
    return NextStep(Purpose.ENROL, token, [])


async def finish_with_totp(write: WriteSession, token: str, code: str, browser: Browser) -> NewSession:
    """The second factor by app. Raises ChallengeOver, TooMany, Invalid for `code`."""
    challenge, account = await _resume(write, token, Purpose.SECOND_FACTOR)
    matches = await second_factor.totp_matches(write, account.id, code)
    return await _finish(write, challenge, account, Method.PASSWORD_TOTP, browser, proven=matches)


async def finish_with_recovery(write: WriteSession, token: str, code: str, browser: Browser) -> NewSession:
    """The second factor by a code from paper. Raises ChallengeOver, TooMany, Invalid for `code`."""
    challenge, account = await _resume(write, token, Purpose.SECOND_FACTOR)
    matches = await second_factor.use_recovery_code(write, account.id, code)
    if matches:
        await second_factor.changed(write, account.id, "recovery_code_used")
    return await _finish(write, challenge, account, Method.PASSWORD_RECOVERY, browser, proven=matches)


async def start_enrolment(write: WriteSession, token: str) -> Enrolment:
    """Show the secret for the authenticator app. Raises ChallengeOver, Conflict `already_enrolled`."""
    _, account = await _resume(write, token, Purpose.ENROL)
    await refuse_second_enrolment(write, account.id)
    return await second_factor.start(write, account)


async def finish_enrolment(
    write: WriteSession, token: str, code: str, browser: Browser
) -> tuple[NewSession, list[str]]:
    """Take the app into use and sign in; the recovery codes come along. Raises as `finish_with_totp`, and Conflict
    `enrolment_over`."""
    challenge, account = await enrolling(write, token)
    recovery_codes = await second_factor.confirm(write, account.id, code)
    begun = await _finish(
        write, challenge, account, Method.PASSWORD_TOTP, browser, proven=recovery_codes is not None
    )
    return begun, recovery_codes or []


async def refuse_second_enrolment(read: ReadSession, account_id: UUID) -> None:
    """A password alone may set up the first second factor, never replace one. Raises Conflict."""
    if await second_factor.methods(read, account_id):
        raise Conflict("already_enrolled")


async def enrolling(write: WriteSession, token: str) -> tuple[Challenge, Account]:
    """The account that sets up its first second factor. Raises ChallengeOver, Conflict."""
    challenge, account = await _resume(write, token, Purpose.ENROL)
    await refuse_second_enrolment(write, account.id)
    return challenge, account


async def _resume(write: WriteSession, token: str, purpose: Purpose) -> tuple[Challenge, Account]:
    challenge = await challenges.resume(write, token, purpose)
    account: Account | None = await write.one_or_none(
        select(Account).where(Account.id == challenge.account_id)
    )
    if account is None:
        raise ChallengeOver
    if account.status != AccountStatus.ACTIVE:
        raise Forbidden("account_disabled")
    return challenge, account


async def _finish(
    write: WriteSession,
    challenge: Challenge,
    account: Account,
    method: Method,
    browser: Browser,
    *,
    proven: bool,
) -> NewSession:
    if not challenges.settle(write, challenge, proven=proven):
        await audit.log(
            write, "sign_in.refused", entity=("account", account.id), detail={"at": "second_factor"}
        )
        raise Invalid({"code": "code_refused"})
    limiter = limits.Limiter(write.services)
    await limiter.forgive(limits.PASSWORDS_OF_ACCOUNT, write.clinic_id, account.email)
    await limiter.forgive(limits.SECOND_FACTORS_OF_ACCOUNT, account.id)
    return await sessions.begin(write, account, method, browser)
