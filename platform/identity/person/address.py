"""A postal address in parts, by the names of FHIR's Address. No database."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
import phonenumbers

from identity.clinic.states import US_STATES
from identity.person.names import line_problem

HOME = "US"
_ZIP = re.compile(r"\d{5}(-?\d{4})?", re.ASCII)

LINES = 3
"""The most that a form shows, and a row holds."""

Text = Annotated[str, msgspec.Meta(max_length=200)]


class Address(msgspec.Struct, kw_only=True):
    """`line` is street and number, apartment and the like. Within the US `state` is a USPS code and `postalCode` a ZIP
    code; `country` is ISO 3166-1 alpha-2.

    What an earlier version or another system kept as one text is `line` as a whole, without a city: nobody has split
    it yet, and nothing here guesses.
    """

    line: Annotated[list[Text], msgspec.Meta(max_length=LINES)] = []
    city: Text = ""
    state: Text = ""
    postalCode: Annotated[str, msgspec.Meta(max_length=20)] = ""  # FHIR's name
    country: Annotated[str, msgspec.Meta(max_length=2)] = HOME


class AddressForm(Address, forbid_unknown_fields=True):
    """An address as somebody typed it."""


def address_in(stored: Mapping[str, Any] | None) -> Address | None:
    """The address that a row holds; None where there is none. What else a row holds of it is left aside."""
    return msgspec.convert(stored, Address) if stored else None


def typed(form: Address | None) -> Address | None:
    """What a form's address is: tidy; None where it is empty."""
    address = tidy(form) if form else None
    return None if address is None or is_empty(address) else address


def change_problems(address: Address | None, stored: Mapping[str, Any] | None) -> dict[str, str]:
    """What is wrong with what was typed() in place of what a row holds, by field. What is as it was may stay so."""
    now = address_in(stored)
    if address is None or (now is not None and address == tidy(now)):
        return {}
    return {f"address.{part}": code for part, code in problems(address).items()}


def tidy(address: Address) -> Address:
    """Without blanks at the ends, doubled ones, and empty lines."""
    lines = (_tidy(line) for line in address.line)
    return Address(
        line=[line for line in lines if line],
        city=_tidy(address.city),
        state=_tidy(address.state),
        postalCode=_tidy(address.postalCode),
        country=address.country.strip().upper(),
    )


def is_empty(address: Address) -> bool:
    """Whether nothing was typed; a country alone is nothing."""
    return not (address.line or address.city or address.state or address.postalCode)


def is_split(address: Address) -> bool:
    """Whether the parts are told apart: an address without a city is one text still."""
    return bool(address.city)


def shown(address: Address | None) -> str:
    """On one line, as mail within the US is addressed: '1 Harbor Road, Albany, NY 12207'."""
    if address is None:
        return ""
    place = _joined(" ", address.state, address.postalCode)
    abroad = address.country if address.country != HOME else ""
    return _joined(", ", *address.line, address.city, place, abroad)


def problems(address: Address) -> dict[str, str]:
    """What is wrong with a tidy address, by part. One that is not split yet lacks its city."""
    at_home = address.country == HOME
    found: dict[str, str | None] = {
        "line": next(filter(None, map(line_problem, address.line)), None) if address.line else "required",
        "city": line_problem(address.city) if address.city else "required",
        "state": _state_problem(address.state) if at_home else line_problem(address.state),
        "postalCode": _zip_problem(address.postalCode) if at_home else line_problem(address.postalCode),
        "country": None if address.country in phonenumbers.SUPPORTED_REGIONS else "country_unknown",
    }
    return {part: code for part, code in found.items() if code}


def _state_problem(state: str) -> str | None:
    return None if state in US_STATES else "state_unknown" if state else "required"


def _zip_problem(code: str) -> str | None:
    return None if _ZIP.fullmatch(code) else "zip_invalid" if code else "required"


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _joined(by: str, *words: str) -> str:
    return by.join(word for word in words if word)
