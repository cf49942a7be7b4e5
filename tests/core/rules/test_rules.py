"""Rules as data: what conditions hold, why, and which files of rules are refused."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.rules.conditions import Condition, fact_tests
from core.rules.evaluation import evidence, holds
from core.rules.explanation import because
from core.rules.rulebook import Rule, RuleFile, RuleFileError, decide, digest, load
from core.rules.text import Language, Text

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors.json").read_text())


class Plain:
    """Facts under their own names, codes as <code>, numbers as #number."""

    def name(self, fact: str, language: Language) -> str:
        return fact

    def code(self, fact: str, code: str, language: Language) -> str:
        return f"<{code}>"

    def number(self, fact: str, number: float, language: Language) -> str:
        return f"#{number:g}"


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_a_condition_holds_and_says_why(vector: dict[str, Any]) -> None:
    condition = msgspec.convert(vector["when"], Condition)
    found = evidence(condition, vector["facts"])
    assert holds(condition, vector["facts"]) is vector["holds"]
    assert (because(found, Plain()).en if found is not None else None) == vector.get("because")


def test_the_reasons_are_said_in_both_languages() -> None:
    condition = msgspec.convert(
        {
            "op": "any",
            "of": [
                {"op": "is", "fact": "unwell", "value": True},
                {"op": "is", "fact": "before", "value": False},
                {"op": "at_least", "fact": "pain", "value": 7},
                {"op": "at_most", "fact": "days", "value": 1},
            ],
        },
        Condition,
    )
    found = evidence(condition, {"unwell": True, "before": False, "pain": 8, "days": 0})
    assert found is not None
    assert (
        because(found, Plain()).es == "unwell: sí · before: no · pain: #8 (#7 o más) · days: #0 (#1 o menos)"
    )


def test_the_tests_of_a_condition_are_found_at_any_depth() -> None:
    deep = next(vector["when"] for vector in VECTORS if vector["name"] == "parts of parts")
    facts = [test.fact for test in fact_tests(msgspec.convert(deep, Condition))]
    assert facts == ["age", "fever", "days", "unwell"]
    assert fact_tests(msgspec.convert({"op": "never"}, Condition)) == []


@pytest.mark.parametrize(
    "when",
    [
        {"op": "newer", "fact": "fever"},
        {"fact": "fever", "values": ["38"]},
        {"op": "any", "of": []},
        {"op": "all", "of": []},
        {"op": "all", "of": [{"op": "any", "of": []}]},
        {"op": "one_of", "fact": "fever", "values": []},
        {"op": "one_of", "fact": "", "values": ["38"]},
        {"op": "is", "fact": "unwell", "value": "yes"},
        {"op": "at_least", "fact": "pain", "value": "7"},
        {"op": "at_most", "fact": "pain", "value": 7, "is": True},
    ],
    ids=json.dumps,
)
def test_what_is_no_condition_is_refused_when_it_is_read(when: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(when, Condition)


def _rule(**changes: Any) -> dict[str, Any]:
    fever = {"op": "one_of", "fact": "fever", "values": ["38"]}
    return {"id": "fever", "version": 1, "source": "NICE NG143", "when": fever, **changes}


def _file(*rules: dict[str, Any], **released: dict[str, str]) -> bytes:
    return json.dumps({"rules": rules, "released": released}).encode()


def _digest(rule: dict[str, Any]) -> str:
    return digest(msgspec.convert(rule, Rule))


def test_a_rule_that_is_released_as_it_stands_loads_and_decides() -> None:
    [rule] = load(_file(_rule(), fever={"1": _digest(_rule())}), RuleFile[Rule])
    decision = decide(rule, {"fever": "38"}, Plain())
    assert decision is not None
    assert (decision.rule, decision.version, decision.because) == (
        "fever",
        1,
        Text("fever: <38>", "fever: <38>"),
    )
    assert decide(rule, {"fever": "no"}, Plain()) is None


def test_a_new_version_stands_beside_the_old_one() -> None:
    old, new = _rule(), _rule(version=2, source="NICE NG143, 2021")
    [rule] = load(_file(new, fever={"1": _digest(old), "2": _digest(new)}), RuleFile[Rule])
    assert rule.version == 2
    tenth = {str(version): "old" for version in range(1, 10)} | {"10": _digest(old)}
    [rule] = load(_file(_rule(version=10), fever=tenth), RuleFile[Rule])
    assert rule.version == 10


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        (_rule(source="Another"), 2),
        (_rule(when={"op": "one_of", "fact": "fever", "values": ["38", "39"]}), 2),
        (_rule(version=2), 1),
        (_rule(version=2, source="Another"), 2),
    ],
)
def test_a_rule_that_changes_without_a_new_version_does_not_load(rule: dict[str, Any], wanted: int) -> None:
    with pytest.raises(RuleFileError) as refused:
        load(_file(rule, fever={"1": _digest(_rule())}), RuleFile[Rule])
    assert str(refused.value) == (
        f'Rule fever is new or has changed: give it "version": {wanted}, '
        f'and write "{wanted}": "{_digest(rule)}" among its entries in "released".'
    )


def test_a_version_that_was_released_before_is_not_used_again() -> None:
    released = {"1": _digest(_rule()), "2": _digest(_rule(source="Another"))}
    with pytest.raises(RuleFileError, match='"version": 3'):
        load(_file(_rule(), fever=released), RuleFile[Rule])


def test_a_new_rule_that_is_not_released_does_not_load() -> None:
    with pytest.raises(RuleFileError, match='"version": 1'):
        load(_file(_rule()), RuleFile[Rule])


def test_an_id_stands_once() -> None:
    with pytest.raises(RuleFileError, match="Rule fever stands twice"):
        load(_file(_rule(), _rule(), fever={"1": _digest(_rule())}), RuleFile[Rule])


@pytest.mark.parametrize("change", [{"source": ""}, {"version": 0}, {"id": "Fever!"}, {"advise": "typo"}])
def test_a_rule_without_what_every_rule_has_does_not_load(change: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        load(_file(_rule(**change)), RuleFile[Rule])
