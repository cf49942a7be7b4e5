"""Why a rule decided as it did, in words: made from the conditions that hold and the facts behind them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from core.rules.conditions import AtLeast, AtMost, Is, OneOf
from core.rules.evaluation import Evidence
from core.rules.text import Language, Text

YES, NO = Text("yes", "sí"), Text("no", "no")
OR_MORE, OR_LESS = Text("or more", "o más"), Text("or less", "o menos")


class FactWords(Protocol):
    """How the facts of one domain are called. Who owns the facts knows their words."""

    def name(self, fact: str, language: Language) -> str:
        """What a fact is called: 'Fever'."""
        ...

    def code(self, fact: str, code: str, language: Language) -> str:
        """What a code stands for: 'Yes, 103 °F (39.5 °C) or more'."""
        ...

    def number(self, fact: str, number: float, language: Language) -> str:
        """A number with its unit: '42 days'."""
        ...


def because(evidence: Sequence[Evidence], words: FactWords) -> Text:
    """The facts that decided, in both languages: 'Fever: 103 °F or more · Age: 42 days (89 days or less)'."""
    return Text(_in(evidence, words, "en"), _in(evidence, words, "es"))


def _in(evidence: Sequence[Evidence], words: FactWords, language: Language) -> str:
    said: dict[str, list[str]] = {}
    for each in evidence:
        lines = said.setdefault(words.name(each.test.fact, language), [])
        lines += [line for line in _found(each, words, language) if line not in lines]
    return " · ".join(f"{name}: {'; '.join(lines)}" for name, lines in said.items())


def _found(evidence: Evidence, words: FactWords, language: Language) -> list[str]:
    test = evidence.test
    match test:
        case OneOf():
            return [words.code(test.fact, code, language) for code in evidence.codes]
        case Is():
            return [(YES if test.value else NO).in_(language)]
        case AtLeast() | AtMost():
            number = words.number(test.fact, evidence.number, language)
            limit = words.number(test.fact, test.value, language)
            which = OR_MORE if isinstance(test, AtLeast) else OR_LESS
            return [f"{number} ({limit} {which.in_(language)})"]
