"""The federal holidays of the United States, by rule: 5 U.S.C. 6103, for weekends Executive Order 11582. Pure.

Inauguration Day is left out: it is a holiday in and around Washington, D.C. only.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from identity.clinic.holidays.names import OBSERVED

_WEEK = timedelta(days=7)
_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6

_NEW_YEAR = "New Year's Day"
_FIXED = [
    (1, 1, _NEW_YEAR),
    (6, 19, "Juneteenth"),
    (7, 4, "Independence Day"),
    (11, 11, "Veterans Day"),
    (12, 25, "Christmas Day"),
]
# month, weekday, which one of the month (-1: the last)
_MOVING = [
    (1, _MONDAY, 3, "Martin Luther King Jr. Day"),
    (2, _MONDAY, 3, "Washington's Birthday"),
    (5, _MONDAY, -1, "Memorial Day"),
    (9, _MONDAY, 1, "Labor Day"),
    (10, _MONDAY, 2, "Columbus Day"),
    (11, _THURSDAY, 4, "Thanksgiving Day"),
]


def federal_holidays(year: int) -> dict[date, str]:
    """The days of this calendar year with their names in English, weekends with the weekday on which they are observed.

    A New Year's Day on a Saturday is observed on December 31, in the year before its own.
    """
    named = [*_named(year), (date(year + 1, 1, 1), _NEW_YEAR)]
    found = dict(named)
    for day, name in named:
        if day.weekday() in (_SATURDAY, _SUNDAY):
            observed = day + timedelta(days=-1 if day.weekday() == _SATURDAY else 1)
            found.setdefault(observed, OBSERVED[0].format(name))
    return {day: found[day] for day in sorted(found) if day.year == year}


def _named(year: int) -> Iterator[tuple[date, str]]:
    for month, day, name in _FIXED:
        yield date(year, month, day), name
    for month, weekday, which, name in _MOVING:
        yield _which(year, month, weekday, which), name


def _which(year: int, month: int, weekday: int, which: int) -> date:
    if which > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7) + (which - 1) * _WEEK
    last = date(year, month + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7)
