"""A mother of two: her children are patients without accounts of their own, and she acts for them."""

from datetime import date, timedelta
from uuid import UUID

from app.demo.cast.crew import Crew
from core.clock import FrozenClock
from core.database.session import WriteSession, open_unit
from core.ids import new_id
from core.services import Services
from identity.models import Patient
from identity.patients import service as patients
from identity.person.contacts import Channel, Contact
from identity.person.name import Name
from identity.related import service as related
from identity.related.domain import Proof, Relationship, Scope

_PLACE = 28
"""Counted from the beginning of the list: somebody who is not in today's waiting room."""
_CHILDREN = (("Leo", "male", 7), ("Mia", "female", 3))
_ASKED = "She called and asked to book visits for her children."
_SHOWN = "Showed her ID and both birth certificates at the front desk."


async def act(services: Services, crew: Crew, clock: FrozenClock) -> None:
    """Related three weeks ago; then the clock stands where it stood."""
    now = clock.now()
    clock.set(now - timedelta(days=20))
    person, mother = crew.patients[_PLACE]
    async with open_unit(services, crew.staff["cole"]) as unit:
        own = await patients.get(unit.write, mother.own_patient)
        who = related.Person(own.name, own.birth_date, Contact(Channel.SMS, person.phone))
        terms = related.Terms(Relationship.MOTHER, Scope.FULL, sees_restricted=False, until=None)
        for given, sex, years in _CHILDREN:
            child_id = await _child(unit.write, Name(given=given, family=person.family), sex, years)
            relation = await related.add(unit.write, child_id, who, terms, _ASKED)
            await related.verify(unit.write, relation.id, Proof.BIRTH_CERTIFICATE, _SHOWN)
    clock.set(now)


async def _child(write: WriteSession, name: Name, sex: str, years: int) -> UUID:
    child = Patient(
        id=new_id(),
        given=name.given,
        family=name.family,
        birth_date=date(write.now().year - years, 3, 14),
        sex=sex,
        clinical_sex=sex,
        time_zone="America/New_York",
        language="en",
        mrn=await patients.new_mrn(write),
    )
    write.add(child)
    await write.flush()
    return child.id
