"""Takes a FHIR Bundle of one patient into the record; references that lead outside of it become logical ones."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from chart.domain import RecordType, Resource, Source
from chart.prescribing.knowledge.nothing import means_none
from chart.record import bindings
from chart.record.building import Asserter
from chart.record.index import index
from chart.record.registry import SPECS
from chart.record.search import indexing
from chart.record.store import history_of, indexed, publish_change, stamped
from chart.record.types.list import nothing_known
from core import audit
from core.database.session import WriteSession
from core.errors import Invalid
from core.ids import new_id
from directory.contact_points import service as contact_points
from directory.contact_points.domain import MAX_POINTS
from directory.contact_points.fhir import from_fhir as contacts_from_fhir
from directory.identifiers import service as identifiers
from directory.identifiers.domain import MAX_IDENTIFIERS, IdentifierKind, is_social_security, kind_of
from directory.identifiers.fhir import from_fhir as identifiers_from_fhir
from directory.identifiers.fhir import type_codes
from identity.models import Patient
from identity.person.fhir_address import from_fhir as address_from_fhir
from identity.person.fhir_gender import from_fhir as gender_from_fhir
from identity.person.human_name import from_fhir
from identity.person.name import name_in, shown

Bundle = Mapping[str, Any]
T = TypeVar("T")

IMPORTED_AS = "urn:carethread:imported-as"
"""The extension of a list that was made of an entry: where the entry is."""
_IMPORTED = "imported"
_MRN_LENGTH = 12


async def import_patient(write: WriteSession, bundle: Bundle) -> Patient:
    """Make the bundle's patient, and put the rest of the bundle into the chart. Raises Invalid."""
    entry = next(iter(_entries(bundle, {"Patient"})), None)
    if entry is None:
        raise Invalid({"entry": "patient_missing"})
    found = entry["resource"]
    name = _fitting("name", name_in(from_fhir(found.get("name") or [])))
    if not name.family and not name.given:
        name.family = "?"
    sex = found.get("gender") or "unknown"
    patient = Patient(
        id=new_id(),
        **msgspec.structs.asdict(name),
        birth_date=date.fromisoformat(found["birthDate"]),
        sex=sex,
        **msgspec.structs.asdict(gender_from_fhir(found.get("extension") or [], sex)),
        address=msgspec.to_builtins(_fitting("address", address_from_fhir(found.get("address") or []))),
        language="en",
        mrn=_mrn(found),
    )
    write.add(patient)
    await write.flush()
    for contact in contacts_from_fhir(found.get("telecom") or [])[:MAX_POINTS]:
        await contact_points.add(write, patient.id, contact)
    for identifier in identifiers_from_fhir(found.get("identifier") or [], patient.mrn)[:MAX_IDENTIFIERS]:
        await identifiers.add(write, patient.id, identifier)
    await import_bundle(write, patient, bundle)
    return patient


def _fitting(part: str, value: T) -> T:
    """What came, if our own answers could hold it: a part of a name or an address that is cut would be another.
    Raises Invalid."""
    try:
        return msgspec.convert(msgspec.to_builtins(value), type(value))
    except msgspec.ValidationError:
        raise Invalid({"entry": f"{part}_too_long"}) from None


async def import_bundle(write: WriteSession, patient: Patient, bundle: Bundle) -> int:
    """Put the bundle's resources into the patient's record as imported facts; how many. Raises Invalid.

    All or nothing: one resource that may not be stored refuses the bundle.
    """
    now = write.now()
    chosen = [(entry.get("fullUrl"), entry["resource"]) for entry in _entries(bundle, SPECS)]
    ids = {url: (new_id(), resource["resourceType"]) for url, resource in chosen if url}
    targets = {url: f"{kind}/{record_id}" for url, (record_id, kind) in ids.items()}
    targets |= {
        entry["fullUrl"]: f"Patient/{patient.id}"
        for entry in _entries(bundle, {"Patient"})
        if entry.get("fullUrl")
    }
    names = {
        entry["fullUrl"]: _display(entry["resource"])
        for entry in _entries(bundle, {"Practitioner", "Organization"})
        if entry.get("fullUrl")
    }
    records, versions = [], []
    for url, resource in chosen:
        record_id = ids[url][0] if url else new_id()
        linked = _none_known(_linked(resource, targets, names), patient.id, now)
        stored = stamped(linked, record_id, 1, patient.id, now)
        _check(stored)
        record = indexed(stored, record_id, 1, patient.id, Source.IMPORT, write.actor.account_id, now)
        records.append(record)
        versions.append(history_of(record, write.clinic_id, "import"))
    write.add_all(records)
    await write.flush()
    write.add_all(versions)
    await write.flush()
    await indexing.keep(write, records)
    await audit.log(write, "record.import", patient_id=patient.id, detail={"resources": len(records)})
    publish_change(write, patient.id)
    return len(records)


