"""The second check on a new device: what of a person is compared, with no database."""

import re
from dataclasses import dataclass
from datetime import date

from core.text.folding import without_accents
from identity.person.address import Address

_APART = re.compile(r"[^\w]+")
_SHORTEST_NAME = 2


@dataclass(frozen=True)
class Known:
    """What the clinic has on file of one person. `name` is the last name, or the only one."""

    name: str
    birth_date: date
    mrn: str
    address: Address | None


def is_person(known: Known, birth_date: date, answer: str) -> bool:
    """Whether the birth date is theirs, and the answer one of: last name, ZIP code on file, record number.

    Any of the three will do, so that nobody has to remember which one they gave. Accents, case, spaces and hyphens do
    not matter; of two last names either is enough, of a ZIP code its first five digits.
    """
    return birth_date == known.birth_date and _plain(answer) in _answers(known)


def _answers(known: Known) -> set[str]:
    words = [_plain(word) for word in _APART.split(known.name)]
    found = {
        _plain(known.name),
        _plain(known.mrn),
        *(word for word in words if len(word) >= _SHORTEST_NAME),
    }
    code = _plain(known.address.postalCode) if known.address else ""
    found |= {code, code[:5]} if code else set()
    return found - {""}


def _plain(text: str) -> str:
    return _APART.sub("", without_accents(text)).replace("_", "")
