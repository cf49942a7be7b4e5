"""Immunization: a vaccine that was given, or was not (https://hl7.org/fhir/R4/immunization.html)."""

from chart.record.spec import ResourceSpec, codes

SPEC = ResourceSpec(
    type="Immunization",
    codes={"status": codes("completed entered-in-error not-done")},
    patient="patient",
    about="vaccineCode",
)
