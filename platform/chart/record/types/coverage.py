"""Coverage: who pays for the care: an insurance, or the patient (https://hl7.org/fhir/R4/coverage.html)."""

from chart.record.spec import ResourceSpec, codes, dates, reference, token

SPEC = ResourceSpec(
    type="Coverage",
    codes={"status": codes("active cancelled draft entered-in-error")},
    patient="beneficiary",
    about="type",
    search=(
        dates("period"),
        token("status"),
        token("type"),
        token("subscriber-id", "subscriberId"),
        token("class-value", "class.value"),
        reference("payor"),
        reference("subscriber"),
        reference("policy-holder", "policyHolder"),
    ),
)
