"""Where a patient is right now, and who may treat them there. Pure.

The place and a call-back number are taken at every join: help is sent there if the patient needs it, and a
clinician has to be licensed in the state where the patient is (not where they live).
"""

import re
from collections.abc import Collection, Mapping
from typing import Annotated

import msgspec

from core.errors import FieldError, Invalid
from identity.clinic.states import US_STATES
from identity.person.contacts import parse_dialed

_ZIP = re.compile(r"\d{5}(-\d{4})?", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)

Words = Annotated[str, msgspec.Meta(max_length=200)]


class Location(msgspec.Struct, frozen=True, kw_only=True):
    """A physical place, as help would need it. `state` is a USPS code within the US; `country` is ISO 3166."""

    line: Words = ""
    city: Words = ""
    state: Words = ""
    zip: Words = ""
    country: Words = "US"

    def stripped(self) -> "Location":
        return Location(**{name: value.strip() for name, value in msgspec.structs.asdict(self).items()})


class Whereabouts(msgspec.Struct, frozen=True, kw_only=True):
    """What a patient confirms at every join. `callback_phone` is as typed; once confirmed, as `parse_dialed` has it."""

    location: Location
    callback_phone: Annotated[str, msgspec.Meta(max_length=40)]


def confirm(given: Whereabouts) -> Whereabouts:
    """The same without stray blanks, the number as `parse_dialed` has it. Raises Invalid naming every wrong field."""
    location = given.location.stripped()
    faults = [FieldError(f"location.{name}", code) for name, code in _faults(location)]
    region = location.country if _COUNTRY.fullmatch(location.country) else "US"
    phone = parse_dialed(given.callback_phone, region)
    if phone is None:
        faults.append(
            FieldError("callback_phone", "phone_invalid" if given.callback_phone.strip() else "required")
        )
    if phone is None or faults:
        raise Invalid(faults)
    return Whereabouts(location=location, callback_phone=phone)


def _faults(location: Location) -> list[tuple[str, str]]:
    in_us = location.country == "US"
    required = ("line", "city", "state", "zip") if in_us else ("line", "city")
    faults = [(name, "required") for name in required if not getattr(location, name)]
    if not _COUNTRY.fullmatch(location.country):
        faults.append(("country", "country_unknown"))
    if in_us and location.state and location.state not in US_STATES:
        faults.append(("state", "state_unknown"))
    if in_us and location.zip and not _ZIP.fullmatch(location.zip):
        faults.append(("zip", "zip_invalid"))
    return faults


def licensed(licences: Collection[str], location: Mapping[str, str] | None) -> bool | None:
    """Whether these licences (USPS codes) cover the place; None when the place is not known.

    Outside of the US there is no state licence to hold against it: not covered.
    """
    if not location:
        return None
    return location.get("country", "US") == "US" and location.get("state") in licences
