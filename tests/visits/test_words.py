"""Codes that travel between slices have their words, and the slices agree on which there are."""

import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def catalogue(path: str, language: str) -> dict[str, Any]:
    words: dict[str, Any] = json.loads((ROOT / "web/src" / path / f"messages/{language}.json").read_text())
    return words


def codes_of(name: str, key: str) -> set[str]:
    """The codes of a list, or of the rules in a file of rules."""
    read = json.loads((ROOT / "platform/intake/data" / name).read_text())
    return {entry[key] for entry in (read["rules"] if isinstance(read, dict) else read)}


@pytest.mark.parametrize("language", ["en", "es"])
def test_red_flags_have_words_for_the_queue(language: str) -> None:
    assert codes_of("red_flags.json", "id") <= set(catalogue("features/visits/queue", language)["flags"])
