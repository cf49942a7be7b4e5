"""A person's own profile and the ways they sign in."""

from uuid import UUID

import msgspec
from litestar.types import Scope

from core.actor import Actor
from core.database.session import ReadSession, WriteSession
from core.edge.web import delete, get, patch, post
from core.errors import Invalid
from identity.codes.service import contact_of
from identity.domain import RESEND_AFTER, EndReason
from identity.factors import ceremonies, passkeys, second_factor, step_up
from identity.models import Credential, Patient, Staff
from identity.patients import service as patients
from identity.permissions import Permission
from identity.person import profile
from identity.person.address import address_in
from identity.person.schemas import (
    ChangePassword,
    ChangeProfile,
    NewContact,
    OwnPatient,
    OwnStaff,
    Profile,
    Security,
)
from identity.schemas import (
    CodeAsked,
    EnrolmentOut,
    NewPasskey,
    PasskeyName,
    PasskeyOptions,
    PasskeyOut,
    RecoveryCodes,
    TotpCode,
    TypedCode,
)
from identity.sessions import service as sessions
from identity.sessions.browsers import browser_of
from identity.staff import invites


@get("/api/me", permission=Permission.PROFILE)
async def get_profile(read: ReadSession) -> Profile:
    """The person who is signed in."""
    return await _profile(read)


@patch("/api/me", permission=Permission.PROFILE)
async def change_profile(write: WriteSession, data: ChangeProfile) -> Profile:
    """Change language, time zone, address, pronouns, gender identity or the name to be called by. 422 by field."""
    await profile.change(write, data)
    return await _profile(write)


@post("/api/me/contact", permission=Permission.PROFILE, status_code=201)
async def ask_new_contact(write: WriteSession, scope: Scope, data: NewContact) -> CodeAsked:
    """Send a code to a new phone or mailbox. 422 for `contact`, 403 `step_up_required`, 429."""
    address = browser_of(scope, write.services.settings).address
    row = await profile.ask_new_contact(write, data.contact, address)
    return CodeAsked(row.id, row.channel, contact_of(row).masked, row.expires_at, write.now() + RESEND_AFTER)


@post("/api/me/contact/{code_id:uuid}/check", permission=Permission.PROFILE, status_code=200)
async def take_new_contact(write: WriteSession, code_id: UUID, data: TypedCode) -> Profile:
    """Sign in by the new contact from now on. 422 for `code`, 403 `step_up_required`."""
    await profile.take_new_contact(write, code_id, data.code)
    return await _profile(write)


@post("/api/me/password", permission=Permission.CREDENTIALS, status_code=204)
async def change_password(write: WriteSession, data: ChangePassword) -> None:
    """Change the password; sessions elsewhere end. 403 `step_up_required`, 422 for `current` or `new`."""
    await step_up.for_own_factors(write)
    await profile.change_password(write, data.current, data.new)


@post("/api/me/authenticator", permission=Permission.STEP_UP, status_code=200)
async def start_authenticator(write: WriteSession) -> EnrolmentOut:
    """Begin to use another authenticator app. 403 `step_up_required`."""
    await step_up.for_own_factors(write)
    made = await second_factor.start(write, await profile.account(write))
    return EnrolmentOut(made.secret, made.uri, made.qr.size, made.qr.path)


@post("/api/me/authenticator/confirm", permission=Permission.STEP_UP, status_code=200)
async def confirm_authenticator(write: WriteSession, actor: Actor, data: TotpCode) -> RecoveryCodes:
    """Take the new app into use with a code of it; sessions elsewhere end. 422 for `code`, 409 `enrolment_over`."""
    recovery = await second_factor.confirm(write, actor.own_account, data.code)
    if recovery is None:
        write.keep_on_error()
        raise Invalid({"code": "code_refused"})
    await sessions.end_all(write, actor.own_account, EndReason.FACTOR_CHANGED, keep=actor.session_id)
    return RecoveryCodes(recovery)


