"""Consent: what the patient agreed to (https://hl7.org/fhir/R4/consent.html)."""

from chart.record.spec import ResourceSpec, codes, dates, few, reference, token

SPEC = ResourceSpec(
    type="Consent",
    codes={"status": codes("draft proposed active rejected inactive entered-in-error")},
    patient="patient",
    about="scope",
    search=(
        dates("date", "dateTime"),
        dates("period", "provision.period"),
        few("status"),
        token("scope"),
        few("category"),
        reference("actor", "provision.actor.reference"),
    ),
)
