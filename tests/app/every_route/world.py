"""Two clinics in which everything that a route can name exists, three times over: one's own, another patient's of
the same clinic, and another clinic's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, text

from chart.notes import service as notes
from chart.prescribing import directory
from chart.prescribing.writing import drafts
from chart.record import store
from core.actor import Role, system_actor
from core.database.session import open_unit
from core.ids import new_id
from core.services import Services
from directory.contact_points.models import ContactPoint
from directory.identifiers.models import PatientIdentifier
from directory.locations import repository as locations
from followup import service as followup
from followup.domain import TaskKind, TaskSource
from identity.models import Account, Patient
from identity.privacy.models import ChartOpening
from identity.related.models import RelatedPerson
from identity.sessions.service import Browser
from messaging import service as messaging
from messaging.models import Notification
from messaging.notices import notify
from tests.people import actor_of, make_patient, make_staff, session_for
from visits import repository as visits_repository
from visits import service as visits
from visits.calls import service as calls
from visits.location import Location, Whereabouts
from visits.models import AvailabilityException, Visit
from visits.people import entering
from visits.people import service as people
from visits.people.domain import GuestKind
from visits.people.models import VisitGuest
from visits.people.schemas import EnterByLink, Invite
from visits.visit_types import repository as visit_types

_LAST_AUDITED = text("SELECT max(seq) FROM audit_event WHERE patient_id = :patient")

CANARY = "CANARY7731"
OWN_CANARY = f"{CANARY}OWN"
"""What stands in one's own things alone."""
DRUG = "amoxicillin-500-mg-capsule"


Named = UUID | int | str
"""What a path names: a row, an entry's number, or a type of resource, which is nobody's."""


@dataclass
class Things:
    """What routes can name of one patient: path parameter -> id."""

    patient: Patient
    clinician: Account
    ids: Mapping[str, Named]


@dataclass
class World:
    """Who signs in with which token, and the three sets of things."""

    people: dict[Role, Account | Patient]
    tokens: dict[Role, str]
    own: Things
    other: Things
    foreign: Things


async def make_world(services: Services, clinic_id: UUID, foreign_clinic_id: UUID) -> World:
    """Make everything, through the product's own verbs."""
    async with open_unit(services, system_actor(clinic_id)) as unit:
        clinician = await make_staff(unit.write, Role.CLINICIAN, name=f"Dr. {CANARY}")
        coordinator = await make_staff(unit.write, Role.COORDINATOR)
        admin = await make_staff(unit.write, Role.ADMIN)
        officer = await make_staff(unit.write, Role.PRIVACY)
        own = await make_patient(unit.write)
        other = await make_patient(unit.write, given=CANARY)
        people: dict[Role, Account | Patient] = {
            Role.PATIENT: own,
            Role.CLINICIAN: clinician,
            Role.COORDINATOR: coordinator,
            Role.ADMIN: admin,
            Role.PRIVACY: officer,
        }
        tokens = {role: await session_for(unit.write, who) for role, who in people.items()}
    async with open_unit(services, system_actor(foreign_clinic_id)) as unit:
        foreign = await make_patient(unit.write, given=CANARY)
        foreign_clinician = await make_staff(unit.write, Role.CLINICIAN, name=CANARY)
    own_things = await _things(services, own, clinician, OWN_CANARY)
    people[Role.GUEST], tokens[Role.GUEST] = await _guest_of(services, own_things)
    return World(
        people,
        tokens,
        own_things,
        await _things(services, other, clinician),
        await _things(services, foreign, foreign_clinician),
    )


