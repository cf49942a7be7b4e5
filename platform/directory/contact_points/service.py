"""Adding, changing and ending ways to reach a patient. None commits."""

from uuid import UUID

from sqlalchemy import update

from core import audit, live
from core.actor import Role
from core.database.session import WriteSession
from core.errors import Conflict, Invalid, Stale
from core.ids import new_id
from directory.access import CONTACTS, patient_of
from directory.contact_points import repository
from directory.contact_points.domain import MAX_POINTS, Value, Way, read_value, value_problem
from directory.contact_points.models import ContactPoint
from directory.contact_points.schemas import ContactForm
from identity.models import Patient
from identity.patients import service as patients
from identity.permissions import Permission
from identity.person.names import line_problem


async def add(write: WriteSession, patient_id: UUID, form: ContactForm) -> None:
    """Add a way to reach the patient, or what else is known of one by which they sign in.

    Raises NotFound, Restricted, Invalid by field (`contact_exists`), Conflict `too_many_contacts`.
    """
    patient = await _held(write, patient_id)
    there = await repository.ways_to(write, patient)
    value = _checked(form, there, None)
    if len(there) >= MAX_POINTS:
        raise Conflict("too_many_contacts", most=MAX_POINTS)
    made = ContactPoint(id=new_id(), patient_id=patient_id, version=1)
    await _fill(write, made, form, value)
    write.add(made)
    await _told(write, made, "contact.add")


async def change(
    write: WriteSession, patient_id: UUID, contact_id: UUID, version: int, form: ContactForm
) -> None:
    """Change one. Raises NotFound, Restricted, Stale `contact_changed`, Invalid by field (`contact_signs_in`)."""
    patient = await _held(write, patient_id)
    found = await repository.for_update(write, patient_id, contact_id)
    if found.version != version:
        raise Stale("contact_changed", version=found.version)
    value = _checked(form, await repository.ways_to(write, patient), contact_id)
    await _fill(write, found, form, value)
    found.version += 1
    await _told(write, found, "contact.change")


async def end(write: WriteSession, patient_id: UUID, contact_id: UUID) -> None:
    """The patient is not reached there any more. Raises NotFound, Restricted."""
    await _held(write, patient_id)
    found = await repository.for_update(write, patient_id, contact_id)
    found.ended_at = write.now()
    found.version += 1
    await _told(write, found, "contact.end")


async def _held(write: WriteSession, patient_id: UUID) -> Patient:
    """The patient, locked: of two who change how to reach them, the second sees what the first did."""
    patient = await patient_of(write, CONTACTS, patient_id)
    await patients.lock(write, patient_id)
    return patient


def _checked(form: ContactForm, there: list[Way], own: UUID | None) -> Value:
    """What was typed, in one form. Raises Invalid by field."""
    value = read_value(form.kind, form.value)
    wrong = {
        "value": value_problem(form.kind, form.value) or _taken(value, there, own),
        "note": line_problem(form.note),
    }
    if value is None or any(wrong.values()):
        raise Invalid({field: code for field, code in wrong.items() if code})
    return value


def _taken(value: Value | None, there: list[Way], own: UUID | None) -> str | None:
    """One by which the patient signs in stays what it is; and none is there twice."""
    for way in there:
        same = value == Value(way.value, way.extension)
        if own is not None and way.id == own and way.signs_in and not same:
            return "contact_signs_in"
        if same and way.id is not None and way.id != own:
            return "contact_exists"
    return None


async def _fill(write: WriteSession, row: ContactPoint, form: ContactForm, value: Value) -> None:
    if form.preferred:
        await write.execute(
            update(ContactPoint)
            .where(
                ContactPoint.patient_id == row.patient_id,
                ContactPoint.id != row.id,
                ContactPoint.preferred,
                ContactPoint.ended_at.is_(None),
            )
            .values(preferred=False, version=ContactPoint.version + 1)
        )
    row.kind, row.value, row.extension = str(form.kind), value.value, value.extension
    row.may_leave_message, row.household = form.may_leave_message, form.household
    row.preferred, row.note = form.preferred, " ".join(form.note.split())


async def _told(write: WriteSession, row: ContactPoint, action: str) -> None:
    """Write it down, and tell open pages of the patient's and the care team's."""
    await write.flush()
    await audit.log(write, action, patient_id=row.patient_id, entity=("contact_point", row.id))
    to = [
        *live.patient(row.patient_id, Permission.CONTACT_READ),
        live.role(Role.CLINICIAN),
        live.role(Role.COORDINATOR),
    ]
    live.publish(write, "contacts.changed", to, patient_id=str(row.patient_id))
