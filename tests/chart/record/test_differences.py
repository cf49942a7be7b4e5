"""What differs between two versions of a resource, in words. By itself."""

from decimal import Decimal
from typing import Any

import pytest

from chart.domain import ICD10, LOINC, RXNORM, Resource, Said, as_written
from chart.record.history.domain import Difference, Path, differences, label_of, references, same

ASTHMA: Resource = {
    "resourceType": "Condition",
    "subject": {"reference": "Patient/x"},
    "clinicalStatus": {
        "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]
    },
    "code": {"text": "Asthma", "coding": [{"system": ICD10, "code": "J45.909"}]},
    "onsetDateTime": "2019-03",
}


def test_only_what_is_a_date_is_read_as_one() -> None:
    for said, is_date in (("2024-02-29", True), ("2024-99-99", False), ("2024-13", False), ("2024", True)):
        [found] = differences(ASTHMA, {**ASTHMA, "onsetString": said}, {})
        assert found.after
        assert found.after.is_date == is_date, said


def told(found: list[Difference]) -> dict[str, tuple[str | None, str | None]]:
    return {
        each.label.en: (
            each.before.words.en if each.before else None,
            each.after.words.en if each.after else None,
        )
        for each in found
    }


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"onsetDateTime": "2020"}, {"Since": ("2019-03", "2020")}),
        (
            {"code": {"text": "Asthma", "coding": [{"system": ICD10, "code": "J45.20"}]}},
            {"What it is": ("Asthma (ICD-10-CM J45.909)", "Asthma (ICD-10-CM J45.20)")},
        ),
        (
            {
                "clinicalStatus": {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/condition-clinical",
                            "code": "resolved",
                        }
                    ]
                }
            },
            {"State": ("Active", "Resolved")},
        ),
        ({"note": [{"text": "At night"}]}, {"Note": (None, "At night")}),
        (
            {"extension": [{"url": "http://x.org/a", "valueDecimal": Decimal("1.10")}]},
            {"extension[0].url": (None, "http://x.org/a"), "extension[0].valueDecimal": (None, "1.10")},
        ),
        ({"onsetString": "2024-99-99"}, {"When it began": (None, "2024-99-99")}),
        ({"asserter": {"reference": "Practitioner/7"}}, {"Told by": (None, "Dr. Seven")}),
        (
            {"onsetDateTime": None, "onsetAge": {"value": Decimal("5.0"), "unit": "years", "code": "a"}},
            {"Since": ("2019-03", None), "Age when it began": (None, "5.0 years")},
        ),
    ],
)
def test_a_difference_says_old_beside_new(change: Resource, expected: dict[str, Any]) -> None:
    after = {key: value for key, value in {**ASTHMA, **change}.items() if value is not None}
    assert told(differences(ASTHMA, after, {"Practitioner/7": as_written("Dr. Seven")})) == expected


def test_a_part_that_is_called_as_a_references_are_is_told_by_its_own_parts() -> None:
    plan: Resource = {
        "resourceType": "CarePlan",
        "activity": [{"reference": {"display": "The plan of the clinic"}}, {"reference": {"id": "empty"}}],
        "contributor": [{"type": {"text": "A nurse"}}],
    }
    assert told(differences(None, plan, {})) == {
        "Activity · Reference": (None, "The plan of the clinic"),
        "activity[1].reference.id": (None, "empty"),
        "contributor[0].type": (None, "A nurse"),
    }


def test_the_first_version_tells_all_that_it_says_and_nothing_of_ours() -> None:
    assert told(differences(None, ASTHMA, {})) == {
        "State": (None, "Active"),
        "What it is": (None, "Asthma (ICD-10-CM J45.909)"),
        "Since": (None, "2019-03"),
    }


def test_what_moves_in_a_list_is_found_where_it_is() -> None:
    before = {**ASTHMA, "note": [{"text": each} for each in ("one", "two", "three")]}
    after = {**ASTHMA, "note": [{"text": each} for each in ("one", "three")]}
    assert told(differences(before, after, {})) == {"Note 2": ("two", None)}


