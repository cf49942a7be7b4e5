"""The record's own words: which FHIR resources it holds, where they came from, and how each is indexed."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

import msgspec

Resource = dict[str, Any]

ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
_TERMS = "http://terminology.hl7.org/CodeSystem/"
UCUM = "http://unitsofmeasure.org"


class Source(StrEnum):
    """Who stands behind a fact (FHIR Provenance.agent): shown beside it wherever it appears."""

    PATIENT = "patient"
    CLINICIAN = "clinician"
    IMPORT = "import"


class RecordType(StrEnum):
    """The FHIR R4 resources that the record holds."""

    CONDITION = "Condition"
    ALLERGY = "AllergyIntolerance"
    MEDICATION_STATEMENT = "MedicationStatement"
    MEDICATION_REQUEST = "MedicationRequest"
    OBSERVATION = "Observation"
    IMMUNIZATION = "Immunization"
    PROCEDURE = "Procedure"
    FAMILY_HISTORY = "FamilyMemberHistory"
    DOCUMENT = "DocumentReference"
    DIAGNOSTIC_REPORT = "DiagnosticReport"
    SERVICE_REQUEST = "ServiceRequest"
    QUESTIONNAIRE_RESPONSE = "QuestionnaireResponse"
    ENCOUNTER = "Encounter"
    CONSENT = "Consent"
    LIST = "List"


ENTERED_IN_ERROR = "entered-in-error"

# Where a resource says that it was entered in error: a code of its own status, or of its verification status.
_VERIFICATION = {
    RecordType.CONDITION: "condition-ver-status",
    RecordType.ALLERGY: "allergyintolerance-verification",
}
VERIFIED_TYPES = frozenset(_VERIFICATION)


class Index(msgspec.Struct, frozen=True):
    """What the typed columns of a record hold, drawn from its resource."""

    status: str | None
    code: str | None
    code_system: str | None
    display: str | None
    category: str | None
    effective_at: datetime | None
    ends_at: datetime | None
    in_error: bool


def index(resource: Resource) -> Index:
    """The typed columns of a valid resource. Dates without a time count as the start of that day, UTC."""
    kind = RecordType(resource["resourceType"])
    concept = _concept(kind, resource)
    coding: Resource = next(iter(concept.get("coding", [])), {})
    status = _status(kind, resource)
    return Index(
        status=status,
        code=coding.get("code"),
        code_system=coding.get("system"),
        display=concept.get("text") or coding.get("display"),
        category=_category(resource),
        effective_at=_effective(resource),
        ends_at=_ends(kind, resource),
        in_error=_in_error(kind, resource),
    )


def marked_in_error(resource: Resource) -> Resource:
    """A copy that says it was entered in error, as FHIR wants it for its type."""
    if RecordType(resource["resourceType"]) not in VERIFIED_TYPES:
        return {**resource, "status": ENTERED_IN_ERROR}
    # FHIR invariants con-5 and ait-2: nothing entered in error has a clinical status.
    marked = {key: value for key, value in resource.items() if key != "clinicalStatus"}
    return {**marked, "verificationStatus": verified_as(resource, ENTERED_IN_ERROR, "Entered in Error")}


def verified_as(resource: Resource, code: str, display: str) -> Resource:
    """The verification status of a Condition or AllergyIntolerance in another state."""
    name = _VERIFICATION[RecordType(resource["resourceType"])]
    return recoded(resource.get("verificationStatus"), _TERMS + name, code, display)


def recoded(concept: Mapping[str, Any] | None, system: str, code: str, display: str) -> Resource:
    """A concept that says another thing from now on; its id and extensions stay."""
    kept = {key: value for key, value in (concept or {}).items() if key not in ("coding", "text")}
    return {**kept, **concept_of(system, code, display)}


def concept_of(system: str, code: str, display: str) -> Resource:
    """A CodeableConcept of one coding."""
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def _concept(kind: RecordType, resource: Resource) -> Resource:
    match kind:
        case RecordType.MEDICATION_STATEMENT | RecordType.MEDICATION_REQUEST:
            found = resource.get("medicationCodeableConcept")
        case RecordType.IMMUNIZATION:
            found = resource.get("vaccineCode")
        case RecordType.DOCUMENT:
            found = resource.get("type")
        case RecordType.CONSENT:
            found = resource.get("scope")
        case _:
            found = resource.get("code")
    return found if isinstance(found, dict) else {}


def _status(kind: RecordType, resource: Resource) -> str | None:
    if kind not in VERIFIED_TYPES:
        return resource.get("status")
    codings = (resource.get("clinicalStatus") or {}).get("coding") or []
    # One of FHIR's own is required; a local one may stand before it.
    ours = [each for each in codings if str(each.get("system")).startswith(_TERMS)]
    first: Resource = next(iter(ours or codings), {})
    return ENTERED_IN_ERROR if _in_error(kind, resource) else first.get("code")


def _in_error(kind: RecordType, resource: Resource) -> bool:
    if kind not in VERIFIED_TYPES:
        return bool(resource.get("status") == ENTERED_IN_ERROR)
    codings = resource.get("verificationStatus", {}).get("coding", [])
    return any(coding.get("code") == ENTERED_IN_ERROR for coding in codings)


def _category(resource: Resource) -> str | None:
    """The first category's code: a list of concepts, or for an allergy a list of plain codes."""
    first = next(iter(resource.get("category") or []), None)
    if isinstance(first, str):
        return first
    codings = first.get("coding", []) if isinstance(first, dict) else []
    return codings[0].get("code") if codings else None


# The element that says when a fact was true, by FHIR R4's definitions of these resources, first found first taken.
_WHEN = (
    "effectiveDateTime",
    "onsetDateTime",
    "recordedDate",
    "dateAsserted",
    "authoredOn",
    "authored",
    "occurrenceDateTime",
    "performedDateTime",
    "dateTime",
    "date",
    "issued",
)


def _effective(resource: Resource) -> datetime | None:
    for element in _WHEN:
        if isinstance(found := resource.get(element), str):
            return instant(found)
    for element in ("period", "effectivePeriod", "performedPeriod"):
        period = resource.get(element)
        if isinstance(period, dict) and isinstance(period.get("start"), str):
            return instant(period["start"])
    return None


def _ends(kind: RecordType, resource: Resource) -> datetime | None:
    """When the course of a medicine ends: its period, or the bounds of its directions where all of them have one."""
    if kind is RecordType.MEDICATION_STATEMENT:
        end = (resource.get("effectivePeriod") or {}).get("end")
        return instant(end) if isinstance(end, str) else None
    if kind is not RecordType.MEDICATION_REQUEST:
        return None
    ends: list[datetime] = []
    for dosage in resource.get("dosageInstruction") or []:
        end = (((dosage.get("timing") or {}).get("repeat") or {}).get("boundsPeriod") or {}).get("end")
        found = instant(end) if isinstance(end, str) else None
        if found is None:
            return None
        ends.append(found)
    return max(ends, default=None)


def instant(value: str) -> datetime | None:
    """A FHIR date, dateTime or instant as UTC; a partial date ("2024", "2024-05") is its first day."""
    try:
        if len(value) <= 10:
            year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
            return datetime.combine(date(year, month, day), time(), UTC)
        parsed = datetime.fromisoformat(value)
    except ValueError:
        return None
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
