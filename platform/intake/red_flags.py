"""Red flags: rules as data (`data/red_flags.json`) over the answers, and a scan of free text that only asks.

A rule's `when` is made of `{"any": [...]}`, `{"all": [...]}`, `{"item": linkId, "in": [codes]}`,
`{"item": linkId, "is": true|false}`, `{"item": linkId, "at_least": n}`, `{"item": linkId, "at_most": n}` and
`{"fact": "years" | "months" | "days", "at_least": n}` (or `at_most`) on the patient's age; `{"any": []}` never
holds. Each rule names its source. Words that a patient types raise no flag: they add a question ("Do you have chest
pain right now?") whose yes, kept as the answer `ask.<rule id>`, does.

The web evaluates the same rules, so that the emergency screen comes up without waiting for the network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

import msgspec

from intake.questionnaires.facts import Facts
from intake.questionnaires.questionnaire import (
    Answer,
    Answers,
    Questionnaire,
    Text,
    enabled,
    is_blank,
    values,
)
from intake.words.lexicon import Lexicon
from intake.words.mentions import mentioned

ASK_PREFIX = "ask."
NEWBORN_DAYS = 90
"""Under this age any fever is an emergency: AAP, Pediatrics 2021;148(2), and telephone protocols up to three months."""


class Level(StrEnum):
    """`emergency`: get help now. `urgent`: be seen soon; the clinic is told and the visit moves up."""

    EMERGENCY = "emergency"
    URGENT = "urgent"


class Line(StrEnum):
    """Which phone line helps: the fields of `visits.calls.help_numbers.Numbers`."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    POISON = "poison"
    VIOLENCE = "violence"
    ASSAULT = "assault"


class Rule(msgspec.Struct, frozen=True):
    """One red flag: what raises it, what the patient is told, and where the rule comes from."""

    id: str
    level: Level
    line: Line
    title: Text
    advice: Text
    source: str
    when: dict[str, Any]
    ask: Text

    @property
    def ask_path(self) -> str:
        """Where the answer to this rule's question is kept."""
        return ASK_PREFIX + self.id


class Triage(msgspec.Struct, frozen=True):
    """What the rules say: flags that are raised and questions that the free text calls for, in rule order."""

    flags: tuple[Rule, ...]
    asks: tuple[Rule, ...]


def triage(
    rules: Sequence[Rule], lexicon: Lexicon, questionnaire: Questionnaire, answers: Answers, facts: Facts
) -> Triage:
    """Evaluate the rules over the questionnaire as it applies to this patient (`questionnaire.for_person`)."""
    counted = dict(values(questionnaire, answers))
    typed = [
        str(answers[item.link_id])
        for item in enabled(questionnaire, answers)
        if item.type in ("string", "text") and not is_blank(answers.get(item.link_id))
    ]
    spoken_of = mentioned(lexicon, typed, facts_named(facts))
    flags, asks = [], []
    for rule in rules:
        by_answers = _holds(rule.when, counted, facts)
        asked = not by_answers and rule.id in spoken_of
        if asked:
            asks.append(rule)
        if by_answers or (asked and answers.get(rule.ask_path) is True):
            flags.append(rule)
    return Triage(tuple(flags), tuple(asks))


def facts_named(facts: Facts) -> frozenset[str]:
    """The facts that a pattern of words can ask for: `infant` is under 90 days old, `over_50` is 50 or older."""
    named = {"infant": facts.days < NEWBORN_DAYS, "over_50": facts.years >= 50}
    return frozenset(name for name, holds in named.items() if holds)


def _holds(when: Mapping[str, Any], answers: Mapping[str, Answer], facts: Facts) -> bool:
    if "any" in when:
        return any(_holds(part, answers, facts) for part in when["any"])
    if "all" in when:
        return all(_holds(part, answers, facts) for part in when["all"])
    value = answers.get(when["item"]) if "item" in when else facts.age(when["fact"])
    if value is None:
        return False
    if "in" in when:
        return bool(set(value if isinstance(value, list) else [value]) & set(when["in"]))
    if "is" in when:
        return value is when["is"]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return bool(value >= when["at_least"]) if "at_least" in when else bool(value <= when["at_most"])
