"""What of a JSON resource PostgreSQL keeps, and what it writes in another way. Pure.

JSONB keeps every digit, and writes exponents out: `1.0E+2` comes back as `100`, which claims one more digit than was
measured (https://www.postgresql.org/docs/18/datatype-json.html). Text holds no NUL, and numbers have an end.
"""

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

LONGEST_NUMBER = 1000
"""The most digits of a number, zeros included. A longer one, or `1e100000`, would fill pages from a few letters."""


def unstorable(resource: Any) -> tuple[str, str] | None:
    """The path and the code of the first value that could not be kept as it is."""
    for path, value in _leaves(resource, ""):
        if code := _reason(value):
            return path, code
    return None


def respelled(resource: Any) -> bool:
    """Whether JSONB would give back a number in another form: one with a positive exponent, or a negative zero."""
    return any(
        isinstance(value, Decimal) and (value.as_tuple().exponent > 0 or (value.is_signed() and not value))  # type: ignore[operator]  # a finite one
        for _, value in _leaves(resource, "")
    )


def _reason(value: object) -> str | None:
    if isinstance(value, str):
        unusable = "\x00" in value or (
            not value.isascii() and any("\ud800" <= each <= "\udfff" for each in value)
        )
        return "unsupported_character" if unusable else None
    if isinstance(value, float):
        return None if math.isfinite(value) else "not_fhir"
    if isinstance(value, Decimal):
        return _reason_of_decimal(value)
    return "number_too_long" if isinstance(value, int) and abs(value) >= _TOO_LARGE else None


_TOO_LARGE = 10**LONGEST_NUMBER


def _reason_of_decimal(value: Decimal) -> str | None:
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return "not_fhir"
    return "number_too_long" if len(digits) + abs(exponent) > LONGEST_NUMBER else None


def _leaves(node: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every value that is no list or object, and every name, with its path; a list does not count in a path."""
    if isinstance(node, dict):
        for key, value in node.items():
            below = f"{path}.{key}" if path else key
            yield below, key
            yield from _leaves(value, below)
    elif isinstance(node, list):
        for value in node:
            yield from _leaves(value, path)
    else:
        yield path, node
