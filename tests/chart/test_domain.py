"""What dates and concepts of the record mean."""

from datetime import UTC, datetime

import pytest

from chart.domain import ICD10, LOINC, RXNORM, UCUM, RecordType, concept_of, instant, recoded
from chart.record.registry import SPECS


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2024", datetime(2024, 1, 1, tzinfo=UTC)),
        ("2024-05", datetime(2024, 5, 1, tzinfo=UTC)),
        ("2024-05-07", datetime(2024, 5, 7, tzinfo=UTC)),
        ("2024-05-07T08:30:00Z", datetime(2024, 5, 7, 8, 30, tzinfo=UTC)),
        ("2024-05-07T08:30:00-04:00", datetime(2024, 5, 7, 12, 30, tzinfo=UTC)),
        ("2024-05-07T08:30", datetime(2024, 5, 7, 8, 30, tzinfo=UTC)),
        ("", None),
        ("soon", None),
        ("2024-13", None),
        ("2024-05-07T25:00:00Z", None),
    ],
)
def test_a_date_of_any_precision_is_an_instant(text: str, meant: datetime | None) -> None:
    assert instant(text) == meant
    if meant is not None:
        assert instant(text).tzinfo is UTC  # type: ignore[union-attr]  # it is one


def test_a_concept_that_says_another_thing_keeps_its_id_and_extensions() -> None:
    was = {"id": "c1", "extension": [{"url": "u"}], "text": "Old", "coding": [{"code": "O"}]}
    new = concept_of(ICD10, "I10", "Hypertension")
    assert new == {
        "coding": [{"system": ICD10, "code": "I10", "display": "Hypertension"}],
        "text": "Hypertension",
    }
    assert recoded(was, ICD10, "I10", "Hypertension") == {"id": "c1", "extension": [{"url": "u"}], **new}
    assert recoded(None, ICD10, "I10", "Hypertension") == new


def test_code_systems_have_the_addresses_that_others_read() -> None:
    assert (ICD10, LOINC, RXNORM, UCUM) == (
        "http://hl7.org/fhir/sid/icd-10-cm",
        "http://loinc.org",
        "http://www.nlm.nih.gov/research/umls/rxnorm",
        "http://unitsofmeasure.org",
    )


def test_the_types_that_we_name_are_types_that_the_record_keeps() -> None:
    assert {str(each) for each in RecordType} <= set(SPECS)
