"""The staff's way in: password, second factor, invitations, passkeys."""

from litestar import Response
from litestar.types import Scope

from core.database.session import WriteSession
from core.edge.web import PUBLIC, post
from core.errors import Invalid
from identity.clinic import clinics
from identity.domain import Method
from identity.factors import challenges, passkeys, second_factor
from identity.person.contacts import parse_email
from identity.schemas import (
    AcceptInvite,
    ChallengeCode,
    ChallengeToken,
    CodeAccepted,
    EnrolmentOut,
    ForgotPassword,
    InviteOut,
    LinkToken,
    NewPasskey,
    PasskeyAnswer,
    PasskeyOptions,
    RecoveryCodes,
    StaffPassword,
    StaffStep,
)
from identity.sessions import service as sessions
from identity.sessions.browsers import browser_of
from identity.sessions.responses import signed_in
from identity.staff import invites
from identity.staff import sign_in as staff_sign_in
from identity.staff.sign_in import NextStep


@post("/api/clinics/{slug:str}/staff/password", permission=PUBLIC, status_code=200)
async def staff_password(write: WriteSession, scope: Scope, slug: str, data: StaffPassword) -> StaffStep:
    """The first factor. 422 for `password`, the same for an unknown address; 429."""
    await clinics.enter(write, slug)
    browser = browser_of(scope, write.services.settings)
    return _step(await staff_sign_in.check_password(write, data.email, data.password, browser))


@post("/api/clinics/{slug:str}/staff/totp", permission=PUBLIC, status_code=200)
async def staff_totp(
    write: WriteSession, scope: Scope, slug: str, data: ChallengeCode
) -> Response[CodeAccepted]:
    """The second factor by authenticator app. 422 for `code`, 409 `challenge_over`, 429."""
    await clinics.enter(write, slug)
    browser = browser_of(scope, write.services.settings)
    begun = await staff_sign_in.finish_with_totp(write, data.challenge, data.code, browser)
    return signed_in(write, begun, CodeAccepted("signed_in"))


@post("/api/clinics/{slug:str}/staff/recovery", permission=PUBLIC, status_code=200)
async def staff_recovery(
    write: WriteSession, scope: Scope, slug: str, data: ChallengeCode
) -> Response[CodeAccepted]:
    """The second factor by a recovery code. 422 for `code`, 409 `challenge_over`, 429."""
    await clinics.enter(write, slug)
    browser = browser_of(scope, write.services.settings)
    begun = await staff_sign_in.finish_with_recovery(write, data.challenge, data.code, browser)
    return signed_in(write, begun, CodeAccepted("signed_in"))


@post("/api/clinics/{slug:str}/staff/enrolment", permission=PUBLIC, status_code=200)
async def start_enrolment(write: WriteSession, slug: str, data: ChallengeToken) -> EnrolmentOut:
    """Set up the first second factor: what the authenticator app needs. 409."""
    await clinics.enter(write, slug)
    made = await staff_sign_in.start_enrolment(write, data.challenge)
    return EnrolmentOut(made.secret, made.uri, made.qr.size, made.qr.path)


@post("/api/clinics/{slug:str}/staff/enrolment/confirm", permission=PUBLIC, status_code=200)
async def confirm_enrolment(
    write: WriteSession, scope: Scope, slug: str, data: ChallengeCode
) -> Response[RecoveryCodes]:
    """Take the app into use with a code of it, and sign in. 422 for `code`, 409."""
    await clinics.enter(write, slug)
    browser = browser_of(scope, write.services.settings)
    begun, recovery = await staff_sign_in.finish_enrolment(write, data.challenge, data.code, browser)
    return signed_in(write, begun, RecoveryCodes(recovery))


@post("/api/clinics/{slug:str}/staff/enrolment/passkey/options", permission=PUBLIC, status_code=200)
async def enrolment_passkey_options(write: WriteSession, slug: str, data: ChallengeToken) -> PasskeyOptions:
    """Set up a passkey as the first second factor. 409."""
    await clinics.enter(write, slug)
    _, account = await staff_sign_in.enrolling(write, data.challenge)
    return PasskeyOptions(*await passkeys.start_registration(write, account))


@post("/api/clinics/{slug:str}/staff/enrolment/passkey", permission=PUBLIC, status_code=200)
async def enrol_passkey(
    write: WriteSession, scope: Scope, slug: str, data: NewPasskey
) -> Response[RecoveryCodes]:
    """Keep the passkey, and sign in with it. 422 for `credential`, 409."""
    await clinics.enter(write, slug)
    if not data.enrolment:
        raise Invalid({"enrolment": "required"})
    challenge, account = await staff_sign_in.enrolling(write, data.enrolment)
    await passkeys.finish_registration(write, account, data.challenge, data.credential, data.name.strip())
    challenges.settle(write, challenge, proven=True)
    recovery = await second_factor.new_recovery_codes(write, account.id)
    browser = browser_of(scope, write.services.settings)
    begun = await sessions.begin(write, account, Method.PASSKEY, browser)
    return signed_in(write, begun, RecoveryCodes(recovery))


@post("/api/clinics/{slug:str}/staff/forgot", permission=PUBLIC, status_code=204)
async def forgot_password(write: WriteSession, scope: Scope, slug: str, data: ForgotPassword) -> None:
    """Send a link to set a new password, if there is such an account. The same answer for everybody."""
    await clinics.enter(write, slug)
    if parse_email(data.email) is None:
        raise Invalid({"email": "email_invalid"})
    await invites.forgot_password(write, data.email, browser_of(scope, write.services.settings).address)


@post("/api/clinics/{slug:str}/invites/open", permission=PUBLIC, status_code=200)
async def open_invite(write: WriteSession, slug: str, data: LinkToken) -> InviteOut:
    """Whom a link is for, without using it. 409 `link_over`."""
    await clinics.enter(write, slug)
    invite, account = await invites.opened(write, data.token)
    return InviteOut(invite.purpose, account.name, account.email or "", invite.expires_at)


@post("/api/clinics/{slug:str}/invites/accept", permission=PUBLIC, status_code=200)
async def accept_invite(write: WriteSession, slug: str, data: AcceptInvite) -> StaffStep:
    """Set the password by the link; the second factor comes next. 422 for `password`, 409 `link_over`."""
    await clinics.enter(write, slug)
    return _step(await invites.accept(write, data.token, data.password))


@post("/api/clinics/{slug:str}/passkeys/options", permission=PUBLIC, status_code=200)
async def passkey_options(write: WriteSession, scope: Scope, slug: str) -> PasskeyOptions:
    """Begin signing in with a passkey, patients and staff alike. 409 `passkeys_unavailable`, 429."""
    await clinics.enter(write, slug)
    browser = browser_of(scope, write.services.settings)
    return PasskeyOptions(*await passkeys.start_sign_in(write, browser.address))


@post("/api/clinics/{slug:str}/passkeys/sign-in", permission=PUBLIC, status_code=200)
async def passkey_sign_in(
    write: WriteSession, scope: Scope, slug: str, data: PasskeyAnswer
) -> Response[CodeAccepted]:
    """Sign in with a passkey. 422 for `credential`, 409 `challenge_over`."""
    await clinics.enter(write, slug)
    browser = browser_of(scope, write.services.settings)
    begun = await passkeys.finish_sign_in(write, data.challenge, data.credential, browser)
    return signed_in(write, begun, CodeAccepted("signed_in"))


def _step(step: NextStep) -> StaffStep:
    enrol = step.step is challenges.Purpose.ENROL
    return StaffStep("enrol" if enrol else "second_factor", step.challenge, step.methods)
