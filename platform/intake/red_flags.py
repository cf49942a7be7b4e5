"""Red flags: rules as data (`data/red_flags.json`) over the answers, and a scan of free text that only asks.

A rule's `when` is made of `{"any": [...]}`, `{"all": [...]}`, `{"item": linkId, "in": [codes]}`,
`{"item": linkId, "is": true|false}`, `{"item": linkId, "at_least": n}`, `{"item": linkId, "at_most": n}` and
`{"fact": "years" | "months" | "days", "at_least": n}` (or `at_most`) on the patient's age; `{"any": []}` never
holds. Each rule names its source. Words that a patient types raise no flag: they add a question ("Do you have chest
pain right now?") whose yes, kept as the answer `ask.<rule id>`, does.

The web evaluates the same rules, so that the emergency screen comes up without waiting for the network.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Any

import msgspec

from intake.facts import Facts
from intake.questionnaire import Answer, Answers, Questionnaire, Text, enabled, is_blank, values

ASK_PREFIX = "ask."


class Level(StrEnum):
    """`emergency`: get help now. `urgent`: be seen soon; the clinic is told and the visit moves up."""

    EMERGENCY = "emergency"
    URGENT = "urgent"


class Line(StrEnum):
    """Which telephone line helps: the fields of `visits.help_numbers.Numbers`."""

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
    ask: Text | None = None
    keywords: tuple[str, ...] = ()

    @property
    def ask_path(self) -> str:
        """Where the answer to this rule's question is kept."""
        return ASK_PREFIX + self.id


class Triage(msgspec.Struct, frozen=True):
    """What the rules say: flags that are raised and questions that the free text calls for, in rule order."""

    flags: tuple[Rule, ...]
    asks: tuple[Rule, ...]


def triage(rules: Sequence[Rule], questionnaire: Questionnaire, answers: Answers, facts: Facts) -> Triage:
    """Evaluate the rules over the questionnaire as it applies to this patient (`questionnaire.for_person`)."""
    counted = dict(values(questionnaire, answers))
    typed = [
        str(answers[item.link_id])
        for item in enabled(questionnaire, answers)
        if item.type in ("string", "text") and not is_blank(answers.get(item.link_id))
    ]
    flags, asks = [], []
    for rule in rules:
        by_answers = _holds(rule.when, counted, facts)
        asked = not by_answers and rule.ask is not None and mentions(rule.keywords, typed)
        if asked:
            asks.append(rule)
        if by_answers or (asked and answers.get(rule.ask_path) is True):
            flags.append(rule)
    return Triage(tuple(flags), tuple(asks))


def mentions(keywords: Iterable[str], texts: Iterable[str]) -> bool:
    """Whether a text has one of the keywords at the start of a word, whatever its case and accents."""
    haystack = " ".join(normalise(text) for text in texts)
    return any(_needle(keyword) in haystack for keyword in keywords)


@cache
def _needle(keyword: str) -> str:
    """The rules' keywords are asked for at every save of a form, and there are hundreds."""
    return normalise(keyword)


def normalise(text: str) -> str:
    """Lower case without accents; everything but letters and digits becomes one space; a space in front."""
    plain = "".join(ch for ch in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(ch))
    return " " + re.sub(r"[^a-z0-9]+", " ", plain).strip()


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
