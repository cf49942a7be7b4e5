"""DocumentReference: a document and where it is (https://hl7.org/fhir/R4/documentreference.html)."""

from chart.record.spec import ResourceSpec, codes

SPEC = ResourceSpec(
    type="DocumentReference",
    codes={
        "status": codes("current superseded entered-in-error"),
        "docStatus": codes("preliminary final amended entered-in-error"),
    },
    about="type",
)
