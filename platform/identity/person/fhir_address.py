"""An address as FHIR's Address, and back."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import phonenumbers

from identity.person.address import HOME, LINES, Address, is_empty, tidy

FhirAddress = dict[str, Any]

_HOME_NAMES = frozenset({"", "USA", "UNITED STATES", "UNITED STATES OF AMERICA"})


def to_fhir(address: Address) -> FhirAddress:
    """The parts that there are."""
    return {name: part for name, part in msgspec.structs.asdict(address).items() if part}


def from_fhir(addresses: Sequence[Mapping[str, Any]]) -> Address | None:
    """The parts of the home address, else of the first that is not an old one; None where there is none.

    An address that comes as text alone is kept whole, as its line: its parts are not guessed. Nothing is cut, so a part
    may be longer than an Address holds.
    """
    now = [each for each in addresses if each.get("use") != "old"]
    found = next((each for each in now if each.get("use") == "home"), None) or next(iter(now), None)
    if found is None:
        return None
    lines = [str(line) for line in found.get("line") or [] if line]
    if not lines and not found.get("city"):
        lines = [str(found.get("text") or "")]
    country, name = _country(str(found.get("country") or ""))
    lines = [line for line in (*lines, name) if line]
    address = tidy(
        Address(
            # What does not fit into three lines stands on the last one.
            line=[*lines[: LINES - 1], ", ".join(lines[LINES - 1 :])],
            city=str(found.get("city") or ""),
            state=str(found.get("state") or ""),
            postalCode=str(found.get("postalCode") or ""),
            country=country,
        )
    )
    return None if is_empty(address) else address


def _country(text: str) -> tuple[str, str]:
    """The code; and the words that are no code, for a line of their own: FHIR takes any name of a country."""
    code = text.strip().upper()
    if code in _HOME_NAMES:
        return HOME, ""
    return (code, "") if code in phonenumbers.SUPPORTED_REGIONS else ("", text.strip())
