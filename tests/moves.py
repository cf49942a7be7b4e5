"""State machines as a table that a person reads: `from: to to to`, a line for each state."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

S = TypeVar("S", bound=StrEnum)


def shown(moves: Mapping[S, frozenset[S]]) -> dict[str, set[str]]:
    """The moves by the words that rows keep."""
    return {str(status): {str(onward) for onward in allowed} for status, allowed in moves.items()}


def table(text: str) -> dict[str, set[str]]:
    """The moves of such a table."""
    lines = (line.split(":") for line in text.strip().splitlines())
    return {status.strip(): set(onward.split()) for status, onward in lines}
