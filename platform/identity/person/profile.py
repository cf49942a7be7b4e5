"""A person's own profile: contact, language, time zone, address, password."""

from uuid import UUID

import msgspec
from sqlalchemy import select

from core import audit
from core.database.session import ReadSession, WriteSession
from core.errors import Forbidden, Invalid
from identity import limits
from identity.codes import service as codes
from identity.codes.service import Asker, Purpose
from identity.factors import step_up
from identity.models import Account, OneTimeCode, Patient, Staff
from identity.patient_account import disputes, holding, security_events
from identity.patients import service as patients
from identity.person.address import change_problems, typed
from identity.person.contacts import Channel, Contact, contact_problem, parse_contact
from identity.person.gender import Gender, Pronouns, tidy
from identity.person.gender import problems as gender_problems
from identity.person.name import part_problem
from identity.person.schemas import ChangeProfile
from identity.staff import invites
from identity.staff import sign_in as staff_sign_in


async def account(read: ReadSession) -> Account:
    """The account that is signed in."""
    found: Account = await read.one_or_none(select(Account).where(Account.id == read.actor.account_id))
    return found


async def staff_of(read: ReadSession, account_id: UUID) -> Staff | None:
    found: Staff | None = await read.one_or_none(select(Staff).where(Staff.account_id == account_id))
    return found


async def change(write: WriteSession, data: ChangeProfile) -> None:
    """Change what was sent. Raises Invalid by field."""
    own = await account(write)
    patient = await patients.of_account(write, own.id)
    _check(data, patient)
    if data.locale is not msgspec.UNSET:
        own.locale = data.locale
    if patient is not None:
        _change_patient(patient, data)
        own.name = patient.full_name
    await write.flush()
    await audit.log(
        write, "profile.change", entity=("account", own.id), patient_id=patient.id if patient else None
    )


def _check(data: ChangeProfile, patient: Patient | None) -> None:
    wrong: dict[str, str] = {}
    if data.time_zone is not msgspec.UNSET:
        problem = patients.time_zone_problem(data.time_zone)
        if problem:
            wrong["time_zone"] = problem
    if data.used_name is not msgspec.UNSET and data.used_name.strip():
        problem = part_problem(data.used_name)
        if problem:
            wrong["used_name"] = problem
    if data.address is not msgspec.UNSET and patient is not None:
        wrong |= change_problems(typed(data.address), patient.address)
    if data.pronouns is not msgspec.UNSET:
        wrong |= gender_problems(_pronouns(data.pronouns, data.pronouns_other or ""))
    if wrong:
        raise Invalid(wrong)


def _pronouns(chosen: Pronouns, words: str) -> Gender:
    return tidy(Gender(pronouns=chosen, pronouns_other=words))


def _change_patient(patient: Patient, data: ChangeProfile) -> None:
    if data.locale is not msgspec.UNSET:
        patient.language = data.locale
    if data.used_name is not msgspec.UNSET:
        patient.used_name = " ".join(data.used_name.split())
    if data.time_zone is not msgspec.UNSET:
        patient.time_zone = data.time_zone
    if data.gender_identity is not msgspec.UNSET:
        patient.gender_identity = data.gender_identity
    if data.pronouns is not msgspec.UNSET:
        said = _pronouns(data.pronouns, data.pronouns_other or "")
        patient.pronouns, patient.pronouns_other = said.pronouns, said.pronouns_other
    if data.address is not msgspec.UNSET:
        patient.address = msgspec.to_builtins(typed(data.address))


async def ask_new_contact(write: WriteSession, typed: str, address: str) -> OneTimeCode:
    """Send a code to a phone or mailbox that a patient wants to sign in by.

    Raises Invalid, TooMany, Forbidden `step_up_required`.
    """
    own = await account(write)
    if not write.actor.is_patient:
        raise Forbidden("ask_your_admin")
    await step_up.for_own_factors(write)
    contact = parse_contact(typed)
    if contact is None:
        raise Invalid({"contact": contact_problem(typed)})
    return await codes.request(
        write,
        contact,
        locale=own.locale,
        asker=Asker(address, own.id),
        purpose=Purpose.NEW_CONTACT,
        account_id=own.id,
    )


async def take_new_contact(write: WriteSession, code_id: UUID, typed: str) -> None:
    """Sign in by the new contact from now on; the former one and the other are told.

    Raises Invalid for `code`, Forbidden `step_up_required`.
    """
    await step_up.for_own_factors(write)
    # Held before the code is looked at: staff who correct a contact at this moment void it.
    own = await holding.held(write, write.actor.own_account)
    row = await codes.check_code(
        write, code_id, typed, Asker("", own.id), purpose=Purpose.NEW_CONTACT, account_id=own.id
    )
    contact = codes.contact_of(row)
    patient = await patients.of_account(write, own.id)
    column = "phone" if contact.channel is Channel.SMS else "email"
    before = own.phone if contact.channel is Channel.SMS else own.email
    for each in (own, patient):
        if each is not None:
            setattr(each, column, contact.value)
    disputes.settle(own, contact.channel)
    await write.flush()
    former = Contact(contact.channel, before) if before and before != contact.value else None
    if former is not None:
        await codes.void_replaced(write, own.id, former)
    await security_events.happened(write, own.id, f"{column}_changed", spare=contact, former=former)


async def change_password(write: WriteSession, current: str, new: str) -> None:
    """Take a new password into use; all other sessions end. Raises Invalid for `current` or `new`, TooMany."""
    own = await account(write)
    if write.actor.is_patient:
        raise Forbidden("no_password")
    await limits.Limiter(write.services).spend(limits.PASSWORDS_OF_ACCOUNT, write.clinic_id, own.email)
    if not await staff_sign_in.password_matches(write, own, current):
        raise Invalid({"current": "password_wrong"})
    if new == current:
        raise Invalid({"new": "password_same"})
    await invites.set_password(write, own, new, keep=write.actor.session_id, field="new")