_LISTED = {"AllergyIntolerance": RecordType.ALLERGY, "MedicationStatement": RecordType.MEDICATION_STATEMENT}


def _none_known(resource: Resource, patient_id: UUID, now: datetime) -> Resource:
    """'No known allergies' is an entry in other systems; here it is a list that is empty for a reason.

    The entry itself stays whole, contained in the list.
    """
    kind = _LISTED.get(resource["resourceType"])
    found = index(resource) if kind else None
    if kind is None or found is None or found.in_error or not means_none(found.display or ""):
        return resource
    by = Asserter(Source.IMPORT, patient_id, None, found.effective_at or now)
    note = [{"text": f"Imported as {resource['resourceType']}: {found.display}"}]
    # A contained resource has an id of its own, holds no other, and is pointed to (FHIR invariants dom-2 and dom-3).
    inner = {key: value for key, value in resource.items() if key != "contained"}
    contained = [*(resource.get("contained") or []), {**inner, "id": _IMPORTED}]
    source = {"url": IMPORTED_AS, "valueReference": {"reference": f"#{_IMPORTED}"}}
    return {**nothing_known(kind, by), "note": note, "contained": contained, "extension": [source]}


def _check(resource: Resource) -> None:
    try:
        bindings.check(resource)
    except bindings.InvalidResource as error:
        raise Invalid({f"{resource.get('resourceType')}.{error.path}": error.code}) from None


def _entries(bundle: Bundle, kinds: Iterable[str]) -> Iterable[dict[str, Any]]:
    wanted = set(kinds)
    return (
        entry
        for entry in bundle.get("entry") or []
        if (entry.get("resource") or {}).get("resourceType") in wanted
    )


def _linked(node: Any, targets: Mapping[str, str], names: Mapping[str, str]) -> Any:
    """The same, with references to what came along made ours, and names in place of people who did not."""
    if isinstance(node, list):
        return [_linked(each, targets, names) for each in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("reference")
    if isinstance(reference, str) and reference in targets:
        return {**node, "reference": targets[reference]}
    if isinstance(reference, str) and reference.startswith("urn:"):
        rest = {key: value for key, value in node.items() if key != "reference"}
        # What it pointed to did not come along; its name in the bundle is kept as a logical reference.
        identifier = {"system": "urn:ietf:rfc:3986", "value": reference}
        return {"display": names.get(reference, "outside of this record"), "identifier": identifier, **rest}
    return {key: _linked(value, targets, names) for key, value in node.items()}


def _display(resource: Resource) -> str:
    named: Any = resource.get("name")
    if isinstance(named, str):
        return named
    return shown(from_fhir(named or [])) or "a clinician"


def _mrn(resource: Resource) -> str:
    """The bundle's own record number, else a number of no kind that is known, or one of ours."""
    numbers = [each for each in resource.get("identifier") or [] if each.get("value")]
    records = [each for each in numbers if set(type_codes(each)) == {"MR"}]
    known = next((each["value"] for each in (*records, *filter(_is_of_no_kind, numbers))), None)
    return str(known) if known else new_id().hex[-_MRN_LENGTH:].upper()


def _is_of_no_kind(identifier: Resource) -> bool:
    """Whether nothing says what the number is: neither its type nor the system that gave it."""
    codes, system = type_codes(identifier), str(identifier.get("system") or "")
    kind = kind_of(codes, system)
    return not codes and kind is IdentifierKind.OTHER and not is_social_security(codes, system)