@post("/api/me/recovery-codes", permission=Permission.STEP_UP, status_code=200)
async def make_recovery_codes(write: WriteSession, actor: Actor) -> RecoveryCodes:
    """Make new recovery codes; the earlier ones are void. 403 `step_up_required`."""
    await step_up.for_own_factors(write)
    codes = await second_factor.new_recovery_codes(write, actor.own_account)
    await second_factor.changed(write, actor.own_account, "recovery_codes_made")
    return RecoveryCodes(codes)


@get("/api/passkeys", permission=Permission.CREDENTIALS)
async def list_passkeys(read: ReadSession, actor: Actor) -> list[PasskeyOut]:
    """The person's passkeys."""
    return [_passkey(row) for row in await passkeys.of_account(read, actor.own_account)]


@post("/api/passkeys/options", permission=Permission.CREDENTIALS, status_code=200)
async def new_passkey_options(write: WriteSession) -> PasskeyOptions:
    """Begin to add a passkey. 403 `step_up_required`, 409."""
    await step_up.for_own_factors(write)
    return PasskeyOptions(*await passkeys.start_registration(write, await profile.account(write)))


@post("/api/passkeys", permission=Permission.CREDENTIALS, status_code=201)
async def add_passkey(write: WriteSession, data: NewPasskey) -> PasskeyOut:
    """Keep a new passkey. 422 for `credential`, 409 `challenge_over`."""
    await step_up.for_own_factors(write)
    own = await profile.account(write)
    name = data.name.strip()
    return _passkey(await passkeys.finish_registration(write, own, data.challenge, data.credential, name))


@patch("/api/passkeys/{passkey_id:uuid}", permission=Permission.CREDENTIALS)
async def rename_passkey(write: WriteSession, passkey_id: UUID, data: PasskeyName) -> PasskeyOut:
    """Give a passkey another name. 422 for `name`."""
    name = " ".join(data.name.split())
    if not name:
        raise Invalid({"name": "required"})
    return _passkey(await passkeys.rename(write, passkey_id, name))


@delete("/api/passkeys/{passkey_id:uuid}", permission=Permission.CREDENTIALS, status_code=204)
async def remove_passkey(write: WriteSession, passkey_id: UUID) -> None:
    """Forget a passkey. 409 `last_second_factor` where staff would have none left."""
    await step_up.for_own_factors(write)
    await passkeys.remove(write, passkey_id)


async def _profile(read: ReadSession) -> Profile:
    own = await profile.account(read)
    patient = await patients.of_account(read, own.id)
    staff = await profile.staff_of(read, own.id)
    return Profile(
        account_id=own.id,
        name=own.name,
        email=own.email,
        phone=own.phone,
        locale=own.locale,
        roles=own.roles,
        patient=_patient(patient) if patient else None,
        staff=_staff(staff) if staff else None,
        security=Security(
            password=await invites.has_password(read, own.id),
            authenticator=await second_factor.has_authenticator(read, own.id),
            recovery_codes_left=await second_factor.recovery_codes_left(read, own.id),
            passkeys=len(await passkeys.of_account(read, own.id)),
            passkeys_available=bool(ceremonies.relying_party(read.services.settings)),
        ),
    )


def _patient(row: Patient) -> OwnPatient:
    return OwnPatient(
        id=row.id,
        mrn=row.mrn,
        **msgspec.structs.asdict(row.name),
        birth_date=row.birth_date,
        sex=row.sex,
        gender_identity=row.gender_identity,
        pronouns=row.pronouns,
        pronouns_other=row.pronouns_other,
        address=address_in(row.address),
        time_zone=row.time_zone,
    )


def _staff(row: Staff) -> OwnStaff:
    return OwnStaff(row.title, row.credentials, row.npi, row.licences)


def _passkey(row: Credential) -> PasskeyOut:
    return PasskeyOut(row.id, row.name, row.created_at, row.last_used_at)
