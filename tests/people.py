"""People for tests: a clinic, staff, patients, and their signed-in browsers.

patient = await make_patient(unit.write)
doctor = await make_staff(unit.write, Role.CLINICIAN)
sign_in(client, await session_for(unit.write, doctor))
"""

from datetime import date
from uuid import UUID

import httpx
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from core.actor import Actor, Role
from core.database.session import WriteSession
from core.ids import new_id
from identity.domain import Method
from identity.models import Account, Clinic, Patient, Staff
from identity.person.check_digits import luhn
from identity.sessions import service as sessions

NPI = "1234567893"
HOURS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


async def make_clinic(owner: AsyncEngine, *, name: str = "Harbor Clinic", **fields: object) -> Clinic:
    """A clinic that never closes, made as only the owner may."""
    clinic_id = new_id()
    clinic = Clinic(id=clinic_id, slug=f"test-{clinic_id}", name=name)
    clinic.time_zone, clinic.languages, clinic.hours = "America/New_York", ["en", "es"], HOURS
    clinic.demo = True
    for field, value in fields.items():
        setattr(clinic, field, value)
    async with AsyncSession(owner, expire_on_commit=False) as session:
        session.add(clinic)
        await session.commit()
    return clinic


async def make_staff(
    write: WriteSession, *roles: Role, name: str = "Dana Reyes", email: str | None = None
) -> Account:
    """Active staff of the write session's clinic, licensed in New York and Florida; a clinician, who has an NPI, by
    default."""
    account_id = new_id()
    account = Account(
        id=account_id,
        clinic_id=write.clinic_id,
        name=name,
        email=email or f"{account_id}@staff.example",
        roles=[str(role) for role in roles or (Role.CLINICIAN,)],
        locale="en",
        status="active",
    )
    write.add(account)
    await write.flush()
    write.add(
        Staff(
            account_id=account_id,
            clinic_id=write.clinic_id,
            **parts_of(name),
            npi=await _free_npi(write, account_id) if str(Role.CLINICIAN) in account.roles else None,
            licences=["NY", "FL"],
        )
    )
    await write.flush()
    return account


def parts_of(name: str) -> dict[str, str]:
    """As forms have it."""
    given, _, family = name.rpartition(" ")
    return {"given": given, "family": family}


async def _free_npi(write: WriteSession, account_id: UUID) -> str:
    """The first clinician of a clinic has the NPI of the standard's example, each other one of their own."""
    if (
        await write.scalar(select(Staff.npi).where(Staff.clinic_id == write.clinic_id, Staff.npi == NPI))
        is None
    ):
        return NPI
    digits = f"1{account_id.int % 10**8:08}"
    return f"{digits}{luhn(int(f'80840{digits}'))}"


async def make_patient(
    write: WriteSession,
    *,
    given: str = "Maria",
    family: str = "Lopez",
    phone: str | None = None,
    language: str = "en",
) -> Patient:
    """A patient of the write session's clinic with an account; the phone number is made up and unique."""
    account_id, patient_id = new_id(), new_id()
    phone = phone or f"+1212{patient_id.int % 10_000_000:07d}"
    write.add(
        Account(
            id=account_id,
            clinic_id=write.clinic_id,
            name=f"{given} {family}",
            phone=phone,
            roles=[str(Role.PATIENT)],
            locale=language,
            status="active",
        )
    )
    await write.flush()
    patient = Patient(
        id=patient_id,
        clinic_id=write.clinic_id,
        account_id=account_id,
        family=family,
        given=given,
        birth_date=date(1988, 2, 29),
        sex="female",
        clinical_sex="female",
        phone=phone,
        address={
            "line": ["12 Elm Street"],
            "city": "Albany",
            "state": "NY",
            "postalCode": "12207",
            "country": "US",
        },
        time_zone="America/New_York",
        language=language,
        mrn=f"T{patient_id.hex[-10:].upper()}",
    )
    write.add(patient)
    await write.flush()
    return patient


async def account_of(write: WriteSession, who: Account | Patient) -> Account:
    """The account behind a patient, or the account itself."""
    if isinstance(who, Account):
        return who
    account: Account = await write.one_or_none(select(Account).where(Account.id == who.account_id))
    return account


async def session_for(write: WriteSession, who: Account | Patient) -> str:
    """Begin a session as if by passkey; the token for the cookie. Commit before using it."""
    begun = await sessions.begin(write, await account_of(write, who), Method.PASSKEY, sessions.Browser())
    return begun.token


def sign_in(client: httpx.AsyncClient, token: str) -> None:
    """Give a browser the session's cookie (by the name it has over http)."""
    client.cookies.set("carethread", token)


def actor_of(who: Account | Patient, *, roles: frozenset[Role] | None = None) -> Actor:
    """The actor that a signed-in request of theirs would have, for calling services without HTTP."""
    if isinstance(who, Patient):
        return _actor(who.clinic_id, roles or frozenset({Role.PATIENT}), who.account_id, who.id)
    return _actor(who.clinic_id, roles or frozenset(map(Role, who.roles)), who.id, None)


def _actor(
    clinic_id: UUID, roles: frozenset[Role], account_id: UUID | None, patient_id: UUID | None
) -> Actor:
    return Actor(clinic_id=clinic_id, roles=roles, account_id=account_id, patient_id=patient_id)
