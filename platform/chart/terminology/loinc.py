"""The few dozen LOINC codes that we record, with their unit and the limits of what is plausible.

LOINC's notice stands in data/NOTICE.md. Read once: the file is small.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

import msgspec

from chart.terminology.files import LOINC_FILE, rows_of

Limits = tuple[Decimal, Decimal]

MAX_DIGITS = 40
"""More than any device shows; a longer number is refused, and not cut."""


class Loinc(msgspec.Struct, frozen=True):
    """`unit` is UCUM; a value below `low` or above `high` is a typing error, not a finding."""

    code: str
    display: str
    short: str
    short_es: str
    unit: str
    low: Decimal | None
    high: Decimal | None
    category: str


@cache
def terms() -> Mapping[str, Loinc]:
    """Every term by its code."""
    return {
        row[0]: Loinc(row[0], row[1], row[2], row[3], row[4], _number(row[5]), _number(row[6]), row[7])
        for row in rows_of(LOINC_FILE)
    }


@cache
def limits() -> Mapping[str, Limits]:
    """What may be measured: code -> lowest and highest plausible value."""
    return {
        term.code: (term.low, term.high)
        for term in terms().values()
        if term.low is not None and term.high is not None
    }


@cache
def codes_of(category: str) -> list[str]:
    """The codes of one category with a number, in the order in which they are shown."""
    return [term.code for term in terms().values() if term.category == category and term.low is not None]


def plausible(value: Decimal, limits: Limits) -> bool:
    """Whether somebody can have measured this: a number within the limits, of at most `MAX_DIGITS` digits."""
    return (
        value.is_finite() and limits[0] <= value <= limits[1] and len(value.as_tuple().digits) <= MAX_DIGITS
    )


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text else None
