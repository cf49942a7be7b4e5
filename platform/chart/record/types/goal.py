"""Goal: what the patient and the care team want to reach (https://hl7.org/fhir/R4/goal.html)."""

from chart.domain import Resource, Said
from chart.record.building import Asserter
from chart.record.sections.domain import Field, Line, Section, line_of
from chart.record.sections.parts import concept, dated, plain
from chart.record.spec import ResourceSpec, codes, dates, few, token

_STATUSES = {
    "proposed": Said("Proposed", "Propuesto"),
    "planned": Said("Planned", "Planeado"),
    "accepted": Said("Agreed", "Acordado"),
    "active": Said("Being worked on", "En curso"),
    "on-hold": Said("On hold", "En pausa"),
    "completed": Said("Done", "Terminado"),
    "cancelled": Said("Given up", "Abandonado"),
    "rejected": Said("Not wanted", "No aceptado"),
}


def _line(resource: Resource) -> Line:
    due = [each["dueDate"] for each in resource.get("target") or [] if each.get("dueDate")]
    line = line_of(
        resource.get("description"), [_STATUSES.get(resource["lifecycleStatus"])], resource.get("startDate")
    )
    return line._replace(due=max(due, default=None))


def new(by: Asserter) -> Resource:
    """A goal that is worked on from today."""
    return {
        "resourceType": "Goal",
        "lifecycleStatus": "active",
        "startDate": by.at.date().isoformat(),
        "expressedBy": by.reference,
    }


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
        few("lifecycle-status", "lifecycleStatus"),
        few("achievement-status", "achievementStatus"),
        few("category"),
        token("description"),
    ),
    section=Section(
        title=Said("Goals", "Objetivos"),
        none=Said("No goals recorded", "No hay objetivos registrados"),
        add=Said("Add a goal", "Agregar un objetivo"),
        own_title=Said("Your goals", "Sus objetivos"),
        own_none=Said("No goals on record.", "No hay objetivos en el expediente."),
        fields=(
            Field(name="goal", label=Said("Goal", "Objetivo"), at=concept("description"), required=True),
            Field(
                name="due",
                label=Said("To be reached by", "Para cuándo"),
                at=dated("target.0.dueDate", "dueDuration"),
                kind="date",
            ),
            Field(
                name="status",
                label=Said("Status", "Estado"),
                at=plain("lifecycleStatus"),
                kind="choice",
                required=True,
                asked=False,
                choices=_STATUSES,
            ),
        ),
        line=_line,
        new=new,
    ),
)
