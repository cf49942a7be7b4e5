"""List: a list, also one that is empty for a reason (https://hl7.org/fhir/R4/list.html)."""

from chart.domain import RecordType, Resource, concept_of
from chart.record.building import Asserter
from chart.record.spec import TERMS, ResourceSpec, codes, dates, few, reference, string, token

SPEC = ResourceSpec(
    type="List",
    codes={
        "status": codes("current retired entered-in-error"),
        "mode": codes("working snapshot changes"),
    },
    concepts={
        "emptyReason": (
            f"{TERMS}list-empty-reason",
            codes("nilknown notasked withheld unavailable notstarted closed"),
        )
    },
    search=(
        dates("date"),
        token("code"),
        few("status"),
        token("empty-reason", "emptyReason"),
        string("title"),
        reference("item", "entry.item"),
        reference("source"),
        reference("encounter"),
    ),
)


_LISTS = {
    RecordType.ALLERGY: ("allergies", "Allergies"),
    RecordType.MEDICATION_STATEMENT: ("medications", "Medication List"),
}


def nothing_known(of: RecordType, by: Asserter) -> Resource:
    """That somebody was asked and has none of these: an empty List with its reason, which is more than no entry.

    Of allergies or medicines (https://hl7.org/fhir/R4/list.html, 'emptyReason'). Raises KeyError for others.
    """
    return {
        "resourceType": "List",
        "status": "current",
        "mode": "snapshot",
        "code": concept_of(f"{TERMS}list-example-use-codes", *_LISTS[of]),
        "date": by.at.isoformat(),
        "source": by.reference,
        "emptyReason": concept_of(f"{TERMS}list-empty-reason", "nilknown", "Nil Known"),
    }
