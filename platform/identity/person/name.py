"""A person's name in parts. No database.

The database shows a name by the function `person_name`, which has to do the same as `shown`. A test
holds them together.
"""

import unicodedata
from typing import Annotated

import msgspec

from core.text.search_key import search_key

# Characters that turn the reading direction of what follows (Unicode UAX #9). Joiners, which names need, are none.
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LONGEST = 100

Part = Annotated[str, msgspec.Meta(max_length=200)]


class Name(msgspec.Struct, kw_only=True):
    """Empty text means 'none'. Whoever has a single name has it as `given` or as `family`.

    `second` are middle names, `used_name` is what the person goes by. Nothing ever splits one part into two.
    """

    given: Part = ""
    family: Part = ""
    second: Part = ""
    prefix: Part = ""
    suffix: Part = ""
    used_name: Part = ""


PARTS = Name.__struct_fields__


def name_in(parts: object) -> Name:
    """The name among an object's fields, without blanks at the ends and doubled ones."""
    return Name(**{part: " ".join(getattr(parts, part).split()) for part in PARTS})


def shown(name: Name) -> str:
    """As screens and documents have it, given names first: 'Dr. Roberto Luis Núñez, Jr.'.

    Whoever goes by another name is shown by it: 'Beto (Roberto Luis) Núñez', 'Beto (Madonna)'.
    """
    given = _joined(name.given, name.second)
    words = [given, name.family]
    if name.used_name and name.used_name != name.given:
        legal = given or name.family
        words = [name.used_name, f"({legal})", name.family if given else ""]
    plain = _joined(name.prefix, *words)
    return f"{plain}, {name.suffix}" if name.suffix else plain


def single(name: Name) -> str:
    """The name by which a person is called formally: the family name, or the only one."""
    return name.family or name.given


def alike(one: Name, other: Name) -> bool:
    """Whether two may be the name of one person: written alike, accents, case, signs and blanks aside.

    A middle name that only one of them has tells nothing; two different ones tell people apart.
    """
    seconds = {search_key(each.second) for each in (one, other)} - {""}
    return len(seconds) < 2 and bool(_wholes(one) & _wholes(other))


def part_problem(part: str) -> str | None:
    """What is wrong with one part of a person's name. A name is what its bearer writes: only emptiness, length and
    characters that control how text is shown are refused."""
    kinds = {unicodedata.category(letter) for letter in part}
    if kinds <= {"Zs", "Cf"}:
        return "required"
    if len(part) > _LONGEST:
        return "too_long"
    controls = kinds & {"Cc", "Cs", "Cn", "Co", "Zl", "Zp"}
    return "control_characters" if controls or not _DIRECTIONS.isdisjoint(part) else None


def problems(name: Name) -> dict[str, str]:
    """What is wrong with a name, by part."""
    typed = {part: getattr(name, part) for part in PARTS}
    found = {part: problem for part, text in typed.items() if text and (problem := part_problem(text))}
    if not name.given and not name.family:
        found["family"] = "required"
    elif name.second and not name.given:
        found["given"] = "required"
    return found


def _joined(*words: str) -> str:
    return " ".join(word for word in words if word)


def _wholes(name: Name) -> set[str]:
    """Middle names count among the given ones: some write both in one field."""
    given = {name.given, _joined(name.given, name.second)}
    return {search_key(f"{each} {name.family}") for each in given} - {""}
