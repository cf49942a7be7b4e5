"""AllergyIntolerance (https://hl7.org/fhir/R4/allergyintolerance.html)."""

from typing import Any

from msgspec import UnsetType

from chart.domain import RXNORM, Resource, concept_of, recoded
from chart.record.building import Asserter, named, verified
from chart.record.changes import AllergyChange
from chart.record.edits import (
    code_in,
    renamed,
    with_first,
    with_part,
    without,
)
from chart.record.spec import TERMS, ResourceSpec, codes, dates, few, reference, token

CLINICAL = f"{TERMS}allergyintolerance-clinical"
VERIFICATION = f"{TERMS}allergyintolerance-verification"
SPEC = ResourceSpec(
    type="AllergyIntolerance",
    system=RXNORM,
    codes={
        "type": codes("allergy intolerance"),
        "category": codes("food medication environment biologic"),
        "criticality": codes("low high unable-to-assess"),
        "reaction.severity": codes("mild moderate severe"),
    },
    concepts={
        "clinicalStatus": (CLINICAL, codes("active inactive resolved")),
        "verificationStatus": (VERIFICATION, codes("unconfirmed confirmed refuted entered-in-error")),
    },
    patient="patient",
    verification=VERIFICATION,
    search=(
        dates("date", "recordedDate"),
        dates("onset", "onsetDateTime", "onsetPeriod"),
        token("code", "code", "reaction.substance", hot=True),
        few("clinical-status", "clinicalStatus"),
        few("verification-status", "verificationStatus"),
        few("category"),
        few("criticality"),
        token("manifestation", "reaction.manifestation"),
        reference("encounter"),
        reference("recorder"),
        reference("asserter"),
    ),
)
UNKNOWN_RISK = "unable-to-assess"


def changed(stored: Resource, change: AllergyChange) -> Resource:
    """The stored allergy with what was changed. Of several reactions, screens show and change the first."""
    resource = with_part(stored, "code", renamed(stored.get("code"), RXNORM, change, None))
    if isinstance(change.active, bool) and change.active != is_active(stored):
        code, display = ("active", "Active") if change.active else ("resolved", "Resolved")
        status = recoded(stored.get("clinicalStatus"), CLINICAL, code, display)
        resource = {**resource, "clinicalStatus": status}
    if isinstance(change.criticality, str) and change.criticality != stored.get("criticality", UNKNOWN_RISK):
        resource = {**resource, "criticality": change.criticality}
    categories = stored.get("category") or []
    if not isinstance(change.category, UnsetType) and change.category != next(iter(categories), None):
        resource = with_part(resource, "category", with_first(categories, change.category))
    reactions = stored.get("reaction") or []
    reaction = _reaction(next(iter(reactions), {}), change)
    return with_part(resource, "reaction", with_first(reactions, reaction))


def is_active(resource: Resource) -> bool | None:
    """Whether the patient has it now, as far as the resource says."""
    code = code_in(resource.get("clinicalStatus"), CLINICAL)
    return None if code is None else code == "active"


def _reaction(stored: Resource, change: AllergyChange) -> Resource:
    """The reaction with other words or another severity; without any manifestation there is no reaction."""
    shown: list[Any] = stored.get("manifestation") or []
    first: Resource = next(iter(shown), {})
    resource = stored
    if not isinstance(change.reaction, UnsetType) and (words := change.reaction or None) != first.get("text"):
        # A coded manifestation says the old thing.
        concept = with_part(without(first, "coding"), "text", words) if words else {}
        resource = with_part(resource, "manifestation", with_first(shown, concept))
        if not resource.get("manifestation"):
            return {}
    if isinstance(change.severity, UnsetType) or not resource:
        return resource
    return with_part(resource, "severity", change.severity)


def build(
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
            CLINICAL,
            "active" if active else "resolved",
            "Active" if active else "Resolved",
        ),
        "verificationStatus": verified(by, VERIFICATION),
        "criticality": criticality,
        "code": named(display, RXNORM, code),
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
