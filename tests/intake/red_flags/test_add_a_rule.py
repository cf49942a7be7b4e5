"""docs/add-a-rule.md, followed word by word."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from core.rules.rulebook import RuleFile, RuleFileError, load
from intake import catalog
from intake.questionnaires.facts import Facts
from intake.questionnaires.questionnaire import for_person
from intake.red_flags.explanation import raised
from intake.red_flags.rules import RedFlag, triage

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/add-a-rule.md").read_text()
RULE, RELEASED, ANSWERS = (json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))
[SENTENCE] = re.findall(r"^> (.*)$", PAGE, re.MULTILINE)
OLD = Facts(years=70, months=840, days=25_570)


def _file(released: dict[str, Any]) -> bytes:
    file = json.loads((catalog.DATA / "red_flags.json").read_text())
    return json.dumps(
        {"rules": [*file["rules"], RULE], "released": {**file["released"], **released}}
    ).encode()


def test_the_error_says_how_a_new_rule_is_released() -> None:
    with pytest.raises(RuleFileError) as refused:
        load(_file({}), RuleFile[RedFlag])
    [(version, digest)] = RELEASED[RULE["id"]].items()
    assert f'"version": {version}, and write "{version}": "{digest}"' in str(refused.value)


def test_the_rule_is_raised_and_says_why() -> None:
    rules = load(_file(RELEASED), RuleFile[RedFlag])
    questionnaire = for_person(catalog.questionnaires()["cough"], OLD)
    found = triage(rules, catalog.lexicon(), questionnaire, ANSWERS, OLD)
    [(rule, decision)] = raised(found, questionnaire, ANSWERS, OLD)
    assert (rule.id, decision.version) == (RULE["id"], RULE["version"])
    assert decision.because.en == SENTENCE


def test_every_file_that_the_page_names_is_there() -> None:
    named = re.findall(r"`((?:platform|tests|web)/[^`]+)`", PAGE)
    assert len(named) > 8
    assert [path for path in named if not (ROOT / path).exists()] == []
