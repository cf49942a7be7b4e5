"""List: a list, also one that is empty for a reason (https://hl7.org/fhir/R4/list.html)."""

from chart.record.spec import TERMS, ResourceSpec, codes

SPEC = ResourceSpec(
    type="List",
    codes={
        "status": codes("current retired entered-in-error"),
        "mode": codes("working snapshot changes"),
    },
    concepts={
        "emptyReason": (
            f"{TERMS}list-empty-reason",
            codes("nilknown notasked withheld unavailable notstarted closed"),
        )
    },
)
