"""Routes of contact points, the same for a patient and the care team: whose they are is asked when they are fetched."""

from uuid import UUID

from core import audit
from core.database.session import ReadSession, WriteSession
from core.edge.versions import IfMatch
from core.edge.web import delete, get, post, put
from directory.access import CONTACTS, patient_of
from directory.contact_points import repository, service
from directory.contact_points.schemas import ChangeContact, ContactForm, ContactOut, contact_out
from identity.permissions import Permission

_OF_PATIENT = "/api/patients/{patient_id:uuid}/contacts"


@get(_OF_PATIENT, permission=Permission.CONTACT_READ)
async def list_contacts(read: ReadSession, patient_id: UUID) -> list[ContactOut]:
    """Every way to reach a patient, the preferred first."""
    return await _all(read, patient_id)


@post(_OF_PATIENT, permission=Permission.CONTACT_WRITE, idempotent=True)
async def add_contact(write: WriteSession, patient_id: UUID, data: ContactForm) -> list[ContactOut]:
    """Add one. 422 by field, 409 `too_many_contacts`."""
    await service.add(write, patient_id, data)
    return await _all(write, patient_id)


@put(f"{_OF_PATIENT}/{{contact_id:uuid}}", permission=Permission.CONTACT_WRITE)
async def change_contact(
    write: WriteSession, match: IfMatch, patient_id: UUID, contact_id: UUID, data: ChangeContact
) -> list[ContactOut]:
    """Change one. 422 by field, 409 `contact_changed`, 412 with If-Match."""
    await service.change(write, patient_id, contact_id, match.on(data.version), data)
    return await _all(write, patient_id)


@delete(f"{_OF_PATIENT}/{{contact_id:uuid}}", permission=Permission.CONTACT_WRITE, status_code=200)
async def end_contact(write: WriteSession, patient_id: UUID, contact_id: UUID) -> list[ContactOut]:
    """The patient is not reached there any more."""
    await service.end(write, patient_id, contact_id)
    return await _all(write, patient_id)


async def _all(read: ReadSession, patient_id: UUID) -> list[ContactOut]:
    patient = await patient_of(read, CONTACTS, patient_id)
    await audit.log(read, "contact.read", patient_id=patient_id, entity=("patient", patient_id))
    return [contact_out(way) for way in await repository.ways_to(read, patient)]


ROUTES = [list_contacts, add_contact, change_contact, end_contact]
