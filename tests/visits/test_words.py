"""Codes that travel between slices have their words, and the slices agree on which there are."""

import json
from pathlib import Path
from typing import Any

import pytest

from visits.booking.reasons import REASONS

ROOT = Path(__file__).parents[2]


def catalogue(path: str, language: str) -> dict[str, Any]:
    words: dict[str, Any] = json.loads((ROOT / "web/src" / path / f"messages/{language}.json").read_text())
    return words


def codes_of(name: str, key: str) -> set[str]:
    """The codes of a list, or of the rules in a file of rules."""
    read = json.loads((ROOT / "platform/intake/data" / name).read_text())
    return {entry[key] for entry in (read["rules"] if isinstance(read, dict) else read)}


def test_what_can_be_asked_for_has_a_questionnaire() -> None:
    assert set(REASONS) == codes_of("reasons.json", "code")


@pytest.mark.parametrize("language", ["en", "es"])
def test_reasons_and_red_flags_have_words_for_the_queue(language: str) -> None:
    assert set(REASONS) <= set(catalogue("lib/i18n", language)["reasons"])
    assert codes_of("red_flags.json", "id") <= set(catalogue("features/visits/queue", language)["flags"])
