"""Procedure: what was done to, or with, the patient (https://hl7.org/fhir/R4/procedure.html)."""

from collections.abc import Mapping

from chart.domain import Resource
from chart.record.building import Asserter
from chart.record.sections.domain import Field, Line, Said, Section, line_of
from chart.record.spec import ResourceSpec, codes, dates, reference, token

_STATUSES = {
    "preparation": Said("Being prepared", "En preparación"),
    "in-progress": Said("In progress", "En curso"),
    "not-done": Said("Not done", "No se hizo"),
    "on-hold": Said("On hold", "En pausa"),
    "stopped": Said("Stopped before the end", "Interrumpido"),
}


def _line(resource: Resource) -> Line:
    period = resource.get("performedPeriod") or {}
    when = resource.get("performedDateTime") or period.get("start")
    return line_of(resource.get("code"), [_STATUSES.get(resource["status"])], when)


def build(values: Mapping[str, str], by: Asserter) -> Resource:
    """An operation or another procedure that was done, here or elsewhere."""
    built: Resource = {
        "resourceType": "Procedure",
        "status": "completed",
        "code": {"text": values["name"]},
        "recorder": by.reference,
    }
    if "date" in values:
        built["performedDateTime"] = values["date"]
    return built


SPEC = ResourceSpec(
    type="Procedure",
    codes={
        "status": codes("preparation in-progress not-done on-hold stopped completed entered-in-error unknown")
    },
    search=(
        dates("date", "performedDateTime", "performedPeriod"),
        token("code", hot=True),
        token("status"),
        token("category"),
        token("reason-code", "reasonCode"),
        reference("encounter"),
        reference("performer", "performer.actor"),
        reference("based-on", "basedOn"),
    ),
    section=Section(
        title=Said("Procedures", "Procedimientos"),
        none=Said("No procedures recorded", "No hay procedimientos registrados"),
        add=Said("Add a procedure", "Agregar un procedimiento"),
        own_title=Said("Operations and procedures", "Operaciones y procedimientos"),
        own_none=Said("No operations on record.", "No hay operaciones en el expediente."),
        fields=(
            Field(name="name", label=Said("Procedure", "Procedimiento"), required=True),
            Field(name="date", label=Said("Done on", "Fecha"), kind="date", past=True),
        ),
        line=_line,
        build=build,
    ),
)
