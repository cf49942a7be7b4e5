"""Identifiers: their kinds, what a search finds them by, and what is shown of them. Pure."""

import re
from collections.abc import Iterable
from enum import StrEnum

_SIGNS = re.compile(r"[\s\x00./_-]+")
_SHOWN = 4
_SHORTEST_KEY = 4

MAX_IDENTIFIERS = 30
"""So many are kept of one patient."""


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


_SYSTEMS = {
    "urn:oid:2.16.840.1.113883.4.3.": IdentifierKind.LICENSE,
    "urn:oid:2.16.840.1.113883.4.330.": IdentifierKind.PASSPORT,
    "http://hl7.org/fhir/sid/passport-": IdentifierKind.PASSPORT,
}
"""The beginnings of systems that tell a kind: of each state's driver's licenses and each country's passports (HL7's OID
registry, 2.16.840.1.113883.4.3 and .4.330; FHIR's `passport-` and the country's code)."""

_SOCIAL_SECURITY = frozenset({"http://hl7.org/fhir/sid/us-ssn", "urn:oid:2.16.840.1.113883.4.1"})


def is_social_security(codes: Iterable[str], system: str) -> bool:
    """Whether an identifier of these types and this system is a Social Security number, which nobody here keeps."""
    return "SS" in codes or system in _SOCIAL_SECURITY


def kind_of(codes: Iterable[str], system: str) -> IdentifierKind:
    """The kind, by the codes of HL7's table 0203, or else by the system."""
    known = {str(kind): kind for kind in IdentifierKind if kind is not IdentifierKind.OTHER}
    by_code = (known[code] for code in codes if code in known)
    by_system = (kind for begin, kind in _SYSTEMS.items() if system.startswith(begin))
    return next(by_code, None) or next(by_system, IdentifierKind.OTHER)


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
