"""What ships with intake, read once: questionnaires, red flags, ZIP prefixes."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from core.rules import rulebook
from core.rules.text import Language
from intake.questionnaires.questionnaire import Questionnaire
from intake.questionnaires.reading import parse
from intake.red_flags.rules import RedFlag
from intake.words.lexicon import Lexicon, Words

DATA = Path(__file__).parent / "data"


GENERAL = "other"
"""The questionnaire that asks about no complaint in particular."""


@functools.cache
def resources() -> Mapping[str, dict[str, Any]]:
    """Code -> FHIR R4 Questionnaire, as stored."""
    files = sorted((DATA / "questionnaires").glob("*.json"))
    return {file.stem: json.loads(file.read_bytes()) for file in files}


@functools.cache
def questionnaires() -> Mapping[str, Questionnaire]:
    """Code -> questionnaire ready to be asked."""
    return {code: parse(resource) for code, resource in resources().items()}


def questionnaire(code: str) -> Questionnaire:
    """The questionnaire with this code; the general one where a release dropped it."""
    return questionnaires().get(code) or questionnaires()[GENERAL]


def begun_with(stored: str) -> Questionnaire | None:
    """The questionnaire that a form was begun with, by its `url|version`; None where a release dropped it."""
    url = stored.partition("|")[0]
    return next((each for each in questionnaires().values() if each.url == url), None)


@functools.cache
def rules() -> tuple[RedFlag, ...]:
    """All red-flag rules, the most general first."""
    return rulebook.load(_read("red_flags.json"), rulebook.RuleFile[RedFlag])


@functools.cache
def words() -> Words:
    """The words that lead to the rules' questions, and the weights that were learned from lines of words, as stored."""
    stored = json.loads(_read("red_flag_words.json"))
    return msgspec.convert({**stored, "learned": json.loads(_read("red_flag_weights.json"))}, type=Words)


@functools.cache
def lexicon() -> Lexicon:
    """The same, ready to be looked for."""
    return Lexicon(words())


@functools.cache
def zip_prefixes() -> Mapping[str, tuple[tuple[int, int], ...]]:
    """US state -> inclusive ranges of the first three digits of its ZIP codes (USPS Labeling List L002)."""
    return msgspec.json.decode(_read("zip_prefixes.json"), type=dict[str, tuple[tuple[int, int], ...]])


def _read(name: str) -> bytes:
    return (DATA / name).read_bytes()


@functools.cache
def default_consent(language: Language) -> str:
    """What a patient agrees to while the clinic has not published a text of its own."""
    return _read(f"consent.{language}.txt").decode().strip()
