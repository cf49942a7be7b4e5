"""Immunization: a vaccine that was given, or was not (https://hl7.org/fhir/R4/immunization.html)."""

from chart.record.spec import ResourceSpec, codes, dates, reference, string, token

SPEC = ResourceSpec(
    type="Immunization",
    codes={"status": codes("completed entered-in-error not-done")},
    patient="patient",
    about="vaccineCode",
    search=(
        dates("date", "occurrenceDateTime"),
        token("vaccine-code", "vaccineCode", hot=True),
        token("status"),
        token("status-reason", "statusReason"),
        string("lot-number", "lotNumber"),
        reference("location"),
        reference("performer", "performer.actor"),
        token("target-disease", "protocolApplied.targetDisease"),
    ),
)
