"""What an administrator reads in the audit has words, in both languages, for every action that the platform writes
down, and for nothing else; and each kind of action can be looked for."""

import json
import re
from collections.abc import Mapping
from typing import Any, get_args

import pytest

from chart.prescribing.safety.rules import Kind, Severity
from chart.record.registry import SPECS
from followup.domain import Channel, ClosedBecause, Outcome, TaskSource
from identity.domain import EndReason, Method
from identity.patient_account.schemas import Proof
from tests.app.every_route.recorded import ROOT, flat, recorded

ADMIN = ROOT / "web/src/features/admin"
LANGUAGES = ("en", "es")


def _words(language: str) -> Mapping[str, Any]:
    audit: Mapping[str, Any] = json.loads((ADMIN / f"messages/{language}.json").read_text())["audit"]
    return audit


def test_every_action_has_words() -> None:
    written = recorded()
    assert {"session.begin", "account.disable", "audit.search", "chart.read", "visit.admitted"} <= written
    for language in LANGUAGES:
        words = set(flat(_words(language)["actions"]))
        assert written - words == set(), language
        assert words - written == set(), language


def test_every_kind_of_action_can_be_looked_for() -> None:
    kinds = {action.partition(".")[0] for action in recorded()}
    [listed] = re.findall(r"ACTIONS = \[(.*?)\]", (ADMIN / "audit" / "audit.ts").read_text(), re.DOTALL)
    assert set(re.findall(r"'(\w+)'", listed)) == kinds
    for language in LANGUAGES:
        assert set(_words(language)["kinds"]) == kinds


CODES = {
    "kinds of records": {*SPECS},
    "ways to sign in": set(Method),
    "ends of a sign-in": set(EndReason),
    "why there is a task": set(TaskSource),
    "why a task is closed": set(ClosedBecause),
    "ways to reach somebody": {*Channel, *Outcome},
    "proof": set(get_args(Proof)),
    "severity": set(Severity),
}


def test_every_kind_of_alert_has_words() -> None:
    for language in LANGUAGES:
        assert set(_words(language)["alertKinds"]) == set(Kind)


@pytest.mark.parametrize("codes", CODES.values(), ids=CODES)
def test_every_code_beside_an_action_has_words(codes: set[str]) -> None:
    for language in LANGUAGES:
        words = _words(language)["values"]
        assert {str(code) for code in codes} - set(words) == set(), language
        assert {word for word in map(words.get, codes) if word in SPECS} == set()
