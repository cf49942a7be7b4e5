"""Condition: a problem of the problem list, or a diagnosis of one visit (https://hl7.org/fhir/R4/condition.html)."""

from datetime import date

from msgspec import UnsetType

from chart.domain import ICD10, Resource, concept_of, instant, recoded
from chart.record.building import Asserter, named, verified
from chart.record.changes import ProblemChange
from chart.record.edits import code_in, renamed, with_part, without
from chart.record.spec import TERMS, ResourceSpec, codes, dates, few, quantity, reference, token

CLINICAL = f"{TERMS}condition-clinical"
VERIFICATION = f"{TERMS}condition-ver-status"
SPEC = ResourceSpec(
    type="Condition",
    system=ICD10,
    concepts={
        "clinicalStatus": (CLINICAL, codes("active recurrence relapse inactive remission resolved")),
        "verificationStatus": (
            VERIFICATION,
            codes("unconfirmed provisional differential confirmed refuted entered-in-error"),
        ),
    },
    verification=VERIFICATION,
    search=(
        dates("onset-date", "onsetDateTime", "onsetPeriod"),
        dates("recorded-date", "recordedDate"),
        dates("abatement-date", "abatementDateTime", "abatementPeriod"),
        token("code", hot=True),
        few("clinical-status", "clinicalStatus"),
        few("verification-status", "verificationStatus"),
        few("category"),
        token("severity"),
        token("body-site", "bodySite"),
        reference("encounter"),
        reference("asserter"),
        quantity("onset-age", "onsetAge"),
    ),
)
_ACTIVE = frozenset({"active", "recurrence", "relapse"})


def changed(stored: Resource, change: ProblemChange, official: str | None) -> Resource:
    """The stored condition with what was changed; `official` is the ICD-10-CM description of a new code."""
    resource = with_part(stored, "code", renamed(stored.get("code"), ICD10, change, official))
    if isinstance(change.active, bool) and change.active != is_active(stored):
        resource = _with_status(resource, change.active)
    if not isinstance(change.onset, UnsetType) and change.onset != _onset(stored):
        onset = change.onset.isoformat() if change.onset else None
        others = ("onsetAge", "onsetPeriod", "onsetRange", "onsetString", "_onsetString")
        resource = with_part(without(resource, *others), "onsetDateTime", onset)
        resource = resource if onset else without(resource, "_onsetDateTime")
    return resource


def is_active(resource: Resource) -> bool | None:
    """Whether the patient has it now, as far as the resource says."""
    code = code_in(resource.get("clinicalStatus"), CLINICAL)
    return None if code is None else code in _ACTIVE


def _with_status(resource: Resource, active: bool) -> Resource:
    code, display = ("active", "Active") if active else ("resolved", "Resolved")
    resource = {
        **resource,
        "clinicalStatus": recoded(resource.get("clinicalStatus"), CLINICAL, code, display),
    }
    # FHIR invariant con-4: what is active has not abated.
    return {key: value for key, value in resource.items() if not (active and "abatement" in key)}


def _onset(resource: Resource) -> date | None:
    """The day that a screen shows: the first one of a partial date."""
    value = resource.get("onsetDateTime")
    found = instant(value[:10]) if isinstance(value, str) else None
    return found.date() if found else None


def build(
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
        concept_of(f"{TERMS}condition-category", "encounter-diagnosis", "Encounter Diagnosis")
        if encounter_diagnosis
        else concept_of(f"{TERMS}condition-category", "problem-list-item", "Problem List Item")
    )
    built: Resource = {
        "resourceType": "Condition",
        "clinicalStatus": concept_of(
            CLINICAL,
            "active" if active else "resolved",
            "Active" if active else "Resolved",
        ),
        "verificationStatus": verified(by, VERIFICATION),
        "category": [category],
        "code": named(display, ICD10, code),
        "recordedDate": by.at.isoformat(),
        "asserter": by.reference,
    }
    if onset:
        built["onsetDateTime"] = onset
    return built
