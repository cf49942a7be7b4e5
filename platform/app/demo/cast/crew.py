"""Enrols the demo's staff and patients."""

from dataclasses import dataclass, field
from datetime import date, time
from random import Random
from uuid import UUID

import pyotp
from sqlalchemy import select, update

from app.demo.cast.people import PASSWORD, STAFF, DemoPatient, patients
from chart.prescribing.models import Pharmacy
from core.actor import Actor, Role
from core.database.session import WriteSession
from core.ids import new_id
from directory.locations import repository as locations
from identity.factors import second_factor
from identity.models import Account, Patient, Staff
from identity.patients import service as identity_patients
from identity.person.address import Address
from identity.person.contacts import Channel, Contact
from identity.person.name import Name
from identity.staff import invites
from visits.models import WorkingHours

_WORKDAYS, _SATURDAY = range(5), 5


@dataclass
class Crew:
    """Everyone who was enrolled: staff by key, patients in the order of ``people.patients``."""

    clinic_id: UUID
    staff: dict[str, Actor] = field(default_factory=dict)
    patients: list[tuple[DemoPatient, Actor]] = field(default_factory=list)

    def clinicians(self) -> list[Actor]:
        return [actor for actor in self.staff.values() if actor.has(Role.CLINICIAN)]


async def enrol_staff(write: WriteSession, crew: Crew) -> None:
    """Accounts with password and authenticator, and the clinicians' working hours."""
    for person in STAFF:
        account = Account(
            id=new_id(),
            name=person.name,
            email=person.email,
            roles=[str(role) for role in person.roles],
            locale="en",
            status="active",
        )
        write.add(account)
        await write.flush()
        write.add(
            Staff(
                account_id=account.id,
                clinic_id=crew.clinic_id,
                given=person.given,
                family=person.family,
                npi=person.npi,
                title=person.title,
                credentials=person.credentials,
                licences=list(person.licences),
            )
        )
        await invites.set_password(write, account, PASSWORD)
        enrolment = await second_factor.start(write, account)
        await second_factor.confirm(write, account.id, pyotp.TOTP(enrolment.secret).at(write.now()))
        crew.staff[person.key] = Actor(
            clinic_id=crew.clinic_id, roles=frozenset(person.roles), account_id=account.id, name=person.name
        )
        if Role.CLINICIAN in person.roles:
            _open_hours(write, account.id)
    second = [place.id for place in (await locations.in_use(write)).values()][1]
    _open_second(write, crew.staff["okafor"].own_account, second)
    await write.flush()


def _open_second(write: WriteSession, account_id: UUID, location_id: UUID | None) -> None:
    """Saturdays at the second location, by its own clock."""
    write.add(
        WorkingHours(
            id=new_id(),
            clinician_id=account_id,
            location_id=location_id,
            weekday=_SATURDAY,
            starts=time(9),
            ends=time(13),
            slot_minutes=20,
        )
    )


def _open_hours(write: WriteSession, account_id: UUID) -> None:
    for weekday in _WORKDAYS:
        for starts, ends in ((time(9), time(12)), (time(13), time(17))):
            write.add(
                WorkingHours(
                    id=new_id(),
                    clinician_id=account_id,
                    weekday=weekday,
                    starts=starts,
                    ends=ends,
                    slot_minutes=20,
                )
            )


async def enrol_patients(write: WriteSession, crew: Crew) -> None:
    """Forty people, each with a phone number to sign in by and a pharmacy near home."""
    chance = Random(40)  # noqa: S311  for variety, not for secrets
    pharmacies = (await write.scalars(select(Pharmacy).order_by(Pharmacy.ncpdp_id))).all()
    for person in patients():
        born = date(write.now().year - chance.randint(22, 78), chance.randint(1, 12), chance.randint(1, 28))
        account, patient = await identity_patients.register(
            write,
            name=Name(given=person.given, family=person.family),
            birth_date=born,
            contact=Contact(Channel.SMS, person.phone),
            language=person.language,
            time_zone="America/New_York",
            sex=person.sex,
            address=Address(
                line=[person.street], city=person.city, state=person.state, postalCode=person.zip
            ),
        )
        local = next((each for each in pharmacies if each.city == person.city), pharmacies[0])
        kept = {"email": person.email, "preferred_pharmacy_id": local.id}
        await write.execute(update(Patient).where(Patient.id == patient.id).values(kept))
        account.email = person.email
        actor = Actor(
            clinic_id=crew.clinic_id,
            roles=frozenset({Role.PATIENT}),
            account_id=account.id,
            patient_id=patient.id,
            name=account.name,
            locale=person.language,
        )
        crew.patients.append((person, actor))
