"""Small things done to text that is searched."""

import unicodedata


def without_accents(text: str) -> str:
    """Lower case, with letters taken apart and their marks dropped: 'Párpados' becomes 'parpados' (Unicode NFKD)."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def containing(text: str) -> str:
    """The LIKE pattern for what has this text in it, whatever characters it is made of."""
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
