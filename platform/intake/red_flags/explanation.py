"""Why a red flag was raised, in the words of the questions: 'Right now: Chest pain, pressure or tightness'. Pure."""

from __future__ import annotations

from typing import NamedTuple

from core.rules.rulebook import Decision, decide
from core.rules.text import Language, Text
from intake.questionnaires.facts import Facts
from intake.questionnaires.questionnaire import Answers, Questionnaire
from intake.red_flags.rules import DAYS, MONTHS, YEARS, RedFlag, Triage, rule_facts

AGE = Text("Age", "Edad")
UNITS = {
    YEARS: (Text("year", "año"), Text("years", "años")),
    MONTHS: (Text("month", "mes"), Text("months", "meses")),
    DAYS: (Text("day", "día"), Text("days", "días")),
}
WEEKS = Text("weeks", "semanas")
COUNTED_IN_WEEKS = 14
"""From this many days on, whole weeks are said as weeks, as one does of a baby."""


class Raised(NamedTuple):
    """A red flag with the decision that raised it."""

    rule: RedFlag
    decision: Decision


class IntakeWords:
    """The words of a questionnaire for the facts that rules look at; see `core.rules.explanation.FactWords`."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._items = {item.link_id: item for item in questionnaire.walk()}

    def name(self, fact: str, language: Language) -> str:
        """The short form of the question."""
        return (AGE if fact in UNITS else self._items[fact].short).in_(language)

    def code(self, fact: str, code: str, language: Language) -> str:
        """The choice as the patient read it."""
        option = self._items[fact].option(code)
        return option.text.in_(language) if option is not None else code

    def number(self, fact: str, number: float, language: Language) -> str:
        """An age with its unit; anything else as it is."""
        if fact not in UNITS:
            return f"{number:g}"
        if fact == DAYS and number >= COUNTED_IN_WEEKS and number % 7 == 0:
            return f"{number // 7:g} {WEEKS.in_(language)}"
        one, several = UNITS[fact]
        return f"{number:g} {(one if number == 1 else several).in_(language)}"


def raised(
    triage: Triage, questionnaire: Questionnaire, answers: Answers, facts: Facts
) -> tuple[Raised, ...]:
    """The flags of a triage with their decisions. A flag that no condition raised was a yes to its question."""
    if not triage.flags:
        return ()
    known, words = rule_facts(questionnaire, answers, facts), IntakeWords(questionnaire)
    return tuple(Raised(rule, decide(rule, known, words) or said_yes(rule)) for rule in triage.flags)


def said_yes(rule: RedFlag) -> Decision:
    """The decision that a patient makes by answering a rule's question with yes."""
    because = Text(f"Yes to “{rule.ask.en}”", f"Sí a «{rule.ask.es}»")
    return Decision(rule.id, rule.version, because)
