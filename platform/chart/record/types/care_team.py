"""CareTeam: who takes part in the care of the patient (https://hl7.org/fhir/R4/careteam.html)."""

from chart.domain import Resource
from chart.record.spec import ResourceSpec, codes, dates, few, reference, string, token


def _named(resource: Resource) -> str | None:
    return resource.get("name")


SPEC = ResourceSpec(
    type="CareTeam",
    codes={"status": codes("proposed active suspended inactive entered-in-error")},
    about="name",
    named=_named,
    status_required=False,
    search=(
        dates("date", "period"),
        few("status"),
        few("category"),
        token("role", "participant.role"),
        string("name"),
        reference("encounter"),
        reference("participant", "participant.member"),
    ),
)
