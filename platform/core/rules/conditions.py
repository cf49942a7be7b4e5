"""What a rule may ask of the facts: a tagged union, so that a condition that nobody knows fails when it is read.

`web/src/lib/rules/holds.ts` evaluates the same conditions; `tests/core/rules/vectors.json` holds both to one table.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

FactName = Annotated[str, Meta(min_length=1)]


class _Condition(msgspec.Struct, frozen=True, tag_field="op", forbid_unknown_fields=True):
    """In JSON `op` says which condition it is."""


class Never(_Condition, frozen=True, tag="never"):
    """Does not hold, whatever the facts: for a rule that something other than facts raises."""


class AnyOf(_Condition, frozen=True, tag="any"):
    """Holds when one of its parts does."""

    of: Annotated[list[Condition], Meta(min_length=1)]


class AllOf(_Condition, frozen=True, tag="all"):
    """Holds when all of its parts do."""

    of: Annotated[list[Condition], Meta(min_length=1)]


class OneOf(_Condition, frozen=True, tag="one_of"):
    """Holds when a code, or one of several codes, is among `values`."""

    fact: FactName
    values: Annotated[list[str], Meta(min_length=1)]


class Is(_Condition, frozen=True, tag="is"):
    """Holds when a yes-or-no fact is known and is `value`."""

    fact: FactName
    value: bool


class AtLeast(_Condition, frozen=True, tag="at_least"):
    """Holds when a number is `value` or more."""

    fact: FactName
    value: float


class AtMost(_Condition, frozen=True, tag="at_most"):
    """Holds when a number is `value` or less."""

    fact: FactName
    value: float


FactTest = OneOf | Is | AtLeast | AtMost
"""A condition on one fact."""

Condition = Never | AnyOf | AllOf | FactTest


def fact_tests(condition: Condition) -> list[FactTest]:
    """Every condition on one fact, in the order in which they are written."""
    match condition:
        case Never():
            return []
        case AnyOf() | AllOf():
            return [test for part in condition.of for test in fact_tests(part)]
        case _:
            return [condition]
