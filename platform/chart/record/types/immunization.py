"""Immunization: a vaccine that was given, or was not (https://hl7.org/fhir/R4/immunization.html)."""

from chart.domain import Resource, Said
from chart.record.building import Asserter
from chart.record.sections.domain import Field, Line, Section, line_of
from chart.record.sections.parts import concept, dated, plain
from chart.record.spec import ResourceSpec, codes, dates, few, reference, string, token

_STATUSES = {
    "completed": Said("Given", "Aplicada"),
    "not-done": Said("Not given", "No aplicada"),
}


def _line(resource: Resource) -> Line:
    lot = resource.get("lotNumber")
    facts = [_STATUSES.get(resource["status"]), Said(f"Lot {lot}", f"Lote {lot}") if lot else None]
    return line_of(resource.get("vaccineCode"), facts, resource.get("occurrenceDateTime"))


_WHEN = dated(
    "occurrenceDateTime",
    "occurrenceString",
    "_occurrenceString",
    unknown={"occurrenceString": "unknown"},
)


def new(by: Asserter) -> Resource:
    """A vaccine that the patient or a document tells of; when it was given may be unknown."""
    return {
        "resourceType": "Immunization",
        "status": "completed",
        "occurrenceString": "unknown",
        "recorded": by.at.isoformat(),
        "primarySource": False,
    }


SPEC = ResourceSpec(
    type="Immunization",
    codes={"status": codes("completed entered-in-error not-done")},
    patient="patient",
    about="vaccineCode",
    search=(
        dates("date", "occurrenceDateTime"),
        token("vaccine-code", "vaccineCode", hot=True),
        few("status"),
        few("status-reason", "statusReason"),
        string("lot-number", "lotNumber"),
        reference("location"),
        reference("performer", "performer.actor"),
        token("target-disease", "protocolApplied.targetDisease"),
    ),
    section=Section(
        title=Said("Vaccines", "Vacunas"),
        none=Said("No vaccines recorded", "No hay vacunas registradas"),
        add=Said("Add a vaccine", "Agregar una vacuna"),
        own_title=Said("Vaccines", "Vacunas"),
        own_none=Said("No vaccines on record.", "No hay vacunas en el expediente."),
        fields=(
            Field(name="vaccine", label=Said("Vaccine", "Vacuna"), at=concept("vaccineCode"), required=True),
            Field(
                name="date",
                label=Said("Given on", "Fecha de aplicación"),
                at=_WHEN,
                kind="date",
                past=True,
            ),
            Field(name="lot", label=Said("Lot number", "Número de lote"), at=plain("lotNumber")),
            Field(
                name="status",
                label=Said("Status", "Estado"),
                at=plain("status"),
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
