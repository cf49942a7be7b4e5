"""DocumentReference: a document and where it is (https://hl7.org/fhir/R4/documentreference.html)."""

from chart.domain import LOINC, Resource, concept_of
from chart.record.building import Asserter
from chart.record.spec import ResourceSpec, codes, dates, few, reference, string, token

SPEC = ResourceSpec(
    type="DocumentReference",
    codes={
        "status": codes("current superseded entered-in-error"),
        "docStatus": codes("preliminary final amended entered-in-error"),
    },
    about="type",
    search=(
        dates("date"),
        dates("period", "context.period"),
        token("type"),
        few("status"),
        few("category"),
        token("contenttype", "content.attachment.contentType"),
        string("description"),
        reference("author"),
        reference("encounter", "context.encounter"),
    ),
)


def after_visit_summary(title: str, url: str, sha1: str, size: int, language: str, by: Asserter) -> Resource:
    """The after-visit summary (LOINC 11503-0, 'Medical records'); `sha1` is base64, as FHIR Attachment wants."""
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "docStatus": "final",
        "type": concept_of(LOINC, "11503-0", "Medical records"),
        "date": by.at.isoformat(),
        "author": [by.reference],
        "content": [
            {
                "attachment": {
                    "contentType": "application/pdf",
                    "language": language,
                    "url": url,
                    "size": size,
                    "hash": sha1,
                    "title": title,
                    "creation": by.at.isoformat(),
                }
            }
        ],
    }
