"""Changing what others know a patient by. None commits."""

from uuid import UUID

from core import audit, live
from core.actor import Role
from core.database.session import WriteSession
from core.errors import Conflict, Invalid, Stale
from core.ids import new_id
from directory.access import IDENTIFIERS, patient_of
from directory.identifiers import repository
from directory.identifiers.domain import MASKED, MAX_IDENTIFIERS, key_of
from directory.identifiers.models import PatientIdentifier
from directory.identifiers.schemas import ChangeIdentifier, IdentifierForm
from identity.patients import service as patients
from identity.permissions import Permission
from identity.person.names import line_problem


async def add(write: WriteSession, patient_id: UUID, form: IdentifierForm) -> PatientIdentifier:
    """Add one. Raises NotFound, Restricted, Invalid by field (`identifier_exists`), Conflict `too_many_identifiers`."""
    await _hold(write, patient_id)
    there = await repository.of_patient(write, patient_id)
    if len(there) >= MAX_IDENTIFIERS:
        raise Conflict("too_many_identifiers", most=MAX_IDENTIFIERS)
    made = PatientIdentifier(id=new_id(), patient_id=patient_id, version=1)
    _fill(made, form, form.value)
    _check(made, [each for each in there if each is not made])
    write.add(made)
    await _told(write, made, "identifier.add")
    return made


async def change(
    write: WriteSession, patient_id: UUID, identifier_id: UUID, form: ChangeIdentifier, version: int
) -> None:
    """Change one. Raises NotFound, Restricted, Stale `identifier_changed`, Invalid by field."""
    await _hold(write, patient_id)
    found = await repository.for_update(write, patient_id, identifier_id)
    if found.version != version:
        raise Stale("identifier_changed", version=found.version)
    if form.value is None and found.kind in MASKED and form.kind not in MASKED:
        # Under another kind the list would show the whole number to everybody, and no audit would say so.
        raise Invalid({"value": "required"})
    others = [each for each in await repository.of_patient(write, patient_id) if each.id != identifier_id]
    _fill(found, form, found.value if form.value is None else form.value)
    _check(found, others)
    found.version += 1
    await _told(write, found, "identifier.change")


async def end(write: WriteSession, patient_id: UUID, identifier_id: UUID) -> None:
    """The patient is not known by it any more. Raises NotFound, Restricted."""
    await _hold(write, patient_id)
    found = await repository.for_update(write, patient_id, identifier_id)
    found.ended_at = write.now()
    found.version += 1
    await _told(write, found, "identifier.end")


async def _hold(write: WriteSession, patient_id: UUID) -> None:
    """Of two who change a patient's identifiers, the second sees what the first did."""
    await patient_of(write, IDENTIFIERS, patient_id)
    await patients.lock(write, patient_id)


def _fill(row: PatientIdentifier, form: IdentifierForm | ChangeIdentifier, value: str) -> None:
    row.kind, row.issuer, row.system = str(form.kind), _tidy(form.issuer), form.system.strip()
    row.value = _tidy(value)
    row.key = key_of(row.value)
    row.starts_on, row.ends_on = form.starts_on, form.ends_on


def _check(row: PatientIdentifier, others: list[PatientIdentifier]) -> None:
    """Raises Invalid by field."""
    reversed_days = row.starts_on and row.ends_on and row.ends_on < row.starts_on
    wrong = {
        "value": line_problem(row.value) if row.key else "required",
        "issuer": line_problem(row.issuer) if row.issuer else "required",
        "system": line_problem(row.system),
        "ends_on": "ends_before_it_begins" if reversed_days else None,
    }
    if not any(wrong.values()) and any(_same(row, each) for each in others):
        wrong["value"] = "identifier_exists"
    if any(wrong.values()):
        raise Invalid({field: code for field, code in wrong.items() if code})


def _same(one: PatientIdentifier, other: PatientIdentifier) -> bool:
    return (one.kind, one.issuer.lower(), one.key) == (other.kind, other.issuer.lower(), other.key)


def _tidy(text: str) -> str:
    return " ".join(text.split())


async def _told(write: WriteSession, row: PatientIdentifier, action: str) -> None:
    """Write it down, and tell open pages of the patient's and the care team's."""
    await write.flush()
    await audit.log(
        write,
        action,
        patient_id=row.patient_id,
        entity=("patient_identifier", row.id),
        detail={"type": row.kind},
    )
    to = [
        *live.patient(row.patient_id, Permission.IDENTIFIER_READ),
        live.role(Role.CLINICIAN),
        live.role(Role.COORDINATOR),
    ]
    live.publish(write, "identifiers.changed", to, patient_id=str(row.patient_id))
