"""Consent: what the patient agreed to (https://hl7.org/fhir/R4/consent.html)."""

from chart.record.spec import ResourceSpec, codes

SPEC = ResourceSpec(
    type="Consent",
    codes={"status": codes("draft proposed active rejected inactive entered-in-error")},
    patient="patient",
    about="scope",
)
