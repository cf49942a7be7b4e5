"""The record's own words: the resources that we name, where facts come from, and what dates and concepts mean."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, NamedTuple

Resource = dict[str, Any]

ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
UCUM = "http://unitsofmeasure.org"


class Source(StrEnum):
    """Who stands behind a fact (FHIR Provenance.agent): shown beside it wherever it appears."""

    PATIENT = "patient"
    CLINICIAN = "clinician"
    IMPORT = "import"


class RecordType(StrEnum):
    """The FHIR R4 resource types that our own code names. All that the record keeps are in `chart.record.registry`."""

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


class Said(NamedTuple):
    """The same in both languages of the screens."""

    en: str
    es: str


def as_written(text: str) -> Said:
    """What somebody wrote is shown as it is, whatever the reader's language."""
    return Said(text, text)


def recoded(concept: Mapping[str, Any] | None, system: str, code: str, display: str) -> Resource:
    """A concept that says another thing from now on; its id and extensions stay."""
    kept = {key: value for key, value in (concept or {}).items() if key not in ("coding", "text")}
    return {**kept, **concept_of(system, code, display)}


def concept_of(system: str, code: str, display: str) -> Resource:
    """A CodeableConcept of one coding."""
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


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
