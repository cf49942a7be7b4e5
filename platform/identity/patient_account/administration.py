"""What a coordinator does for a patient who cannot get in, or whose account another may have got into.

Each step needs proof of who called, recorded with what was said, and each is told to the patient.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from core import audit
from core.database.session import ReadSession, WriteSession
from core.errors import Conflict, Invalid
from core.ids import new_id
from identity import limits
from identity.codes import service as codes
from identity.domain import VOUCHED_FOR, AccountStatus, EndReason
from identity.factors import passkeys
from identity.limits import Limiter
from identity.models import Account, AuthSession, Patient
from identity.patient_account import disputes, holding, security_events
from identity.patient_account.models import PatientAccountChange
from identity.patient_account.new_device import trusted_devices
from identity.patient_account.schemas import (
    AccountChangeOut,
    CorrectContact,
    CorrectPerson,
    PatientAccount,
    PatientContact,
    Proven,
)
from identity.patients import service as patients
from identity.person.address import address_in, change_problems, typed
from identity.person.contacts import Channel, Contact, contact_problem, parse_email, parse_phone
from identity.person.gender import clinical_from, gender_in, tidy
from identity.person.gender import problems as gender_problems
from identity.person.name import name_in
from identity.person.name import problems as name_problems
from identity.person.names import names_of
from identity.sessions import service as sessions


@dataclass(frozen=True)
class Case:
    """A patient and their account."""

    patient: Patient
    account: Account


async def read_account(read: ReadSession, patient_id: UUID) -> PatientAccount:
    """The account as its looker-after sees it; audited. Raises NotFound."""
    case = await _case(read, patient_id)
    await audit.log(read, "patient.account_read", patient_id=patient_id)
    account, patient = case.account, case.patient
    rows = await read.scalars(
        select(PatientAccountChange)
        .where(PatientAccountChange.patient_id == patient_id)
        .order_by(PatientAccountChange.id.desc())
        .limit(20)
    )
    changes = list(rows)
    names = await names_of(read, {each.made_by for each in changes})
    last_seen: datetime | None = await read.scalar(
        select(func.max(AuthSession.last_seen_at)).where(AuthSession.account_id == account.id)
    )
    vouched = account.vouched_until
    return PatientAccount(
        status=account.status,
        contacts=_contacts(account),
        **msgspec.structs.asdict(patient.name),
        birth_date=patient.birth_date,
        sex=patient.sex,
        gender=gender_in(patient),
        address=address_in(patient.address),
        known_devices=len(await trusted_devices.of_account(read, account.id)),
        passkeys=len(await passkeys.of_account(read, account.id)),
        open_sessions=len(await sessions.open_of(read, account.id)),
        last_seen_at=last_seen,
        vouched_until=vouched if vouched and vouched > read.now() else None,
        changes=[
            AccountChangeOut(
                each.id, each.change, each.proof, each.note, names[each.made_by], each.created_at
            )
            for each in changes
        ],
    )


async def disable(write: WriteSession, patient_id: UUID, data: Proven) -> None:
    """Nobody signs in to it; whoever is in, is out within seconds. Raises NotFound, Invalid."""
    case = await _open(write, patient_id, data)
    if case.account.status == AccountStatus.DISABLED:
        return
    case.account.status = AccountStatus.DISABLED
    case.account.vouched_until = None
    await _everybody_out(write, case, EndReason.DISABLED)
    await _record(write, case, "patient.account_disable", "disable", data)
    await security_events.write_to_owner(write, case.account.id, "account_disabled")


async def enable(write: WriteSession, patient_id: UUID, data: Proven) -> None:
    """They may sign in again; every device is new. Raises NotFound, Invalid."""
    case = await _open(write, patient_id, data)
    if case.account.status == AccountStatus.ACTIVE:
        return
    case.account.status = AccountStatus.ACTIVE
    # One that began at the moment of the disabling would come alive again.
    await _everybody_out(write, case, EndReason.DISABLED)
    await _record(write, case, "patient.account_enable", "enable", data)
    await security_events.write_to_owner(write, case.account.id, "account_enabled")


async def correct_contact(write: WriteSession, patient_id: UUID, data: CorrectContact) -> None:
    """The number or address from now on; sessions end, devices are new, the former and the new one are told.

    Raises NotFound, Invalid for `contact`, Conflict `last_contact`.
    """
    channel = Channel(data.channel)
    case = await _open(write, patient_id, data)
    new = _parsed(write, channel, data.contact)
    account = case.account
    before = account.phone if channel is Channel.SMS else account.email
    other = account.email if channel is Channel.SMS else account.phone
    if new is None and other is None:
        raise Conflict("last_contact")
    if new is not None and new.value == before:
        raise Invalid({"contact": "contact_same"})
    column = "phone" if channel is Channel.SMS else "email"
    for row in (account, case.patient):
        setattr(row, column, new.value if new else None)
    disputes.settle(account, channel)
    await write.flush()
    former = Contact(channel, before) if before else None
    if former is not None:
        await codes.void_replaced(write, account.id, former)
    if data.passkeys_too:
        for each in await passkeys.of_account(write, account.id):
            await write.delete(each)
    await _everybody_out(write, case, EndReason.CONTACT_CORRECTED)
    await _record(write, case, "patient.contact_correct", "correct_contact", data)
    await security_events.write_to_owner(write, account.id, "contact_corrected")
    if former is not None and new is not None:
        # At the contact that counts no more, too: the patient may be the one who still reads it.
        await security_events.write_to_owner(write, account.id, "contact_replaced", former=former)


async def confirm_contact(write: WriteSession, patient_id: UUID, channel: str, data: Proven) -> None:
    """What somebody else said was theirs is the patient's. Raises NotFound, Invalid."""
    case = await _open(write, patient_id, data)
    disputes.settle(case.account, Channel(channel))
    await _record(write, case, "patient.contact_confirm", "confirm_contact", data)


