"""What differs between two versions of a resource, in words. By itself."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chart.domain import ICD10, Resource, Source, as_written
from chart.record.building import Asserter
from chart.record.history.domain import Difference, Path, differences, same
from chart.record.registry import SPECS
from chart.record.sections.domain import Field
from chart.record.spec import ResourceSpec
from core.ids import new_id
from tests.chart.record.fhir_resources import resources

OURS = (("meta", "versionId"), ("meta", "lastUpdated"))
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


_FIELDS = [(spec, field) for spec in SPECS.values() if spec.section for field in spec.section.fields]


@pytest.mark.parametrize(
    ("spec", "field"), _FIELDS, ids=[f"{spec.type}-{field.name}" for spec, field in _FIELDS]
)
def test_a_change_of_a_field_is_told_by_the_fields_own_words(spec: ResourceSpec, field: Field) -> None:
    assert spec.section
    by = Asserter(Source.CLINICIAN, new_id(), new_id(), datetime(2026, 11, 27, tzinfo=UTC))
    before = spec.section.new(by)
    choices = [each for each in field.choices or () if each != field.at.read(before)]
    value = choices[0] if choices else "2020-02-02" if field.kind == "date" else "Another"
    found = differences(before, field.at.write(before, value), {})
    assert field.label in [each.label for each in found if each.known]
    assert all(each.known for each in found)


@given(resources(), st.data())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_nothing_that_differs_is_left_out(resource: Resource, data: st.DataObject) -> None:
    """Of any valid resource one value is changed, wherever it stands: a difference says so, and no version has none."""
    assert differences(resource, resource, {}) == []
    changed, path = _with_one_other(resource, data)
    if path and path[0] not in ("resourceType", "id") and path[:2] not in OURS:
        found = differences(resource, changed, {})
        whose = path[0] in ("subject", "patient", "beneficiary") and path[1:] == ("reference",)
        assert bool(found) != whose, path
        assert all(each.before != each.after for each in found)


def _with_one_other(node: Any, data: st.DataObject, path: Path = ()) -> tuple[Any, Path]:
    """The same with one leaf that says another thing, and where."""
    if isinstance(node, dict) and node:
        key = data.draw(st.sampled_from(sorted(node)))
        inner, where = _with_one_other(node[key], data, (*path, key))
        return {**node, key: inner}, where
    if isinstance(node, list) and node:
        at = data.draw(st.integers(0, len(node) - 1))
        inner, where = _with_one_other(node[at], data, (*path, at))
        return [*node[:at], inner, *node[at + 1 :]], where
    other = data.draw(st.sampled_from(["changed", "1999", Decimal("7.70"), True]))
    return other, () if same(node, other) else path
