"""Routes of identifiers. A patient sees their own; the care team, who has seen the card, changes them."""

from uuid import UUID

from core import audit
from core.database.session import ReadSession, WriteSession
from core.edge.versions import IfMatch
from core.edge.web import delete, get, post, put
from directory.access import IDENTIFIERS, patient_of
from directory.identifiers import repository, service
from directory.identifiers.schemas import (
    ChangeIdentifier,
    IdentifierForm,
    IdentifiersOut,
    WholeValue,
    identifier_out,
)
from identity.permissions import Permission

_OF_PATIENT = "/api/patients/{patient_id:uuid}/identifiers"
_ONE = f"{_OF_PATIENT}/{{identifier_id:uuid}}"


@get(_OF_PATIENT, permission=Permission.IDENTIFIER_READ)
async def list_identifiers(read: ReadSession, patient_id: UUID) -> IdentifiersOut:
    """What a patient is known by, here and elsewhere; of licenses and passports only the end."""
    return await _all(read, patient_id)


@post(f"{_ONE}/reveal", permission=Permission.IDENTIFIER_READ, status_code=200, reads=True)
async def reveal_identifier(read: ReadSession, patient_id: UUID, identifier_id: UUID) -> WholeValue:
    """The whole of one that is masked; the audit says who asked."""
    await patient_of(read, IDENTIFIERS, patient_id)
    found = await repository.one(read, patient_id, identifier_id)
    await audit.log(
        read,
        "identifier.reveal",
        patient_id=patient_id,
        entity=("patient_identifier", identifier_id),
        detail={"type": found.kind},
    )
    return WholeValue(found.value)


@post(_OF_PATIENT, permission=Permission.IDENTIFIER_WRITE, idempotent=True)
async def add_identifier(write: WriteSession, patient_id: UUID, data: IdentifierForm) -> IdentifiersOut:
    """Add one. 422 by field, 409 `too_many_identifiers`."""
    await service.add(write, patient_id, data)
    return await _all(write, patient_id)


@put(_ONE, permission=Permission.IDENTIFIER_WRITE)
async def change_identifier(
    write: WriteSession, match: IfMatch, patient_id: UUID, identifier_id: UUID, data: ChangeIdentifier
) -> IdentifiersOut:
    """Change one. 422 by field, 409 `identifier_changed`, 412 with If-Match."""
    await service.change(write, patient_id, identifier_id, data, match.on(data.version))
    return await _all(write, patient_id)


@delete(_ONE, permission=Permission.IDENTIFIER_WRITE, status_code=200)
async def end_identifier(write: WriteSession, patient_id: UUID, identifier_id: UUID) -> IdentifiersOut:
    """The patient is not known by it any more."""
    await service.end(write, patient_id, identifier_id)
    return await _all(write, patient_id)


async def _all(read: ReadSession, patient_id: UUID) -> IdentifiersOut:
    patient = await patient_of(read, IDENTIFIERS, patient_id)
    await audit.log(read, "identifier.read", patient_id=patient_id, entity=("patient", patient_id))
    rows = await repository.of_patient(read, patient_id)
    return IdentifiersOut(patient.mrn, [identifier_out(row) for row in rows])


ROUTES = [list_identifiers, reveal_identifier, add_identifier, change_identifier, end_identifier]
