"""FamilyMemberHistory: what relatives had (https://hl7.org/fhir/R4/familymemberhistory.html)."""

from chart.record.spec import ResourceSpec, codes, dates, token

SPEC = ResourceSpec(
    type="FamilyMemberHistory",
    codes={"status": codes("partial completed entered-in-error health-unknown")},
    patient="patient",
    search=(
        dates("date"),
        token("code", "condition.code", hot=True),
        token("relationship"),
        token("sex"),
        token("status"),
    ),
)
