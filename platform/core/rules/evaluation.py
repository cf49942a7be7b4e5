"""Whether a condition holds, and which facts made it hold: one walk answers both, so they cannot disagree. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from core.rules.conditions import AllOf, AnyOf, AtLeast, AtMost, Condition, FactTest, Is, Never, OneOf

Value = bool | int | float | str | list[str]
Facts = Mapping[str, Value]
"""What is known, by name. A name that is missing is not known, and no test of it holds."""


class Evidence(msgspec.Struct, frozen=True):
    """A test that holds, with what made it hold: the codes that it names, or the number that it compares."""

    test: FactTest
    codes: tuple[str, ...] = ()
    number: int | float = 0


def holds(condition: Condition, facts: Facts) -> bool:
    """Whether a condition holds."""
    return evidence(condition, facts) is not None


def evidence(condition: Condition, facts: Facts) -> tuple[Evidence, ...] | None:
    """What makes a condition hold, in the order in which it is written; None when it does not hold.

    Every alternative that holds counts, not just the first, for a reader wants to know all of them.
    """
    match condition:
        case Never():
            return None
        case AnyOf():
            parts = [found for part in condition.of if (found := evidence(part, facts)) is not None]
            return _joined(parts) if parts else None
        case AllOf():
            parts = [found for part in condition.of if (found := evidence(part, facts)) is not None]
            return _joined(parts) if len(parts) == len(condition.of) else None
        case _:
            return _test(condition, facts.get(condition.fact))


def _joined(parts: list[tuple[Evidence, ...]]) -> tuple[Evidence, ...]:
    """The evidence of all parts, each once."""
    joined: list[Evidence] = []
    for part in parts:
        joined += [each for each in part if each not in joined]
    return tuple(joined)


def _test(test: FactTest, value: Value | None) -> tuple[Evidence, ...] | None:
    match test:
        case OneOf():
            given = value if isinstance(value, list) else [value]
            found = tuple(code for code in given if isinstance(code, str) and code in test.values)
            return (Evidence(test, codes=found),) if found else None
        case Is():
            return (Evidence(test),) if value is test.value else None
        case AtLeast() | AtMost():
            if isinstance(value, bool) or not isinstance(value, int | float):
                return None
            within = value >= test.value if isinstance(test, AtLeast) else value <= test.value
            return (Evidence(test, number=value),) if within else None
