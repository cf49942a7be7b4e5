"""How old somebody is, on birthdays of every kind."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.person.age import months_old, years_old


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 120))
def test_age_grows_by_one_on_each_birthday(born: date, years: int) -> None:
    day = 28 if (born.month, born.day) == (2, 29) else born.day
    before = date(born.year + years, born.month, day)
    assert years_old(born, before) == (years if day == born.day else years - 1)


@pytest.mark.parametrize(
    ("born", "today", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 0),
        (date(2026, 1, 31), date(2026, 3, 1), 1),
        (date(2024, 2, 29), date(2025, 2, 28), 11),
        (date(2024, 2, 29), date(2025, 3, 1), 12),
        (date(2026, 5, 7), date(2026, 5, 7), 0),
    ],
)
def test_a_month_is_over_on_the_day_on_which_it_began(born: date, today: date, months: int) -> None:
    assert months_old(born, today) == months
    assert years_old(born, today) == months // 12
