"""What a search of the record asks for. Each parameter has to hold; of the values of one, any. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from chart.record.registry import SPECS
from chart.record.search.ranges import Range, range_of
from chart.record.search.values import hashed, token_text
from chart.record.spec import Searched
from core.errors import Invalid

Comparator = Literal["eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"]
"""FHIR's prefixes (https://hl7.org/fhir/R4/search.html#prefix)."""


class Coded(NamedTuple):
    """A code or an identifier; `system` None for any system, "" for none; `code` None for every code of the system."""

    code: str | None
    system: str | None = None


class Token(NamedTuple):
    """Codes or identifiers; with `but_not`, resources that have none of them."""

    name: str
    any_of: tuple[Coded, ...]
    but_not: bool = False


class Reference(NamedTuple):
    """What is named, as `Type/id` or `id`."""

    name: str
    any_of: tuple[str, ...]


class Date(NamedTuple):
    """A time against a FHIR date, whole or partial; `_lastUpdated` is when the record was last written."""

    name: str
    value: str
    comparator: Comparator = "eq"


class Quantity(NamedTuple):
    """A number against a value, whose digits say how exact `eq` is; `unit` None for any, `system` as for a code."""

    name: str
    value: Decimal
    comparator: Comparator = "eq"
    unit: str | None = None
    system: str | None = None


class Words(NamedTuple):
    """Text that begins so, or with `anywhere` has it in it, without regard to accents and case."""

    name: str
    text: str
    anywhere: bool = False


Param = Token | Reference | Date | Quantity | Words

LAST_UPDATED = "_lastUpdated"
_KINDS: dict[type[Param], frozenset[str]] = {
    Token: frozenset({"token"}),
    Reference: frozenset({"reference"}),
    Date: frozenset({"date"}),
    Quantity: frozenset({"quantity"}),
    Words: frozenset({"string", "token"}),
}


def searched_by(kind: str, param: Param) -> Searched | None:
    """How the type is searched by this parameter; None for `_lastUpdated`. Raises Invalid `unknown_parameter`."""
    if isinstance(param, Date) and param.name == LAST_UPDATED:
        return None
    for each in SPECS[kind].searched:
        if each.name == param.name and each.kind in _KINDS[type(param)]:
            return each
    raise Invalid({param.name: "unknown_parameter"})


def hashes(kind: str, param: Token | Reference) -> list[int]:
    """What the index holds where one of the parameter's values is."""
    forms: Iterable[str]
    if isinstance(param, Reference):
        forms = param.any_of
    else:
        forms = [token_text(each.code, each.system) for each in param.any_of]
    return [hashed(kind, param.name, form) for form in forms]


def unit_key(kind: str, param: Quantity) -> int:
    form = "" if param.unit is None else token_text(param.unit, param.system)
    return hashed(kind, param.name, form)


def time_of(param: Date, now: datetime) -> Range:
    """What the parameter's date covers; `ap` is as much wider as a tenth of the time until now, or from it. Raises
    Invalid `not_a_date`."""
    found = range_of(param.value)
    if found is None:
        raise Invalid({param.name: "not_a_date"})
    if param.comparator != "ap":
        return found
    wider = max(abs(now - found.low) / 10, timedelta(days=1))
    try:
        return Range(found.low - wider, found.high + wider)
    except OverflowError:
        return found


def value_of(param: Quantity) -> tuple[Decimal, Decimal]:
    """From where up to where a number equals the value: half of its last digit to both sides, for `ap` a tenth."""
    exponent = param.value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise Invalid({param.name: "not_a_number"})
    around = abs(param.value) / 10 if param.comparator == "ap" else Decimal(5).scaleb(exponent - 1)
    return param.value - around, param.value + around
