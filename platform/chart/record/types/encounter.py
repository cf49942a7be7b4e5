"""Encounter: a visit, here or elsewhere (https://hl7.org/fhir/R4/encounter.html)."""

from chart.record.spec import ResourceSpec, codes

SPEC = ResourceSpec(
    type="Encounter",
    codes={
        "status": codes(
            "planned arrived triaged in-progress onleave finished cancelled entered-in-error unknown"
        )
    },
)