def changed(before: Resource, names: dict[str, Said] | None = None, /, **change: Any) -> list[Difference]:
    """What a change of some elements is told as; None takes an element away."""
    after = {key: value for key, value in {**before, **change}.items() if value is not None}
    return differences(before, after, names or {})


STATES = "http://terminology.hl7.org/CodeSystem/condition-clinical"


@pytest.mark.parametrize(
    "change",
    [
        {"meta": {"source": "x"}},
        {"text": {"status": "generated"}},
        {"identifier": [{"value": "1"}]},
        {"implicitRules": "http://x.org"},
        {"language": "en"},
        {"contained": [{"id": "p"}]},
        {"extension": [{"url": "http://x.org/a"}]},
    ],
)
def test_what_concerns_machines_comes_after_what_concerns_people(change: Resource) -> None:
    found = changed(ASTHMA, **change, note=[{"text": "At night"}])
    assert [each.technical for each in found] == [False, True]


@pytest.mark.parametrize(
    ("coding", "words"),
    [
        ({"system": ICD10, "code": "J45.20"}, "Asthma (ICD-10-CM J45.20)"),
        ({"system": LOINC, "code": "1-1", "display": "One"}, "Asthma (LOINC 1-1 One)"),
        ({"system": RXNORM, "code": "2", "display": "Asthma"}, "Asthma (RxNorm 2)"),
        ({"system": "http://snomed.info/sct", "code": "3"}, "Asthma (SNOMED CT 3)"),
        ({"system": "http://plan.example/codes/", "code": "4"}, "Asthma (codes 4)"),
        ({"system": "urn:oid:1.2", "display": "Two"}, "Asthma (urn:oid:1.2 Two)"),
        ({"code": "5"}, "Asthma (5)"),
        ({"id": "nothing is said"}, "Asthma"),
        # A word of FHIR's own beside another name, and in a system that is not FHIR's.
        ({"system": "http://x.org/s", "code": "active"}, "Asthma (s active)"),
    ],
)
def test_a_concept_is_told_by_its_name_and_each_code_in_its_system(coding: Resource, words: str) -> None:
    [found] = [each for each in changed(ASTHMA, code={"text": "Asthma", "coding": [coding]}) if each.known]
    assert (found.label.en, found.after and found.after.words.en) == ("What it is", words)


@pytest.mark.parametrize(
    ("concept", "words"),
    [
        (
            {"coding": [{"system": ICD10}, {"display": "Mild"}, {"display": "Other"}]},
            "Mild (ICD-10-CM, Other)",
        ),
        ({"coding": [{"system": "http://hl7.org/fhir/x", "code": "active"}]}, "Active"),
        ({"coding": [{"system": STATES, "code": "active"}, {"code": "x"}]}, "condition-clinical active, x"),
        ({"coding": [{"system": STATES, "code": "no such"}]}, "condition-clinical no such"),
        ({"coding": [{"code": "active"}]}, "active"),
        ({"text": "Bad", "id": "c1"}, "Bad"),
    ],
)
def test_a_concept_without_a_name_is_told_by_what_it_has(concept: Resource, words: str) -> None:
    [found] = [each for each in changed(ASTHMA, bodySite=[concept]) if each.label.en == "Part of the body"]
    assert found.after and found.after.words.en == words


def test_what_the_words_leave_out_is_told_beside_them() -> None:
    newer = {"system": ICD10, "code": "J45.909", "version": "v9", "userSelected": True}
    assert told(changed(ASTHMA, code={"text": "Asthma", "coding": [newer]})) == {
        "code.coding[0].version": (None, "v9"),
        "code.coding[0].userSelected": (None, "Yes"),
    }
    other = {"system": ICD10, "code": "J45.20", "version": "v9"}
    assert told(changed(ASTHMA, code={"text": "Wheeze", "coding": [other]})) == {
        "What it is": ("Asthma (ICD-10-CM J45.909)", "Wheeze (ICD-10-CM J45.20)"),
        "code.coding[0].version": (None, "v9"),
    }