async def correct_person(write: WriteSession, patient_id: UUID, data: CorrectPerson) -> None:
    """Name, birth date, sex, gender and address as they are. Raises NotFound, Invalid by field."""
    case = await _open(write, patient_id, data)
    name = name_in(data)
    today = patients.local_day(write.now(), case.patient.time_zone)
    found = {
        "birth_date": patients.birth_date_problem(data.birth_date, today),
    }
    wrong = name_problems(name) | {field: code for field, code in found.items() if code}
    if data.address is not msgspec.UNSET:
        wrong |= change_problems(typed(data.address), case.patient.address)
    gender = None if data.gender is msgspec.UNSET else tidy(data.gender)
    if gender is not None:
        wrong |= {f"gender.{field}": code for field, code in gender_problems(gender).items()}
    if wrong:
        raise Invalid(wrong)
    patient = case.patient
    patient.rename(name)
    if gender is None and patient.clinical_sex == clinical_from(patient.sex):
        # Whoever corrects the one without a word on the other had one wrong answer for both.
        patient.clinical_sex = clinical_from(data.sex)
    patient.birth_date, patient.sex = data.birth_date, data.sex
    if gender is not None:
        for fact, said in msgspec.structs.asdict(gender).items():
            setattr(patient, fact, said)
    if data.address is not msgspec.UNSET:
        patient.address = msgspec.to_builtins(typed(data.address))
    case.account.name = patient.full_name
    await _record(write, case, "patient.person_correct", "correct_person", data)
    await security_events.write_to_owner(write, case.account.id, "person_corrected")


async def let_in(write: WriteSession, patient_id: UUID, data: Proven) -> None:
    """For half an hour the code alone lets them in on a new device, once; wrong answers are forgotten.

    Raises NotFound, Invalid, Conflict `account_disabled`.
    """
    case = await _open(write, patient_id, data)
    if case.account.status != AccountStatus.ACTIVE:
        raise Conflict("account_disabled")
    case.account.vouched_until = write.now() + VOUCHED_FOR
    limiter = Limiter(write.services)
    for contact in patients.contacts_of(case.account):
        await limiter.forgive(limits.WRONG_ANSWERS, write.clinic_id, contact.value)
    await _record(write, case, "patient.let_in", "let_in", data)
    await security_events.write_to_owner(write, case.account.id, "let_in")


async def _open(write: WriteSession, patient_id: UUID, data: Proven) -> Case:
    """The case, held, for whoever says what they were told. The edge has asked for their second factor.

    The account before the patient, as a patient who changes their own contact locks them.
    """
    if not data.note.strip():
        raise Invalid({"note": "required"})
    account_id = (await _case(write, patient_id)).account.id
    await holding.held(write, account_id)
    query = select(Patient).where(Patient.id == patient_id).with_for_update(key_share=True)
    await write.one_or_not_found(query.execution_options(populate_existing=True))
    return await _case(write, patient_id)


async def _case(read: ReadSession, patient_id: UUID) -> Case:
    patient = await patients.get_open(read, patient_id)
    account: Account = await read.one_or_not_found(select(Account).where(Account.id == patient.account_id))
    return Case(patient, account)


async def _everybody_out(write: WriteSession, case: Case, because: EndReason) -> None:
    await write.flush()
    await sessions.end_all(write, case.account.id, because)
    await trusted_devices.forget_all(write, case.account.id)


async def _record(write: WriteSession, case: Case, action: str, change: str, data: Proven) -> None:
    write.add(
        PatientAccountChange(
            id=new_id(),
            patient_id=case.patient.id,
            made_by=write.actor.own_account,
            change=change,
            proof=data.proof,
            note=data.note.strip(),
        )
    )
    await write.flush()
    await audit.log(
        write,
        action,
        patient_id=case.patient.id,
        entity=("account", case.account.id),
        detail={"proof": data.proof},
    )


def _contacts(account: Account) -> list[PatientContact]:
    found = []
    if account.phone:
        found.append(PatientContact("sms", account.phone, account.phone_disputed_at))
    if account.email:
        found.append(PatientContact("email", account.email, account.email_disputed_at))
    return found


def _parsed(read: ReadSession, channel: Channel, typed: str) -> Contact | None:
    """The new contact; None where it is taken away. Raises Invalid for `contact`."""
    if not typed.strip():
        return None
    value = parse_phone(typed) if channel is Channel.SMS else parse_email(typed)
    if value is None:
        raise Invalid({"contact": contact_problem(typed)})
    contact = Contact(channel, value)
    codes.check_reachable(read, contact)
    return contact
