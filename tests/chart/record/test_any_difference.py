"""Whatever changes in a record, its history tells it: of any resource, and of each field of the forms."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chart.domain import Resource, Source
from chart.record.building import Asserter
from chart.record.history.domain import Path, differences, same
from chart.record.registry import SPECS
from chart.record.sections.domain import Field
from chart.record.spec import ResourceSpec
from core.ids import new_id
from tests.chart.record.fhir_resources import resources

OURS = (("meta", "versionId"), ("meta", "lastUpdated"))
_FIELDS = [(spec, field) for spec in SPECS.values() if spec.section for field in spec.section.fields]


@pytest.mark.parametrize(
    ("spec", "field"), _FIELDS, ids=[f"{spec.type}-{field.name}" for spec, field in _FIELDS]
)
def test_a_change_of_a_field_is_told_by_the_fields_own_words(spec: ResourceSpec, field: Field) -> None:
    assert spec.section
    by = Asserter(Source.CLINICIAN, new_id(), new_id(), datetime(2026, 11, 27, tzinfo=UTC))
    before = spec.section.new(by)
    choices = [each for each in field.choices if each != field.at.read(before)]
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