SEVEN = {"Practitioner/7": as_written("Dr. Seven")}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, {"reference": "Practitioner/7", "type": "Practitioner"}, {"Told by": (None, "Dr. Seven")}),
        (
            None,
            {"reference": "Practitioner/7", "display": "Dr. S."},
            {"Told by": (None, "Dr. Seven"), "Told by · Name": (None, "Dr. S.")},
        ),
        (None, {"reference": "Practitioner/9", "display": "Dr. Nine"}, {"Told by": (None, "Dr. Nine")}),
        (None, {"reference": "Practitioner/9"}, {"Told by": (None, "Practitioner/9")}),
        (None, {"display": "Somebody", "type": "Patient"}, {"Told by": (None, "Somebody")}),
        (
            {"reference": "Practitioner/8", "display": "Dr. Nine", "type": "Practitioner"},
            {"reference": "Practitioner/9", "display": "Dr. Nine", "type": "Practitioner"},
            {"Told by · Reference": ("Practitioner/8", "Practitioner/9")},
        ),
        (
            {"reference": "Practitioner/7", "type": "Practitioner"},
            {"reference": "Practitioner/9", "display": "Dr. Nine", "type": "Person"},
            {
                "Told by": ("Dr. Seven", "Dr. Nine"),
                "Told by · Reference": (None, "Practitioner/9"),
                "Told by · Type": ("Practitioner", "Person"),
            },
        ),
        ({"reference": "Practitioner/9", "type": "Person"}, None, {"Told by": ("Practitioner/9", None)}),
    ],
)
def test_whoever_is_referred_to_is_told_by_their_name(
    before: Resource | None, after: Resource | None, expected: dict[str, Any]
) -> None:
    stored = ASTHMA if before is None else {**ASTHMA, "asserter": before}
    assert told(changed(stored, SEVEN, asserter=after)) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            None,
            {"value": Decimal("5.0"), "unit": "years", "code": "a", "system": "http://u", "comparator": "<"},
            {"Age when it began": (None, "<5.0 years")},
        ),
        (None, {"value": 5, "code": "a"}, {"Age when it began": (None, "5 a")}),
        (None, {"value": 5}, {"Age when it began": (None, "5")}),
        (None, {"value": True}, {"Age when it began · Value": (None, "Yes")}),
        (
            {"value": 5, "unit": "years", "code": "a", "system": "http://u"},
            {"value": 6, "unit": "years", "code": "b", "system": "http://v"},
            {
                "Age when it began": ("5 years", "6 years"),
                "Age when it began · What it is": ("a", "b"),
                "Age when it began · System": ("http://u", "http://v"),
            },
        ),
        ({"value": 5, "unit": "years", "code": "a"}, None, {"Age when it began": ("5 years", None)}),
    ],
)
def test_a_quantity_is_told_in_one_breath(
    before: Resource | None, after: Resource | None, expected: dict[str, Any]
) -> None:
    stored = ASTHMA if before is None else {**ASTHMA, "onsetAge": before}
    assert told(changed(stored, onsetAge=after)) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a b c", "a x c", {"Note 2": ("b", "x")}),
        ("a b c", "b c", {"Note": ("a", None)}),
        ("a b", "a b c", {"Note 3": (None, "c")}),
        ("a a", "a a a", {"Note 3": (None, "a")}),
        ("a a a", "a", {"Note 2": ("a", None), "Note 3": ("a", None)}),
        ("a b c d", "a c x d", {"Note 2": ("b", "c"), "Note 3": ("c", "x")}),
        ("a b", "", {"Note": ("a", None), "Note 2": ("b", None)}),
        ("", "a b", {"Note": (None, "a"), "Note 2": (None, "b")}),
        ("x a b", "y z a b", {"Note": ("x", "y"), "Note 2": (None, "z")}),
    ],
)
def test_of_lists_only_what_stands_otherwise_is_told(
    before: str, after: str, expected: dict[str, Any]
) -> None:
    stored, new = ({"note": [{"text": each} for each in text.split()] or None} for text in (before, after))
    old = {key: value for key, value in {**ASTHMA, **stored}.items() if value is not None}
    assert told(changed(old, **new)) == expected


