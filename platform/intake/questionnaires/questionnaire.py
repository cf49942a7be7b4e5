"""Questionnaires as they are asked, and for whom: items with options and conditions. Pure.

`reading` makes them of FHIR R4 `Questionnaire` resources, `evaluation` decides which items are asked and which answers
count, `checking` says what is wrong with an answer.

Answers are a mapping from `linkId` to a plain value: `bool` for boolean, `int` for integer, `float` for
decimal, `str` for string, text, date (ISO 8601) and single choice (the option's code), `list[str]` for a
choice that repeats. The web has the same rules in TypeScript; `tests/intake/vectors.json` holds both to
one table of cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from core.rules.text import Text
from intake.questionnaires.facts import Facts

Answer = bool | int | float | str | list[str]
Answers = Mapping[str, Answer]


class Option(msgspec.Struct, frozen=True):
    """One choice. `score` is its ordinal value; `exclusive` means that it excludes all others."""

    system: str
    code: str
    text: Text
    score: int | None
    exclusive: bool


class Condition(msgspec.Struct, frozen=True):
    """One `enableWhen`."""

    question: str
    operator: str
    value: bool | int | str


class AppliesTo(msgspec.Struct, frozen=True):
    """Whom a question is for: any of these sexes (all, if none is named) and an age between these ends."""

    sexes: tuple[str, ...]
    min_years: int | None
    max_years: int | None
    max_days: int | None

    def covers(self, facts: Facts) -> bool:
        """Whether a patient is asked."""
        if self.sexes and facts.sex not in self.sexes:
            return False
        if self.min_years is not None and facts.years < self.min_years:
            return False
        if self.max_years is not None and facts.years > self.max_years:
            return False
        return self.max_days is None or facts.days <= self.max_days


class Item(msgspec.Struct, frozen=True):
    """One FHIR questionnaire item with what our extensions say of it."""

    link_id: str
    type: str
    text: Text
    short: Text
    required: bool
    repeats: bool
    hidden: bool
    max_length: int | None
    minimum: int | None
    maximum: int | None
    options: tuple[Option, ...]
    conditions: tuple[Condition, ...]
    all_conditions: bool
    sum_of: tuple[str, ...]
    note_section: str
    loinc: str | None
    applies_to: AppliesTo | None
    children: tuple[Item, ...]

    def option(self, code: str) -> Option | None:
        """The choice with this code, if there is one."""
        return next((option for option in self.options if option.code == code), None)


class Questionnaire(msgspec.Struct, frozen=True):
    """A questionnaire ready to be asked. `url` and `version` name the FHIR resource it came from."""

    code: str
    url: str
    version: str
    title: Text
    items: tuple[Item, ...]

    def walk(self) -> Iterator[Item]:
        """All items, parents before their children, in the order in which they are asked."""
        yield from _walk(self.items)


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with one answer: where (`linkId`), which (`code` of the message) and its numbers."""

    path: str
    code: str
    params: dict[str, Any] = {}


def for_person(questionnaire: Questionnaire, facts: Facts) -> Questionnaire:
    """The questionnaire without the items that do not apply to this patient, and without all that lies under them.

    A condition on a question that is left out is not met.
    """
    return msgspec.structs.replace(questionnaire, items=_applying(questionnaire.items, facts))


def _applying(items: tuple[Item, ...], facts: Facts) -> tuple[Item, ...]:
    return tuple(
        msgspec.structs.replace(item, children=_applying(item.children, facts))
        for item in items
        if item.applies_to is None or item.applies_to.covers(facts)
    )


def _walk(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _walk(item.children)
