"""The federal holidays of the United States, by rule: 5 U.S.C. 6103, for weekends Executive Order 11582. Pure.

Inauguration Day is left out: it is a holiday in and around Washington, D.C. only.
"""

from collections.abc import Iterator
from datetime import date, timedelta

_WEEK = timedelta(days=7)
_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6

_OBSERVED = {"en": "{} (observed)", "es": "{} (trasladado)"}
_FIXED = [
    (1, 1, "New Year's Day", "Año Nuevo"),
    (6, 19, "Juneteenth", "Juneteenth"),
    (7, 4, "Independence Day", "Día de la Independencia"),
    (11, 11, "Veterans Day", "Día de los Veteranos"),
    (12, 25, "Christmas Day", "Navidad"),
]
# month, weekday, which one of the month (-1: the last)
_MOVING = [
    (1, _MONDAY, 3, "Martin Luther King Jr. Day", "Día de Martin Luther King Jr."),
    (2, _MONDAY, 3, "Washington's Birthday", "Natalicio de Washington"),
    (5, _MONDAY, -1, "Memorial Day", "Día de los Caídos"),
    (9, _MONDAY, 1, "Labor Day", "Día del Trabajo"),
    (10, _MONDAY, 2, "Columbus Day", "Día de Colón"),
    (11, _THURSDAY, 4, "Thanksgiving Day", "Día de Acción de Gracias"),
]


def federal_holidays(year: int, language: str) -> dict[date, str]:
    """Each day with its name in English or Spanish; one on a weekend with the weekday on which it is observed.

    New Year's Day on a Saturday is observed on December 31 of the year before.
    """
    names = list(_named(year, spanish=language == "es"))
    found = dict(names)
    for day, name in names:
        if day.weekday() in (_SATURDAY, _SUNDAY):
            observed = day + timedelta(days=-1 if day.weekday() == _SATURDAY else 1)
            found.setdefault(observed, _OBSERVED["es" if language == "es" else "en"].format(name))
    return dict(sorted(found.items()))


def _named(year: int, *, spanish: bool) -> Iterator[tuple[date, str]]:
    for month, day, en, es in _FIXED:
        yield date(year, month, day), es if spanish else en
    for month, weekday, which, en, es in _MOVING:
        yield _which(year, month, weekday, which), es if spanish else en


def _which(year: int, month: int, weekday: int, which: int) -> date:
    if which > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7) + (which - 1) * _WEEK
    last = date(year, month + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7)