def test_what_the_store_says_of_each_version_is_no_difference() -> None:
    before = {**ASTHMA, "id": "1", "meta": {"versionId": "1", "lastUpdated": "2026-01-01T00:00:00Z"}}
    meta = {"versionId": "2", "lastUpdated": "2026-01-02T00:00:00Z"}
    assert changed(before, id="2", meta=meta, subject={"reference": "Patient/y"}) == []
    assert told(changed(before, subject={"reference": "Patient/y", "display": "Maria"})) == {
        "subject": (None, "Maria")
    }
    assert told(changed(before, meta={**meta, "source": "x"})) == {"About this version · Source": (None, "x")}


def test_a_long_text_is_cut_and_a_narrative_is_read_without_its_marks() -> None:
    whole, long = "x" * 2000, "y" * 2001
    assert told(changed(ASTHMA, onsetString=whole)) == {"When it began": (None, whole)}
    assert told(changed(ASTHMA, onsetString=long)) == {"When it began": (None, "y" * 2000 + "…")}
    narrative = {"div": "<div>Asthma &amp; more,<br/>since\n <b>2019</b></div>"}
    assert told(changed(ASTHMA, text=narrative)) == {"Words · Narrative": (None, "Asthma & more, since 2019")}


def test_yes_and_no_are_words_and_no_number_is_a_date() -> None:
    extension = [
        {"valueBoolean": True},
        {"valueBoolean": False},
        {"valueInteger": 2024},
        {"valueDate": "2024"},
        {"valueCoding": {"system": LOINC, "code": "1-1", "display": "One"}},
    ]
    found = changed(ASTHMA, extension=extension)
    assert [each.after and (each.after.words.en, each.after.is_date) for each in found] == [
        ("Yes", False),
        ("No", False),
        ("2024", False),
        ("2024", True),
        ("One (LOINC 1-1)", False),
    ]
    assert found[4].label.en == "extension[4].valueCoding"


def test_what_a_resource_refers_to_is_found_wherever_it_stands() -> None:
    plan: Resource = {
        "resourceType": "CarePlan",
        "subject": {"reference": "Patient/1"},
        "activity": [
            {"reference": {"reference": "Task/2"}},
            {"detail": {"performer": [{"reference": "Group/3"}]}},
        ],
        "title": "Patient/4",
        "author": {"display": "Nobody"},
        "note": ["a text"],
    }
    assert list(references(plan)) == ["Patient/1", "Task/2", "Group/3"]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        (("note", 0), "Note"),
        (("note", 1, "text"), "Note 2 · Words"),
        (("onsetAge", "value"), "Age when it began · Value"),
        (("stage",), None),
        ((), None),
    ],
)
def test_an_element_is_called_by_the_words_of_its_parts(path: Path, label: str | None) -> None:
    found = label_of(path)
    assert (found and found.en) == label


def test_the_same_is_the_same_to_the_last_digit_and_by_its_kind() -> None:
    assert same({"a": [Decimal("1.10"), "x"]}, {"a": [Decimal("1.10"), "x"]})
    for old, new in (
        (Decimal("1.10"), Decimal("1.1")),
        ("1", 1),
        ({"a": 1}, {"a": 1, "b": 2}),
        ({"a": 1, "b": 2}, {"a": 1}),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}),
        ([1], [1, 2]),
        ([1, 2], [1, 3]),
        ({}, []),
        (["a"], "a"),
    ):
        assert not same(old, new)
        assert not same(new, old)
