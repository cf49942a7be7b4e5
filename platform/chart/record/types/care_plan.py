"""CarePlan: what is planned for the patient, and why (https://hl7.org/fhir/R4/careplan.html)."""

from chart.domain import Resource
from chart.record.edits import name_of
from chart.record.spec import ResourceSpec, codes, dates, reference, string, token


def _named(resource: Resource) -> str | None:
    """Its title, or the name of its first category that has one."""
    concepts = resource.get("category") or []
    title = resource.get("title") or next(filter(None, map(name_of, concepts)), None)
    return str(title) if title else None


SPEC = ResourceSpec(
    type="CarePlan",
    codes={
        "status": codes("draft active on-hold revoked completed entered-in-error unknown"),
        "intent": codes("proposal plan order option"),
    },
    about="title",
    named=_named,
    search=(
        dates("date", "period"),
        dates("created"),
        token("category"),
        token("status"),
        token("intent"),
        string("title"),
        reference("encounter"),
        reference("condition", "addresses"),
        reference("goal"),
        reference("care-team", "careTeam"),
    ),
)
