"""Specimen: what was taken from the patient to be examined (https://hl7.org/fhir/R4/specimen.html)."""

from chart.record.spec import ResourceSpec, codes, dates, few, reference, token

SPEC = ResourceSpec(
    type="Specimen",
    codes={"status": codes("available unavailable unsatisfactory entered-in-error")},
    about="type",
    status_required=False,
    search=(
        dates("collected", "collection.collectedDateTime", "collection.collectedPeriod"),
        dates("received", "receivedTime"),
        token("type"),
        few("status"),
        token("accession", "accessionIdentifier"),
        token("bodysite", "collection.bodySite"),
        reference("collector", "collection.collector"),
        reference("parent"),
    ),
)
