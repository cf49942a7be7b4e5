"""FamilyMemberHistory: what relatives had (https://hl7.org/fhir/R4/familymemberhistory.html)."""

from chart.domain import Resource, Said, as_written
from chart.record.building import Asserter
from chart.record.edits import name_of
from chart.record.sections.domain import Field, Line, Section, line_of
from chart.record.sections.parts import coded, concept
from chart.record.spec import ResourceSpec, codes, dates, few, token

_ROLES = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
_RELATIVES = {
    "MTH": Said("Mother", "Madre"),
    "FTH": Said("Father", "Padre"),
    "SIS": Said("Sister", "Hermana"),
    "BRO": Said("Brother", "Hermano"),
    "DAU": Said("Daughter", "Hija"),
    "SON": Said("Son", "Hijo"),
    "MGRMTH": Said("Mother's mother", "Abuela materna"),
    "MGRFTH": Said("Mother's father", "Abuelo materno"),
    "PGRMTH": Said("Father's mother", "Abuela paterna"),
    "PGRFTH": Said("Father's father", "Abuelo paterno"),
    "AUNT": Said("Aunt", "Tía"),
    "UNCLE": Said("Uncle", "Tío"),
}


def _line(resource: Resource) -> Line:
    """Without a date: that of the resource is when it was told, and would read as when the relative fell ill."""
    codings = (resource.get("relationship") or {}).get("coding") or []
    known = [_RELATIVES[each["code"]] for each in codings if each.get("code") in _RELATIVES]
    relative = next(iter(known), None) or as_written(resource.get("name") or "")
    names = [name_of(each.get("code")) for each in resource.get("condition") or []]
    facts = [as_written(each) for each in names if each]
    if relative.en:
        return Line(relative, tuple(facts))
    return line_of(resource.get("relationship"), facts, None)


def new(by: Asserter) -> Resource:
    """One condition of one relative."""
    return {"resourceType": "FamilyMemberHistory", "status": "completed", "date": by.at.isoformat()}


SPEC = ResourceSpec(
    type="FamilyMemberHistory",
    codes={"status": codes("partial completed entered-in-error health-unknown")},
    patient="patient",
    search=(
        dates("date"),
        token("code", "condition.code", hot=True),
        token("relationship"),
        few("sex"),
        few("status"),
    ),
    section=Section(
        title=Said("Family history", "Antecedentes familiares"),
        none=Said("No family history recorded", "No hay antecedentes familiares registrados"),
        add=Said("Add to the family history", "Agregar un antecedente familiar"),
        own_title=Said("Illnesses in your family", "Enfermedades en su familia"),
        own_none=Said(
            "No illnesses of relatives on record.", "No hay enfermedades de familiares en el expediente."
        ),
        fields=(
            Field(
                name="relative",
                label=Said("Relative", "Familiar"),
                at=coded("relationship", _ROLES, _RELATIVES),
                kind="choice",
                required=True,
                choices=_RELATIVES,
            ),
            Field(
                name="condition",
                label=Said("Illness", "Enfermedad"),
                at=concept("condition.0.code"),
                required=True,
            ),
        ),
        line=_line,
        new=new,
    ),
)
