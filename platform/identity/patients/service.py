"""Becoming a patient: an account and a place in the clinic's list, made together."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from sqlalchemy import select, text

from core import audit
from core.actor import Role
from core.database.session import ReadSession, WriteSession
from core.errors import NotFound, Restricted
from core.ids import new_id
from identity.models import Account, Patient
from identity.person.address import Address
from identity.person.check_digits import luhn
from identity.person.contacts import Channel, Contact
from identity.person.gender import clinical_from
from identity.person.name import Name, shown
from identity.readable import of_open_chart

_OLDEST_YEARS = 120


def birth_date_problem(born: date, today: date) -> str | None:
    if born > today:
        return "birth_date_in_future"
    return "birth_date_too_early" if today.year - born.year > _OLDEST_YEARS else None


def time_zone_problem(name: str) -> str | None:
    return None if name in available_timezones() else "time_zone_unknown"


async def get(read: ReadSession, patient_id: UUID) -> Patient:
    """A patient of this transaction's clinic. Raises NotFound."""
    found: Patient = await read.one_or_not_found(select(Patient).where(Patient.id == patient_id))
    return found


async def get_open(read: ReadSession, patient_id: UUID) -> Patient:
    """A patient of this clinic whose chart is open to the reader. Raises NotFound, Restricted."""
    is_open = of_open_chart(Patient.id, read.subject)
    row = (await read.execute(select(Patient, is_open).where(Patient.id == patient_id))).one_or_none()
    if row is None:
        raise NotFound
    patient, is_open_to_reader = row
    if not is_open_to_reader:
        raise Restricted(patient_id)
    found: Patient = patient
    return found


async def lock(write: WriteSession, patient_id: UUID) -> None:
    """Of two who change what hangs from a patient, the second sees what the first did."""
    await write.execute(select(Patient.id).where(Patient.id == patient_id).with_for_update(key_share=True))


async def of_account(read: ReadSession, account_id: UUID | None) -> Patient | None:
    found: Patient | None = await read.one_or_none(select(Patient).where(Patient.account_id == account_id))
    return found


async def accounts_with(read: ReadSession, contact: Contact) -> list[Account]:
    """The patients' accounts that sign in by this contact, whatever their status. A family may share one."""
    column = Account.phone if contact.channel is Channel.SMS else Account.email
    rows = await read.scalars(
        select(Account)
        .where(
            Account.clinic_id == read.clinic_id,
            column == contact.value,
            Account.roles == [str(Role.PATIENT)],
        )
        .order_by(Account.id)
    )
    return list(rows)


def disputed(account: Account, channel: Channel) -> bool:
    """Whether somebody else has said that this contact of the account is theirs."""
    at = account.phone_disputed_at if channel is Channel.SMS else account.email_disputed_at
    return at is not None


def contacts_of(account: Account) -> list[Contact]:
    """Where this person is reached: not by a contact that may be another's by now."""
    found = []
    if account.phone and not account.phone_disputed_at:
        found.append(Contact(Channel.SMS, account.phone))
    if account.email and not account.email_disputed_at:
        found.append(Contact(Channel.EMAIL, account.email))
    return found


def every_contact_of(account: Account) -> list[Contact]:
    """What is on file, in dispute or not."""
    both = ((Channel.SMS, account.phone), (Channel.EMAIL, account.email))
    return [Contact(channel, value) for channel, value in both if value]


async def register(
    write: WriteSession,
    *,
    name: Name,
    birth_date: date,
    contact: Contact,
    language: str,
    time_zone: str | None = None,
    sex: str = "unknown",
    address: Address | None = None,
) -> tuple[Account, Patient]:
    """Make a patient who signs in by `contact`. The answer to `sex` is the clinical one until staff change it."""
    account = await make_account(write, name=shown(name), contact=contact, language=language)
    patient = Patient(
        id=new_id(),
        account_id=account.id,
        **msgspec.structs.asdict(name),
        birth_date=birth_date,
        sex=sex,
        clinical_sex=clinical_from(sex),
        phone=account.phone,
        email=account.email,
        address=msgspec.to_builtins(address),
        time_zone=time_zone,
        language=language,
        mrn=await new_mrn(write),
    )
    write.add(patient)
    await write.flush()
    await audit.log(write, "patient.register", patient_id=patient.id, entity=("patient", patient.id))
    return account, patient


async def make_account(write: WriteSession, *, name: str, contact: Contact, language: str) -> Account:
    """An account that signs in by `contact` as patients do; it acts for nobody yet."""
    account = Account(
        id=new_id(),
        name=name,
        phone=contact.value if contact.channel is Channel.SMS else None,
        email=contact.value if contact.channel is Channel.EMAIL else None,
        roles=[str(Role.PATIENT)],
        locale=language,
        status="active",
    )
    write.add(account)
    await write.flush()
    return account


async def new_mrn(write: WriteSession) -> str:
    """The next medical record number: digits, of which the last one checks the others (ISO/IEC 7812, Luhn)."""
    number: int = await write.scalar(text("SELECT nextval('medical_record_number')"))
    return f"{number}{luhn(number)}"


def local_day(at: datetime, zone: str | None) -> date:
    """Today, where the patient is. Without a zone that exists, the latest calendar day anywhere on earth."""
    if zone is None or time_zone_problem(zone):
        return (at + timedelta(hours=14)).date()
    return at.astimezone(ZoneInfo(zone)).date()
