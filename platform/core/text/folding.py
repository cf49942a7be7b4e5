"""Small things done to text that is searched."""

import re
import unicodedata

_MARKS = re.compile("[\u0300-\u036f]")


def without_accents(text: str) -> str:
    """Lower case, with letters taken apart and their marks dropped: 'Párpados' becomes 'parpados' (Unicode NFKD).

    The database has a function of this name, which has to do the same: no mark is dropped here that is kept there.
    """
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text)).lower()


def containing(text: str) -> str:
    """The LIKE pattern for what has this text in it, whatever characters it is made of."""
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
