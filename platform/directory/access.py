"""Of whom somebody may see, and change, how to reach them and what they are known by."""

from uuid import UUID

from core.database.session import ReadSession
from identity.models import Patient
from identity.permissions import Permission
from identity.readable import Kind, fetch

CONTACTS = Kind(Patient, frozenset({Permission.CONTACT_READ}), Patient.id)
IDENTIFIERS = Kind(Patient, frozenset({Permission.IDENTIFIER_READ}), Patient.id)


async def patient_of(read: ReadSession, kind: Kind[Patient], patient_id: UUID) -> Patient:
    """The patient who is asked for: the care team's any, a patient's own. Raises NotFound, Restricted."""
    return await fetch(read, kind, patient_id)
