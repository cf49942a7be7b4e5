"""CarePlan: what is planned for the patient, and why (https://hl7.org/fhir/R4/careplan.html)."""

import re
from html import unescape

from chart.domain import Resource, Said, as_written, concept_of
from chart.record.building import Asserter
from chart.record.edits import name_of
from chart.record.sections.domain import LONGEST, Field, Line, Section, line_of
from chart.record.sections.parts import plain
from chart.record.spec import ResourceSpec, codes, dates, few, reference, string


def _named(resource: Resource) -> str | None:
    """Its title, or the name of its first category that has one."""
    concepts = resource.get("category") or []
    title = resource.get("title") or next(filter(None, map(name_of, concepts)), None)
    return str(title) if title else None


_STATUSES = {
    "draft": Said("Draft", "Borrador"),
    "active": Said("Under way", "En curso"),
    "on-hold": Said("On hold", "En pausa"),
    "revoked": Said("Stopped", "Suspendido"),
    "completed": Said("Done", "Terminado"),
}
_CATEGORY = "http://hl7.org/fhir/us/core/CodeSystem/careplan-category"


def _line(resource: Resource) -> Line:
    words = resource.get("description") or _narrative(resource)
    facts = [_STATUSES.get(resource["status"]), as_written(words) if words else None]
    when = (resource.get("period") or {}).get("start") or resource.get("created")
    line = line_of({"text": _named(resource)}, facts, when)
    return line if _named(resource) else line._replace(title=Said("Care plan", "Plan de atención"))


def _narrative(resource: Resource) -> str:
    """The words of its narrative: US Core lets a plan say there alone what is planned."""
    plain = unescape(re.sub(r"<[^>]*>", " ", (resource.get("text") or {}).get("div") or ""))
    return " ".join(plain.split())[:LONGEST]


def new(by: Asserter) -> Resource:
    """A plan that begins today."""
    return {
        "resourceType": "CarePlan",
        "status": "active",
        "intent": "plan",
        "category": [concept_of(_CATEGORY, "assess-plan", "Assessment and Plan of Treatment")],
        "period": {"start": by.at.date().isoformat()},
        "created": by.at.isoformat(),
        "author": by.reference,
    }


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
        few("category"),
        few("status"),
        few("intent"),
        string("title"),
        reference("encounter"),
        reference("condition", "addresses"),
        reference("goal"),
        reference("care-team", "careTeam"),
    ),
    section=Section(
        title=Said("Care plans", "Planes de atención"),
        none=Said("No care plans recorded", "No hay planes de atención registrados"),
        add=Said("Add a care plan", "Agregar un plan de atención"),
        own_title=Said("What is planned", "Lo que está planeado"),
        own_none=Said("No plans on record.", "No hay planes en el expediente."),
        fields=(
            Field(name="title", label=Said("Plan", "Plan"), at=plain("title"), required=True),
            Field(name="words", label=Said("What is to be done", "Lo que se hará"), at=plain("description")),
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
