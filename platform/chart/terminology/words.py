"""How typed words are made comparable: lower case, no accents, no punctuation."""

import re

from core.text.folding import without_accents

_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHE = re.compile("['\u2019]")


def fold(text: str) -> str:
    """Lower case without accents and punctuation: "Párpados (hinchados)" becomes "parpados hinchados"."""
    return " ".join(_WORD.findall(_APOSTROPHE.sub("", without_accents(text))))


def tokens(text: str) -> list[str]:
    """The words of the folded text."""
    return fold(text).split()
