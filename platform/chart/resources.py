"""Builds the FHIR R4 resources that we write ourselves. Pure; every one of them passes `chart.bindings.check`."""

from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from chart.domain import ICD10, LOINC, RXNORM, UCUM, RecordType, Resource, Source, concept_of
from chart.terminology.loinc import Loinc

_TERMS = "http://terminology.hl7.org/CodeSystem"


class Asserter(NamedTuple):
    """Who says so, and when: the patient, or a clinician by account."""

    source: Source
    patient_id: UUID
    account_id: UUID | None
    at: datetime

    @property
    def reference(self) -> dict[str, str]:
        if self.source is Source.PATIENT or self.account_id is None:
            return {"reference": f"Patient/{self.patient_id}"}
        return {"reference": f"Practitioner/{self.account_id}"}


def condition(
    display: str,
    by: Asserter,
    *,
    code: str | None = None,
    active: bool = True,
    onset: str | None = None,
    encounter_diagnosis: bool = False,
) -> Resource:
    """A problem of the problem list, or a diagnosis of one visit; `onset` is a FHIR date, whole or partial."""
    category = (
        concept_of(f"{_TERMS}/condition-category", "encounter-diagnosis", "Encounter Diagnosis")
        if encounter_diagnosis
        else concept_of(f"{_TERMS}/condition-category", "problem-list-item", "Problem List Item")
    )
    built: Resource = {
        "resourceType": "Condition",
        "clinicalStatus": concept_of(
            f"{_TERMS}/condition-clinical",
            "active" if active else "resolved",
            "Active" if active else "Resolved",
        ),
        "verificationStatus": _verified(by, "condition-ver-status"),
        "category": [category],
        "code": _concept(display, ICD10, code),
        "recordedDate": by.at.isoformat(),
        "asserter": by.reference,
    }
    if onset:
        built["onsetDateTime"] = onset
    return built


def allergy(
    display: str,
    by: Asserter,
    *,
    code: str | None = None,
    reaction: str | None = None,
    severity: str | None = None,
    criticality: str = "unable-to-assess",
    category: str | None = None,
    active: bool = True,
) -> Resource:
    """An allergy or intolerance. `category` is food, medication, environment or biologic."""
    built: Resource = {
        "resourceType": "AllergyIntolerance",
        "clinicalStatus": concept_of(
            f"{_TERMS}/allergyintolerance-clinical",
            "active" if active else "resolved",
            "Active" if active else "Resolved",
        ),
        "verificationStatus": _verified(by, "allergyintolerance-verification"),
        "criticality": criticality,
        "code": _concept(display, RXNORM, code),
        "recordedDate": by.at.isoformat(),
        "asserter": by.reference,
    }
    if category:
        built["category"] = [category]
    if reaction:
        manifestation: dict[str, Any] = {"manifestation": [{"text": reaction}]}
        if severity:
            manifestation["severity"] = severity
        built["reaction"] = [manifestation]
    return built


def medication_statement(
    display: str,
    by: Asserter,
    *,
    code: str | None = None,
    dosage: str | None = None,
    status: str = "active",
) -> Resource:
    """A medicine that the patient takes, or took."""
    built: Resource = {
        "resourceType": "MedicationStatement",
        "status": status,
        "medicationCodeableConcept": _concept(display, RXNORM, code),
        "dateAsserted": by.at.isoformat(),
        "informationSource": by.reference,
    }
    if dosage:
        built["dosage"] = [{"text": dosage}]
    if status in {"stopped", "completed"}:
        built["effectivePeriod"] = {"end": by.at.isoformat()}
    return built


_LISTS = {
    RecordType.ALLERGY: ("allergies", "Allergies"),
    RecordType.MEDICATION_STATEMENT: ("medications", "Medication List"),
}


def nothing_known(of: RecordType, by: Asserter) -> Resource:
    """That somebody was asked and has none of these: an empty List with its reason, which is more than no entry.

    Of allergies or medicines (https://hl7.org/fhir/R4/list.html, 'emptyReason'). Raises KeyError for others.
    """
    return {
        "resourceType": "List",
        "status": "current",
        "mode": "snapshot",
        "code": concept_of(f"{_TERMS}/list-example-use-codes", *_LISTS[of]),
        "date": by.at.isoformat(),
        "source": by.reference,
        "emptyReason": concept_of(f"{_TERMS}/list-empty-reason", "nilknown", "Nil Known"),
    }


def vital(term: Loinc, value: Decimal | int, by: Asserter, *, taken_at: datetime | None = None) -> Resource:
    """One measured value in the unit of its LOINC term."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [concept_of(f"{_TERMS}/observation-category", term.category, term.category)],
        "code": concept_of(LOINC, term.code, term.display),
        "effectiveDateTime": (taken_at or by.at).isoformat(),
        "performer": [by.reference],
        "valueQuantity": {"value": value, "unit": term.unit, "system": UCUM, "code": term.unit},
    }


def summary_document(title: str, url: str, sha1: str, size: int, language: str, by: Asserter) -> Resource:
    """The after-visit summary (LOINC 11503-0, 'Medical records'); `sha1` is base64, as FHIR Attachment wants."""
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "docStatus": "final",
        "type": concept_of(LOINC, "11503-0", "Medical records"),
        "date": by.at.isoformat(),
        "author": [by.reference],
        "content": [
            {
                "attachment": {
                    "contentType": "application/pdf",
                    "language": language,
                    "url": url,
                    "size": size,
                    "hash": sha1,
                    "title": title,
                    "creation": by.at.isoformat(),
                }
            }
        ],
    }


def _verified(by: Asserter, system: str) -> Resource:
    if by.source is Source.PATIENT:
        return concept_of(f"{_TERMS}/{system}", "unconfirmed", "Unconfirmed")
    return concept_of(f"{_TERMS}/{system}", "confirmed", "Confirmed")


def _concept(display: str, system: str, code: str | None) -> Resource:
    return concept_of(system, code, display) if code else {"text": display}
