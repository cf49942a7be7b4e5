"""A name as FHIR's HumanName, and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from identity.person.name import Name

HumanName = dict[str, Any]

_USED = ("usual", "nickname")


def to_fhir(name: Name) -> list[HumanName]:
    """The official name; and beside it the one that the person goes by, if that is another."""
    official: HumanName = {"use": "official"}
    if name.family:
        official["family"] = name.family
    if name.given:
        official["given"] = [each for each in (name.given, name.second) if each]
    if name.prefix:
        official["prefix"] = [name.prefix]
    if name.suffix:
        official["suffix"] = [name.suffix]
    return [official, {"use": "usual", "given": [name.used_name]}] if name.used_name else [official]


def from_fhir(names: Sequence[Mapping[str, Any]]) -> Name:
    """The parts of the official name, else of the first one. FHIR counts middle names among the given ones.

    A name that comes as text alone is kept whole, as the family name: its parts are not guessed.
    """
    official = next((each for each in names if each.get("use") == "official"), None)
    found = official or next((each for each in names if each.get("use") not in _USED), None)
    found = found or next(iter(names), {})
    usual = next((each for each in names if each.get("use") in _USED), None)
    given = [each for each in found.get("given") or [] if each]
    used = [each for each in (usual or {}).get("given") or [] if each] if usual is not found else []
    family = found.get("family") or ""
    if not family and not given:
        family = found.get("text") or ""
    return Name(
        given=given[0] if given else "",
        family=family,
        second=" ".join(given[1:]),
        prefix=" ".join(each for each in found.get("prefix") or [] if each),
        suffix=" ".join(each for each in found.get("suffix") or [] if each),
        used_name=" ".join(used) if used != given[:1] else "",
    )
