"""Observation: what was measured or found (https://hl7.org/fhir/R4/observation.html)."""

from datetime import datetime
from decimal import Decimal

from chart.domain import LOINC, UCUM, Resource, concept_of
from chart.record.building import Asserter
from chart.record.spec import TERMS, ResourceSpec, codes
from chart.terminology.loinc import Loinc

SPEC = ResourceSpec(
    type="Observation",
    codes={
        "status": codes("registered preliminary final amended corrected cancelled entered-in-error unknown")
    },
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
