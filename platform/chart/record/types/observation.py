"""Observation: what was measured or found (https://hl7.org/fhir/R4/observation.html)."""

from chart.record.spec import ResourceSpec, codes

SPEC = ResourceSpec(
    type="Observation",
    codes={
        "status": codes("registered preliminary final amended corrected cancelled entered-in-error unknown")
    },
)
