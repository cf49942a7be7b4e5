"""Encounter: a visit, here or elsewhere (https://hl7.org/fhir/R4/encounter.html)."""

from chart.record.spec import ResourceSpec, codes, dates, few, reference, token

SPEC = ResourceSpec(
    type="Encounter",
    codes={
        "status": codes(
            "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown"
        )
    },
    search=(
        dates("date", "period"),
        few("status"),
        token("class"),
        token("type"),
        token("reason-code", "reasonCode"),
        token("discharge-disposition", "hospitalization.dischargeDisposition"),
        reference("location", "location.location"),
        reference("participant", "participant.individual"),
        reference("service-provider", "serviceProvider"),
        reference("appointment"),
    ),
)
