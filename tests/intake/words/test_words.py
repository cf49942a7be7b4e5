"""A patient's own words: misspelt, lay, typed on a phone, in both languages.

`words/dev.txt` is what the words were tuned on. `words/held_out.txt` was written before they were tried on anything and
is not tuned on, so its rates are what other words may expect. The web reads `words/vectors.json`.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from intake import catalog
from intake.words.mentions import mentioned
from intake.words.spelling import slips, sound
from intake.words.tokens import plain, tokens

HERE = Path(__file__).parent
HARMLESS = "-"
VECTORS: list[dict[str, Any]] = json.loads((HERE / "vectors.json").read_text())


def lines(name: str) -> list[tuple[str, str]]:
    """Rule (or `-`) and text of each line."""
    found = (HERE / name).read_text().splitlines()
    pairs = (line.partition(": ") for line in found if line and not line.startswith("#"))
    return [(rule, text) for rule, _, text in pairs]


def asked(text: str, *facts: str) -> set[str]:
    return mentioned(catalog.lexicon(), [text], facts)


@pytest.mark.whole
def test_the_words_that_were_thought_of() -> None:
    missed = [
        (rule, text)
        for rule, text in lines("dev.txt")
        if (asked(text, "over_50") != set() if rule == HARMLESS else rule not in asked(text, "over_50"))
    ]
    assert missed == []


def test_other_words_are_understood_as_often_as_promised() -> None:
    """At least nine of ten dangerous lines ask something, and at most one of fifteen harmless ones does."""
    dangerous = [text for rule, text in lines("held_out.txt") if rule != HARMLESS]
    harmless = [text for rule, text in lines("held_out.txt") if rule == HARMLESS]
    assert sum(bool(asked(text)) for text in dangerous) >= 0.9 * len(dangerous)
    assert sum(bool(asked(text)) for text in harmless) <= len(harmless) / 15


def tried() -> dict[str, list[str]]:
    """The texts of `tried.txt` by language and kind: 'en danger', 'es benign'."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in (HERE / "tried.txt").read_text().splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            found.setdefault(section, []).append(line)
    return found


@pytest.mark.whole
@pytest.mark.parametrize("language", ["en", "es"])
def test_words_of_both_languages_are_understood_alike(language: str) -> None:
    dangerous, harmless = tried()[f"{language} danger"], tried()[f"{language} benign"]
    missed = [text for text in dangerous if not asked(text)]
    mistaken = [text for text in harmless if asked(text)]
    assert len(missed) <= 0.03 * len(dangerous), missed
    assert len(mistaken) <= 0.03 * len(harmless), mistaken


def test_rules_are_known_and_have_lines_of_their_own() -> None:
    ids = {rule.id for rule in catalog.rules()}
    assert {rule for rule, _ in lines("dev.txt")} - {HARMLESS} == ids
    assert {rule for rule, _ in lines("held_out.txt")} - {HARMLESS} <= ids


@pytest.mark.whole
def test_the_table_that_the_web_reads_too_says_what_is_found_here() -> None:
    assert [
        {**vector, "asks": sorted(asked(vector["text"], *vector["facts"]))} for vector in VECTORS
    ] == VECTORS


@pytest.mark.parametrize(
    "text",
    [
        "I can't breathe",
        "I cant breathe",
        "I can\u2019t breathe",
        "I CAN\u00b4T BREATHE",
        "I \uff43\uff41\uff4e\uff07\uff54 breathe",  # full width
        "i can nottt breatheee",
    ],
)
def test_one_text_in_many_ways_of_typing(text: str) -> None:
    assert "breathing" in asked(text)


def test_age_is_looked_at_where_it_decides() -> None:
    assert "infant_fever" in asked("she has a fever", "infant")
    assert "infant_fever" not in asked("she has a fever")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("I have no fever, cough or chest pain", "chest_pain"),
        ("chest pain: no", "chest_pain"),
        ("sin dolor de pecho", "chest_pain"),
        ("my father had a stroke in 2010", "stroke"),
    ],
)
def test_what_is_denied_or_not_theirs_asks_nothing(text: str, rule: str) -> None:
    assert rule not in asked(text)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("no fever or cough, but my chest hurts", "chest_pain"),
        ("No, I have chest pain", "chest_pain"),
        ("I don't know why my chest hurts", "chest_pain"),
        ("my father had a stroke this morning", "stroke"),
        ("I tried to kill myself in 2010", "suicide"),
        ("puntitos morados en el cuerpo de mi niño", "purple_rash"),
        ("convulsiones de mi niña", "fainting"),
        ("tuve un infarto hace 2 años y me duele el pecho", "chest_pain"),
        ("i had heart surgery 2 years ago and my chest hurts", "chest_pain"),
    ],
)
def test_a_word_of_denial_reaches_no_further_than_what_it_denies(text: str, rule: str) -> None:
    assert rule in asked(text)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("me rompi el tobillo hace 2 años y me molesta", "injury"),
        ("i had a seizure as a child, none since", "fainting"),
        ("can stress cause a heart attack", "chest_pain"),
        ("me pico un mosquito y tengo roncha", "anaphylaxis"),
        ("i had a seizure once as a kid never again", "fainting"),
        ("i fainted once in high school giving blood", "fainting"),
        ("my son is scared of thunder", "unsafe_home"),
        ("me pega el frio en las rodillas", "unsafe_home"),
        ("necesito mi inhalador, no tengo molestias", "medicine_out"),
    ],
)
def test_what_is_long_over_or_only_wondered_about_asks_nothing(text: str, rule: str) -> None:
    assert rule not in asked(text)


@pytest.mark.parametrize("text", ["i took double my insuline", "took doubel my insuline by acident"])
def test_a_misspelled_word_that_begins_as_a_known_one_is_still_understood(text: str) -> None:
    assert asked(text) & {"poisoning", "low_sugar"}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("my haert is racing and i am dizzy", "heart_rhythm"),  # letters swapped after an h
        ("no puedo dejar de yorar", "depression_severe"),  # ll and y
        ("erida de bala en la pierna", "injury"),  # an h that is not heard
        (
            "my father no can speak since one hour and his arm is falling",
            "stroke",
        ),  # English as a second language
        ("my baby 20 days is very hot and not want milk", "infant_fever"),
    ],
)
def test_words_are_understood_as_they_are_heard_and_learned(text: str, rule: str) -> None:
    assert rule in asked(text)


def test_spelling() -> None:
    assert plain("¿Opresión  en el PECHO?") == "¿opresion  en el pecho?"
    assert [token.word for token in tokens("30pills, su1cide 101.4", {})] == [
        "30",
        "pills",
        "suicide",
        "101.4",
    ]
    assert sound("kiero") == sound("quiero")
    assert (slips("pian", "pain", 2), slips("abc", "abc", 1), slips("abcd", "wxyz", 2)) == (1, 0, 3)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00", "!!!", "9" * 400, "a" * 5000, "胸が痛い", "💊" * 50, "no " * 1500, "kill " * 1000],
)
def test_no_text_breaks_it(text: str) -> None:
    asked(text)
