"""Procedure: what was done to, or with, the patient (https://hl7.org/fhir/R4/procedure.html)."""

from chart.record.spec import ResourceSpec, codes

SPEC = ResourceSpec(
    type="Procedure",
    codes={
        "status": codes("preparation in-progress not-done on-hold stopped completed entered-in-error unknown")
    },
)
