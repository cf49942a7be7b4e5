"""Procedure: what was done to, or with, the patient (https://hl7.org/fhir/R4/procedure.html)."""

from chart.domain import Resource, Said
from chart.record.building import Asserter
from chart.record.sections.domain import Field, Line, Section, line_of
from chart.record.sections.parts import concept, dated, either, plain
from chart.record.spec import ResourceSpec, codes, dates, few, reference, token

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


_CHOICES = {**_STATUSES, "completed": Said("Done", "Hecho")}
_OTHER_TIMES = ("performedString", "performedAge", "performedRange", "_performedString")
_WHEN = either(dated("performedDateTime", *_OTHER_TIMES), dated("performedPeriod.start"))


def new(by: Asserter) -> Resource:
    """An operation or another procedure that was done, here or elsewhere."""
    return {"resourceType": "Procedure", "status": "completed", "recorder": by.reference}


SPEC = ResourceSpec(
    type="Procedure",
    codes={
        "status": codes("preparation in-progress not-done on-hold stopped completed entered-in-error unknown")
    },
    search=(
        dates("date", "performedDateTime", "performedPeriod"),
        token("code", hot=True),
        few("status"),
        few("category"),
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
            Field(name="name", label=Said("Procedure", "Procedimiento"), at=concept("code"), required=True),
            Field(name="date", label=Said("Done on", "Fecha"), at=_WHEN, kind="date", past=True),
            Field(
                name="status",
                label=Said("Status", "Estado"),
                at=plain("status"),
                kind="choice",
                required=True,
                asked=False,
                choices=_CHOICES,
            ),
        ),
        line=_line,
        new=new,
    ),
)
