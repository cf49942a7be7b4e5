"""Observation: what was measured or found (https://hl7.org/fhir/R4/observation.html)."""

from datetime import datetime
from decimal import Decimal

from chart.domain import LOINC, UCUM, Resource, concept_of
from chart.record.building import Asserter
from chart.record.spec import TERMS, ResourceSpec, codes, dates, few, quantity, reference, string, token
from chart.terminology.loinc import Loinc

SPEC = ResourceSpec(
    type="Observation",
    system=LOINC,
    codes={
        "status": codes("registered preliminary final amended corrected cancelled entered-in-error unknown")
    },
    search=(
        dates("date", "effectiveDateTime", "effectivePeriod", "effectiveInstant", "effectiveTiming"),
        dates("value-date", "valueDateTime", "valuePeriod"),
        token("code", hot=True),
        token("combo-code", "code", "component.code"),
        token("component-code", "component.code"),
        few("category"),
        few("status"),
        token("value-concept", "valueCodeableConcept"),
        token("data-absent-reason", "dataAbsentReason"),
        quantity("value-quantity", "valueQuantity"),
        quantity("component-value-quantity", "component.valueQuantity"),
        string("value-string", "valueString"),
        reference("encounter"),
        reference("performer"),
        reference("derived-from", "derivedFrom"),
        reference("has-member", "hasMember"),
        reference("device"),
    ),
)


def vital(term: Loinc, value: Decimal | int, by: Asserter, *, taken_at: datetime | None = None) -> Resource:
    """One measured value in the unit of its LOINC term."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [concept_of(f"{TERMS}observation-category", term.category, term.category)],
        "code": concept_of(LOINC, term.code, term.display),
        "effectiveDateTime": (taken_at or by.at).isoformat(),
        "performer": [by.reference],
        "valueQuantity": {"value": value, "unit": term.unit, "system": UCUM, "code": term.unit},
    }
