"""RelatedPerson: somebody who is close to the patient, or acts for them (https://hl7.org/fhir/R4/relatedperson.html)."""

from chart.domain import Resource
from chart.record.spec import ResourceSpec, codes, dates, few, string, token


def _named(resource: Resource) -> str | None:
    name: Resource = next(iter(resource.get("name") or []), {})
    parts = [*(name.get("given") or []), name.get("family")]
    return name.get("text") or " ".join(each for each in parts if each) or None


SPEC = ResourceSpec(
    type="RelatedPerson",
    codes={"gender": codes("male female other unknown")},
    patient="patient",
    about="name",
    named=_named,
    status=None,
    search=(
        dates("period"),
        dates("birthdate", "birthDate"),
        few("active"),
        token("relationship"),
        token("gender"),
        token("telecom"),
        string("name"),
        string("address"),
    ),
)
