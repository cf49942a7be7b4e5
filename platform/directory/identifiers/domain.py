"""Identifiers: their kinds, what a search finds them by, and what is shown of them. Pure."""

import re
from enum import StrEnum

_SIGNS = re.compile(r"[\s./_-]+")
_SHOWN = 4
_SHORTEST_KEY = 4


class IdentifierKind(StrEnum):
    """The codes of HL7's table 0203, where it has one."""

    RECORD = "MR"
    """A record number of another clinic or system; our own is the patient's MRN."""
    MEMBER = "MB"
    LICENSE = "DL"
    PASSPORT = "PPN"
    OTHER = "other"


MASKED = frozenset({IdentifierKind.LICENSE, IdentifierKind.PASSPORT})
"""Whoever has one of these can pass for the patient elsewhere: who asks for it is shown it, and the audit says so."""


def key_of(text: str) -> str:
    """What a number is found by: capitals, without blanks and the signs that people put between digits."""
    return _SIGNS.sub("", text).upper()


def searched(query: str) -> str | None:
    """The key of a query that may be an identifier; None for one without a digit, as names are, and for short ones."""
    key = key_of(query)
    return key if len(key) >= _SHORTEST_KEY and any(sign.isdigit() for sign in key) else None


def masked(value: str) -> str:
    """Enough for its owner to know it by, too little for anybody else."""
    key = key_of(value)
    return f"••• {key[-_SHOWN:]}" if len(key) > 2 * _SHOWN else "•••"
