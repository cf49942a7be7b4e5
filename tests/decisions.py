"""Decisions of rules for tests that begin where one was made."""

from core.rules.rulebook import Decision
from core.rules.text import Text


def decision(rule: str) -> Decision:
    """What a rule of this id decided in its first version."""
    return Decision(rule, 1, Text("Right now: danger", "En este momento: peligro"))
