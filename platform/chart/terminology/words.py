"""How typed words are made comparable: lower case, no accents, no punctuation."""

import re
import unicodedata

_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHE = re.compile("['\u2019]")


def fold(text: str) -> str:
    """Lower case without accents and punctuation: "Párpados (hinchados)" becomes "parpados hinchados"."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(_WORD.findall(_APOSTROPHE.sub("", plain)))


def tokens(text: str) -> list[str]:
    """The words of the folded text."""
    return fold(text).split()
