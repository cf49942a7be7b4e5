"""Coverage: who pays for the care: an insurance, or the patient (https://hl7.org/fhir/R4/coverage.html)."""

from chart.domain import Resource, Said, concept_of
from chart.record.building import Asserter
from chart.record.sections.domain import Field, Line, Section, line_of
from chart.record.sections.parts import dated, named, plain
from chart.record.spec import TERMS, ResourceSpec, codes, dates, few, reference, token

_STATUSES = {
    "active": Said("In force", "Vigente"),
    "cancelled": Said("Ended", "Terminado"),
    "draft": Said("Not yet in force", "Aún no vigente"),
}


def _named(resource: Resource) -> str | None:
    """Who pays."""
    payors = [each.get("display") for each in resource.get("payor") or []]
    return next((each for each in payors if each), None)


def _line(resource: Resource) -> Line:
    number = resource.get("subscriberId")
    facts = [
        _STATUSES.get(resource["status"]),
        Said(f"Member number {number}", f"Número de afiliado {number}") if number else None,
    ]
    payor = _named(resource)
    when = (resource.get("period") or {}).get("start")
    return line_of({"text": payor} if payor else resource.get("type"), facts, when)


def new(by: Asserter) -> Resource:
    """A coverage that is in force; whoever is covered is taken for the one who is insured."""
    return {
        "resourceType": "Coverage",
        "status": "active",
        "relationship": concept_of(f"{TERMS}subscriber-relationship", "self", "Self"),
    }


SPEC = ResourceSpec(
    type="Coverage",
    codes={"status": codes("active cancelled draft entered-in-error")},
    patient="beneficiary",
    about="type",
    named=_named,
    search=(
        dates("period"),
        few("status"),
        token("type"),
        token("subscriber-id", "subscriberId"),
        token("class-value", "class.value"),
        reference("payor"),
        reference("subscriber"),
        reference("policy-holder", "policyHolder"),
    ),
    section=Section(
        title=Said("Insurance", "Seguro médico"),
        none=Said("No insurance recorded", "No hay seguro médico registrado"),
        add=Said("Add an insurance", "Agregar un seguro médico"),
        own_title=Said("Your insurance", "Su seguro médico"),
        own_none=Said("No insurance on record.", "No hay seguro médico en el expediente."),
        fields=(
            Field(
                name="payor",
                label=Said("Insurance company or program", "Aseguradora o programa"),
                at=named("payor.0"),
                required=True,
            ),
            Field(name="member", label=Said("Member number", "Número de afiliado"), at=plain("subscriberId")),
            Field(
                name="since",
                label=Said("In force since", "Vigente desde"),
                at=dated("period.start"),
                kind="date",
            ),
            Field(
                name="until",
                label=Said("In force until", "Vigente hasta"),
                at=dated("period.end"),
                kind="date",
                asked=False,
            ),
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
