"""Finds the names of medicines and classes in words: by their spelling, else by how they sound in either language."""

import re
from dataclasses import dataclass
from functools import cache

from chart.prescribing.knowledge.terms import Terms, of_terms, vocabulary
from chart.prescribing.medicines.formulary import fold, products
from chart.prescribing.medicines.tables import read_table

_LOCAL = frozenset({"topical", "ophthalmic", "otic"})


@dataclass(frozen=True, slots=True)
class Name:
    """What a name stands for. ``vague``: it leaves open which medicine is meant ('blood thinner')."""

    terms: str
    vague: bool = False

    def read(self) -> Terms:
        return of_terms(self.terms)


@cache
def _by_spelling() -> dict[str, Name]:
    """Every name: everyday words first, our products, RxNorm's ingredients, salts and brands, what has a class."""
    found: dict[str, Name] = {}
    for row in read_table("words"):
        found.setdefault(fold(row["word"]), Name(row["term"], row["vague"] == "yes"))
    for product in products():
        whole = Name(";".join(product.ingredients))
        if product.brand and product.route not in _LOCAL:
            found.setdefault(fold(product.brand), whole)
        for ingredient in product.ingredients:
            found.setdefault(fold(ingredient), Name(ingredient))
        found.setdefault(fold(product.name), whole)
    for name, ingredients in vocabulary().items():
        found.setdefault(name, Name(";".join(ingredients)))
    for row in read_table("classes"):
        for ingredient in row["ingredients"].split(";"):
            found.setdefault(ingredient, Name(ingredient))
    return found


_SOUNDS = (("ph", "f"), ("th", "t"), ("ch", "c"), ("k", "c"), ("y", "i"))
_TWICE = re.compile(r"(.)\1")


def sound(words: str) -> str:
    """How names are spelled alike in both languages: 'azithromycin' and 'azitromicina' are 'azitromicin'."""
    return " ".join(_sound(word) for word in words.split())


def _sound(word: str) -> str:
    if len(word) < 6 or not word.isalpha():
        return word
    for written, spoken in _SOUNDS:
        word = word.replace(written, spoken)
    word = _TWICE.sub(r"\1", word.removesuffix("s"))
    return word[:-1] if word[-1] in "aeiou" else word


@cache
def _by_sound() -> dict[str, Name | None]:
    """Names by their sound; None where two different things sound alike."""
    found: dict[str, Name | None] = {}
    for name, meant in _by_spelling().items():
        key = sound(name)
        if key in found and (known := found[key]) is not None and known.read() != meant.read():
            found[key] = None
        else:
            found.setdefault(key, meant)
    return found


@cache
def longest() -> int:
    """How many words the longest name has."""
    return max(len(name.split()) for name in _by_spelling())


def by_spelling(words: str) -> Name | None:
    """What these words, spelled just so, are the name of, if of anything."""
    return _by_spelling().get(words)


def find(words: str) -> Name | None:
    """What these words together are the name of, by their spelling or else by their sound."""
    return by_spelling(words) or _by_sound().get(sound(words))


_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LONG_ENOUGH = 6


def near(word: str) -> Name | None:
    """What a word with one letter too many, missing, wrong or out of place probably names; it stays in doubt."""
    if len(word) < _LONG_ENOUGH or not word.isalpha():
        return None
    heard = sound(word)
    found = [name for each in _one_letter_off(heard) if (name := _by_sound().get(each)) is not None]
    meanings = {name.read() for name in found}
    return Name(found[0].terms, vague=True) if len(meanings) == 1 else None


def _one_letter_off(word: str) -> set[str]:
    parts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    missing = {left + right[1:] for left, right in parts if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in parts if len(right) > 1}
    wrong = {left + letter + right[1:] for left, right in parts if right for letter in _LETTERS}
    added = {left + letter + right for left, right in parts for letter in _LETTERS}
    return missing | swapped | wrong | added
