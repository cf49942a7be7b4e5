"""The one table of cases that holds the rules here and those on the web (`vectors.test.ts`) together."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from intake import catalog
from intake.questionnaires.checking import check
from intake.questionnaires.evaluation import enabled, values
from intake.questionnaires.facts import Facts
from intake.questionnaires.questionnaire import for_person
from intake.red_flags.rules import triage

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors.json").read_text())
TODAY = dt.date(2026, 11, 20)


def facts_of(vector: dict[str, Any]) -> Facts:
    years: int = vector["age"]
    months, days = vector.get("months", years * 12), vector.get("days", years * 365)
    return Facts(years, months, days, vector.get("sex", "unknown"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_rules_give_what_the_table_says(vector: dict[str, Any]) -> None:
    facts = facts_of(vector)
    questionnaire = for_person(catalog.questionnaires()[vector["reason"]], facts)
    answers = vector["answers"]
    asked = {item.link_id for item in enabled(questionnaire, answers)}
    assert asked >= set(vector.get("asked", []))
    assert not asked & set(vector.get("not_asked", []))
    faults = check(questionnaire, answers, TODAY, complete=vector["complete"])
    assert [[fault.path, fault.code] for fault in faults] == vector["faults"]
    found = triage(catalog.rules(), catalog.lexicon(), questionnaire, answers, facts)
    assert [rule.id for rule in found.flags] == vector["flags"]
    assert [rule.id for rule in found.asks] == vector["asks"]
    assert values(questionnaire, answers).items() >= vector.get("values", {}).items()
