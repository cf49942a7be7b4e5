"""What ships with intake, read once: questionnaires, reasons, red flags, ZIP prefixes."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from core.rules import rulebook
from core.rules.text import Language, Text
from intake.questionnaires.questionnaire import Questionnaire, parse
from intake.red_flags import RedFlag
from intake.words.lexicon import Lexicon, Words

DATA = Path(__file__).parent / "data"


class Reason(msgspec.Struct, frozen=True):
    """A reason for a visit as the patient chooses it; its questionnaire has the same code."""

    code: str
    icon: str
    hint: Text


@functools.cache
def reasons() -> tuple[Reason, ...]:
    """All reasons, in the order in which they are offered."""
    return msgspec.json.decode(_read("reasons.json"), type=tuple[Reason, ...])


@functools.cache
def resources() -> Mapping[str, dict[str, Any]]:
    """Reason code -> FHIR R4 Questionnaire, as stored."""
    return {reason.code: json.loads(_read(f"questionnaires/{reason.code}.json")) for reason in reasons()}


@functools.cache
def questionnaires() -> Mapping[str, Questionnaire]:
    """Reason code -> questionnaire ready to be asked."""
    return {code: parse(resource) for code, resource in resources().items()}


def questionnaire_for(reason_code: str) -> Questionnaire:
    """The questionnaire of a reason; the general one when the clinic made up a reason of its own."""
    return questionnaires().get(reason_code) or questionnaires()["other"]


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
