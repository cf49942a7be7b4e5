"""Goal: what the patient and the care team want to reach (https://hl7.org/fhir/R4/goal.html)."""

from chart.record.spec import ResourceSpec, codes, dates, token

SPEC = ResourceSpec(
    type="Goal",
    codes={
        "lifecycleStatus": codes(
            "proposed planned accepted active on-hold completed cancelled entered-in-error rejected"
        )
    },
    about="description",
    status="lifecycleStatus",
    search=(
        dates("start-date", "startDate"),
        dates("target-date", "target.dueDate"),
        token("lifecycle-status", "lifecycleStatus"),
        token("achievement-status", "achievementStatus"),
        token("category"),
        token("description"),
    ),
)
