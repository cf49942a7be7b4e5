"""Numbers that identify prescribers and pharmacies, and whether they can be right."""

import re

_ISO_PREFIX = "80840"
"""An NPI is the tail of a card number that begins so (CMS, 'Requirements for NPI and NPI check digit')."""


def is_npi(text: str) -> bool:
    """Ten digits whose Luhn check over 80840 + number holds."""
    if not re.fullmatch(r"[12][0-9]{9}", text):
        return False
    digits = [int(digit) for digit in _ISO_PREFIX + text]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def is_dea(text: str) -> bool:
    """Two letters and seven digits: (d1+d3+d5) + 2(d2+d4+d6) ends in d7 (21 CFR 1311's numbers, DEA's check digit)."""
    if not re.fullmatch(r"[A-Z][A-Z9][0-9]{7}", text):
        return False
    d = [int(digit) for digit in text[2:]]
    return (d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5])) % 10 == d[6]


def is_ncpdp_id(text: str) -> bool:
    """Seven digits: a pharmacy's NCPDP Provider ID."""
    return bool(re.fullmatch(r"[0-9]{7}", text))
