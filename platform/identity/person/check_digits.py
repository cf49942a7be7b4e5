"""Numbers that check themselves: medical record numbers, NPI and DEA numbers."""

import re

_NPI = re.compile(r"[12][0-9]{9}")
_DEA = re.compile(r"[ABCDEFGHJKLMPRSTUX][A-Z9][0-9]{7}")
# An NPI is checked as if it began with the prefix of the health industry in the USA (45 CFR 162.406).
_NPI_PREFIX = "80840"


def luhn(number: int) -> int:
    """The check digit (ISO/IEC 7812): one digit mistyped, or two neighbors swapped, no longer fit."""
    total = 0
    for place, digit in enumerate(int(each) for each in reversed(str(number))):
        doubled = digit * 2 if place % 2 == 0 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10


def is_npi(text: str) -> bool:
    """Ten digits that begin with 1 or 2, the last of which checks the others."""
    if not _NPI.fullmatch(text):
        return False
    return luhn(int(_NPI_PREFIX + text[:9])) == int(text[9])


def is_dea(text: str) -> bool:
    """Two letters and seven digits; the last one is that of (d1+d3+d5) + 2(d2+d4+d6) (21 CFR 1301.13 practice)."""
    if not _DEA.fullmatch(text):
        return False
    digits = [int(each) for each in text[2:]]
    return (sum(digits[0:6:2]) + 2 * sum(digits[1:6:2])) % 10 == digits[6]
