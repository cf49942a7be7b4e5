"""Procedure: what was done to, or with, the patient (https://hl7.org/fhir/R4/procedure.html)."""

from chart.record.spec import ResourceSpec, codes, dates, reference, token

SPEC = ResourceSpec(
    type="Procedure",
    codes={
        "status": codes("preparation in-progress not-done on-hold stopped completed entered-in-error unknown")
    },
    search=(
        dates("date", "performedDateTime", "performedPeriod"),
        token("code", hot=True),
        token("status"),
        token("category"),
        token("reason-code", "reasonCode"),
        reference("encounter"),
        reference("performer", "performer.actor"),
        reference("based-on", "basedOn"),
    ),
)
