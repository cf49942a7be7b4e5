"""A text as plain words: lower case, without accents, apostrophes and drawn-out letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import msgspec

_LEET = str.maketrans({"@": "a", "$": "s", "!": "i", "1": "i", "0": "o", "3": "e", "4": "a", "5": "s"})
_LEET_INSIDE = re.compile(r"(?<=[a-z])[@$!13450](?=[a-z])")
_APOSTROPHES = re.compile("['`\u00b4\u02bc\u2018\u2019\uff07]")
_WITHOUT = re.compile(r"\bw/o\b")
_NUMBER_THEN_LETTER = re.compile(r"(?<=[0-9])(?=[a-z])")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
_PARTS = re.compile(
    r"[a-z]+[0-9]*|[0-9]+(?:[.,][0-9]+)?|(?<=[0-9])\s*/\s*(?=[0-9])|[.!?;\n]|[,:()]|\s-+\s|[\u2013\u2014]"
)
_OVER = "over"


class Token(msgspec.Struct, frozen=True):
    """One word and where it stands: the number of its sentence, and of its clause in the whole text."""

    word: str
    sentence: int
    clause: int


def plain(text: str) -> str:
    """Lower case without accents, apostrophes, look-alike digits within words, and letters drawn out."""
    decomposed = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).lower()
    decomposed = unicodedata.normalize("NFD", decomposed)
    bare = "".join(letter for letter in decomposed if not unicodedata.category(letter).startswith("M"))
    bare = _WITHOUT.sub("without", bare)
    bare = _LEET_INSIDE.sub(lambda found: found[0].translate(_LEET), bare)
    return _DRAWN_OUT.sub(r"\1", _NUMBER_THEN_LETTER.sub(" ", bare))


def tokens(text: str, short: Mapping[str, str]) -> list[Token]:
    """The words of a text in order. `short` spells out what people shorten ("wanna" -> "want to")."""
    found: list[Token] = []
    sentence = clause = 0
    for part in _PARTS.findall(plain(text)):
        if part[0].isalnum() or "/" in part:
            word = _OVER if "/" in part else part
            found += [Token(each, sentence, clause) for each in short.get(word, word).split()]
        elif part in ".!?;\n":
            sentence, clause = sentence + 1, clause + 1
        else:
            clause += 1
    return found
