"""Whom a visit type is for, who offers it and what it takes: by itself."""

from uuid import UUID

import pytest

from visits.booking.slots import Duration
from visits.visit_types.domain import duration_of, fits_age, is_offered_by
from visits.visit_types.models import VisitType


@pytest.mark.parametrize(
    ("low", "high", "fitting"),
    [
        (None, None, [0, 1, 17, 18, 64, 65, 120]),
        (18, None, [18, 64, 65, 120]),
        (None, 17, [0, 1, 17]),
        (1, 64, [1, 17, 18, 64]),
        (18, 18, [18]),
        (0, 0, [0]),
        (65, 17, []),
    ],
)
def test_both_ends_of_an_age_are_included(low: int | None, high: int | None, fitting: list[int]) -> None:
    row = VisitType(min_years=low, max_years=high)
    assert [years for years in (0, 1, 17, 18, 64, 65, 120) if fits_age(row, years)] == fitting


def test_a_type_is_offered_by_whom_it_names_or_else_by_everybody() -> None:
    ruth, dana = UUID(int=1), UUID(int=2)
    named, unnamed = VisitType(offered_by=[ruth]), VisitType(offered_by=[])
    assert (is_offered_by(named, ruth), is_offered_by(named, dana)) == (True, False)
    assert is_offered_by(unnamed, dana)


def test_it_takes_its_minutes_and_leaves_its_buffers_free() -> None:
    row = VisitType(minutes=30, buffer_before=5, buffer_after=10)
    assert duration_of(row) == Duration(30, 5, 10)
