"""Red flags: rules as data (`data/red_flags.json`) over the answers, and a scan of free text that only asks.

A rule's condition (`core.rules.conditions`) names questions by their `linkId`, and the patient's age as `age.years`,
`age.months` and `age.days`. Words that a patient types raise no flag: they add a question ("Do you have chest pain
right now?") whose yes, kept as the answer `ask.<rule id>`, does.

The web evaluates the same rules, so that the emergency screen comes up without waiting for the network.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from core.rules import evaluation
from core.rules.rulebook import Rule
from core.rules.text import Text
from intake.questionnaires.evaluation import enabled, is_blank, values
from intake.questionnaires.facts import Facts
from intake.questionnaires.questionnaire import Answers, Questionnaire
from intake.words.lexicon import Lexicon
from intake.words.mentions import mentioned

ASK_PREFIX = "ask."
YEARS, MONTHS, DAYS = "age.years", "age.months", "age.days"
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


class RedFlag(Rule, frozen=True, kw_only=True):
    """A rule that raises a red flag: how urgent it is, what the patient is told, and what their words lead to."""

    level: Level
    line: Line
    title: Text
    advice: Text
    ask: Text

    @property
    def ask_path(self) -> str:
        """Where the answer to this rule's question is kept."""
        return ASK_PREFIX + self.id


class Triage(msgspec.Struct, frozen=True):
    """What the rules say: flags that are raised and questions that the free text calls for, in rule order."""

    flags: tuple[RedFlag, ...]
    asks: tuple[RedFlag, ...]


def triage(
    rules: Sequence[RedFlag], lexicon: Lexicon, questionnaire: Questionnaire, answers: Answers, facts: Facts
) -> Triage:
    """Evaluate the rules over the questionnaire as it applies to this patient (`questionnaire.for_person`)."""
    known = rule_facts(questionnaire, answers, facts)
    typed = [
        str(answers[item.link_id])
        for item in enabled(questionnaire, answers)
        if item.type in ("string", "text") and not is_blank(answers.get(item.link_id))
    ]
    spoken_of = mentioned(lexicon, typed, facts_named(facts))
    flags, asks = [], []
    for rule in rules:
        by_answers = evaluation.holds(rule.when, known)
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


def rule_facts(questionnaire: Questionnaire, answers: Answers, facts: Facts) -> evaluation.Facts:
    """What the rules look at: the answers that count, by `linkId`, and the patient's age."""
    ages = {YEARS: facts.years, MONTHS: facts.months, DAYS: facts.days}
    return {**values(questionnaire, answers), **ages}
