"""Identifiers as FHIR's Identifier (R4) with the types of HL7's table 0203, and back."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from directory.identifiers.domain import IdentifierKind, is_social_security, key_of, kind_of
from directory.identifiers.models import PatientIdentifier
from directory.identifiers.schemas import IdentifierForm

FhirIdentifier = dict[str, Any]

_TYPES = "http://terminology.hl7.org/CodeSystem/v2-0203"
_KINDS = {str(kind): kind for kind in IdentifierKind if kind is not IdentifierKind.OTHER}
_LONGEST = {"value": 60, "issuer": 120, "system": 200}


def to_fhir(row: PatientIdentifier) -> FhirIdentifier:
    """The parts that there are."""
    found: FhirIdentifier = {"value": row.value}
    if row.kind in _KINDS:
        found["type"] = {"coding": [{"system": _TYPES, "code": row.kind}]}
    if row.system:
        found["system"] = row.system
    if row.issuer:
        found["assigner"] = {"display": row.issuer}
    days = {"start": row.starts_on, "end": row.ends_on}
    if period := {name: day.isoformat() for name, day in days.items() if day}:
        found["period"] = period
    return found


def of_mrn(mrn: str, clinic: str, system: str) -> FhirIdentifier:
    """The clinic's own record number."""
    return {
        "use": "usual",
        "type": {"coding": [{"system": _TYPES, "code": str(IdentifierKind.RECORD)}]},
        "system": system,
        "value": mrn,
        "assigner": {"display": clinic},
    }


def from_fhir(identifiers: Iterable[Mapping[str, Any]], mrn: str) -> list[IdentifierForm]:
    """What others know a patient by; not the one that became our own record number, and no Social Security number, for
    which nobody here asks. One that says nothing of who gave it has its system for that."""
    found: dict[tuple[str, str, str], IdentifierForm] = {}
    for each in identifiers:
        value = " ".join(str(each.get("value") or "").split())[: _LONGEST["value"]]
        codes = type_codes(each)
        system = str(each.get("system") or "")[: _LONGEST["system"]]
        if not key_of(value) or value == mrn or each.get("use") == "old" or is_social_security(codes, system):
            continue
        words = (each.get("type") or {}).get("text")
        issuer = str((each.get("assigner") or {}).get("display") or system or words or "?")
        kind = kind_of(codes, system)
        period = each.get("period") or {}
        form = IdentifierForm(
            kind=kind,
            issuer=" ".join(issuer.split())[: _LONGEST["issuer"]],
            system=system,
            value=value,
            starts_on=_day(period.get("start")),
            ends_on=_day(period.get("end")),
        )
        found.setdefault((str(kind), form.issuer.lower(), key_of(value)), form)
    return list(found.values())


def type_codes(each: Mapping[str, Any]) -> list[str]:
    """The codes of what kind an identifier is; none where it does not say."""
    return [str(coding.get("code") or "") for coding in (each.get("type") or {}).get("coding") or []]


def _day(text: object) -> date | None:
    """The day of a FHIR dateTime; None where it has none, as '2024' has."""
    try:
        return date.fromisoformat(str(text or "")[:10])
    except ValueError:
        return None