async def _things(services: Services, patient: Patient, clinician: Account, canary: str = CANARY) -> Things:
    visit_id = await _admitted_visit(services, patient, clinician, canary)
    system = system_actor(patient.clinic_id)
    guest_id = await _entered_guest(services, clinician, visit_id, canary)
    async with open_unit(services, actor_of(clinician)) as unit:
        note = await notes.open_note(unit.write, visit_id)
        thread = await messaging.open_thread(unit.write, patient.id, f"About {canary}", visit_id)
        await messaging.send(unit.write, thread.id, new_id(), f"Results {canary}")
        record = await store.put(unit.write, patient.id, _allergy(patient.id, canary), visit_id=visit_id)
        prescription = await drafts.begin(unit.write, visit_id, DRUG, None)
    async with open_unit(services, actor_of(patient)) as unit:
        here = Whereabouts(
            location=Location(line="12 Elm", city=canary, state="NY", zip="12207"),
            callback_phone="+15185550123",
        )
        visit = await visits_repository.for_update(unit.write, visit_id)
        attempt = await calls.begin_attempt(unit.write, visit, here)
    async with open_unit(services, system) as unit:
        task_id = await followup.create(
            unit.write,
            patient_id=patient.id,
            visit_id=visit_id,
            source=TaskSource.MANUAL,
            source_id=new_id(),
            kind=TaskKind.CALL,
            title=f"Call {canary}",
            due_at=unit.write.now() + timedelta(days=1),
        )
        opening = ChartOpening(
            patient_id=patient.id,
            account_id=clinician.id,
            reason=f"Asked about {canary}",
            until=unit.write.now(),
        )
        unit.write.add(opening)
        relation = RelatedPerson(
            patient_id=patient.id,
            name=f"Ana {canary}",
            relationship="MTH",
            scope="full",
            starts_at=unit.write.now(),
        )
        unit.write.add(relation)
        contact = ContactPoint(
            id=new_id(), patient_id=patient.id, kind="home", value="+15185550177", note=f"Before {canary}"
        )
        identifier = PatientIdentifier(
            id=new_id(), patient_id=patient.id, kind="MB", issuer=f"Plan {canary}", value="W1", key="W1"
        )
        unit.write.add_all([contact, identifier])
        pharmacy_id = (await directory.load_demo(unit.write))[0]
        seq = await unit.read.scalar(_LAST_AUDITED, {"patient": patient.id})
        event_id = await unit.read.scalar(text("SELECT id FROM outbox ORDER BY seq DESC LIMIT 1"))
        source = new_id()
        await notify.queue(
            unit.write,
            kind="message",
            source_id=source,
            channel="sms",
            to="+15185550123",
            locale="en",
            link="https://clinic.example",
        )
        away = AvailabilityException(
            id=new_id(),
            clinician_id=clinician.id,
            kind="away",
            starts_at=unit.write.now(),
            ends_at=unit.write.now() + timedelta(days=1),
        )
        unit.write.add(away)
        visit_type = await visit_types.by_code(unit.read, "rash")
        assert visit_type
        location_id = next(iter(await locations.in_use(unit.read)))
        notice_id = await unit.read.scalar(select(Notification.id).where(Notification.source_id == source))
    ids = {
        "visit_id": visit_id,
        "patient_id": patient.id,
        "note_id": note.id,
        "thread_id": thread.id,
        "record_id": record.id,
        "prescription_id": prescription.id,
        "pharmacy_id": pharmacy_id,
        "opening_id": opening.id,
        "relation_id": relation.id,
        "event_id": event_id,
        "type_id": visit_type.id,
        "contact_id": contact.id,
        "identifier_id": identifier.id,
        "location_id": location_id,
        "exception_id": away.id,
        "notice_id": notice_id,
        "resource_type": "Goal",
        "code": "8867-4",
        "task_id": task_id or UUID(int=0),
        "account_id": clinician.id,
        "clinician_id": clinician.id,
        "attempt_id": attempt.id,
        "guest_id": guest_id,
        "entry_seq": seq,
    }
    return Things(patient, clinician, ids)


async def _admitted_visit(services: Services, patient: Patient, clinician: Account, canary: str) -> UUID:
    async with open_unit(services, actor_of(patient)) as unit:
        visit = await visits.request(unit.write, patient.id, "rash")
    async with open_unit(services, system_actor(patient.clinic_id)) as unit:
        row: Visit = (await unit.write.scalars(select(Visit).where(Visit.id == visit.id))).one()
        row.intake_summary = {"chief_complaint": f"Rash {canary}"}
        location = {"line": "12 Elm", "city": canary, "state": "NY", "zip": "12207", "country": "US"}
        await visits.make_ready(unit.write, row, location=location, callback_phone="+15185550123")
    async with open_unit(services, actor_of(clinician)) as unit:
        await visits.admit(unit.write, await visits_repository.for_update(unit.write, visit.id))
    return visit.id


async def _entered_guest(services: Services, clinician: Account, visit_id: UUID, canary: str) -> UUID:
    """An interpreter who came by a link and waits to be let in."""
    async with open_unit(services, actor_of(clinician)) as unit:
        visit = await visits_repository.for_update(unit.write, visit_id)
        asked = Invite(kind=GuestKind.INTERPRETER)
        guest, token = await people.invite(unit.write, visit, asked)
    async with open_unit(services, system_actor(clinician.clinic_id)) as unit:
        coming = EnterByLink(token=token, name=f"Sam {canary}", agrees=True)
        await entering.enter(unit.write, coming, "the browser's own secret", Browser())
    return guest.id


async def _guest_of(services: Services, things: Things) -> tuple[Account, str]:
    """The account of the guest of a visit, and their session."""
    async with open_unit(services, system_actor(things.patient.clinic_id)) as unit:
        found = select(Account).join(VisitGuest, VisitGuest.account_id == Account.id)
        account: Account = await unit.write.one_or_none(found.where(VisitGuest.id == things.ids["guest_id"]))
        return account, await session_for(unit.write, account)


def _allergy(patient_id: UUID, canary: str) -> dict[str, object]:
    return {
        "resourceType": "AllergyIntolerance",
        "clinicalStatus": {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
                    "code": "active",
                }
            ]
        },
        "code": {"text": f"Penicillin {canary}"},
        "patient": {"reference": f"Patient/{patient_id}"},
    }
