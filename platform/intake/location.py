"""Where the patient is now and how to call back: pure checks of addresses and phone numbers."""

from __future__ import annotations

import re

import phonenumbers

from identity.person.contacts import parse_dialed
from intake.catalog import zip_prefixes
from intake.draft import DraftContact, DraftLocation, IntakeDraft
from intake.questionnaires.questionnaire import Fault

REACH_BY = ("phone", "sms", "email")

_ZIP = re.compile(r"\d{5}(-\d{4})?", re.ASCII)


def check_location(location: DraftLocation, *, complete: bool) -> list[Fault]:
    """What is wrong with the physical location. ZIP code and state have to fit together in the US."""
    required = ("line", "city", "state", "zip") if location.country == "US" else ("line", "city")
    faults = []
    if complete:
        faults += [
            Fault(f"location.{name}", "required") for name in required if not getattr(location, name).strip()
        ]
    if location.country not in phonenumbers.SUPPORTED_REGIONS:
        return [*faults, Fault("location.country", "country_unknown")]
    if location.country == "US":
        faults += _check_us(location.state.strip(), location.zip.strip())
    return faults


def check_contact(contact: DraftContact, country: str, *, complete: bool) -> list[Fault]:
    """What is wrong with the call-back number (read as dialled in `country`) and the way to be reached."""
    faults = []
    if contact.callback_phone.strip():
        if parse_dialed(contact.callback_phone, country) is None:
            faults.append(Fault("contact.callback_phone", "phone_invalid"))
    elif complete:
        faults.append(Fault("contact.callback_phone", "required"))
    if contact.reach_by and contact.reach_by not in REACH_BY:
        faults.append(Fault("contact.reach_by", "unknown_option"))
    elif complete and not contact.reach_by:
        faults.append(Fault("contact.reach_by", "required"))
    return faults


def reachable(draft: IntakeDraft) -> tuple[dict[str, str] | None, str | None]:
    """Where help would find the patient and the number to call, as far as typed yet; None for what is not.

    The number is as `parse_dialed` has it. The place is {line, city, state, zip, country}. One that is not complete is
    still a place to look for somebody.
    """
    place = place_of(draft.location)
    typed = any(place[name] for name in ("line", "city", "state", "zip")) or place["country"] != "US"
    return place if typed else None, parse_dialed(draft.contact.callback_phone, draft.location.country)


def place_of(location: DraftLocation) -> dict[str, str]:
    """The place as `visits.location.Location` has it, without stray blanks."""
    return {
        "line": location.line.strip(),
        "city": location.city.strip(),
        "state": location.state.strip(),
        "zip": location.zip.strip(),
        "country": location.country,
    }


def states_of(zip_code: str) -> list[str]:
    """The US states and territories whose ZIP codes begin as this one; some prefixes cross a border."""
    prefix = int(zip_code[:3])
    return [
        state
        for state, ranges in zip_prefixes().items()
        if any(first <= prefix <= last for first, last in ranges)
    ]


def _check_us(state: str, zip_code: str) -> list[Fault]:
    if state and state not in zip_prefixes():
        return [Fault("location.state", "state_unknown")]
    if not zip_code:
        return []
    if not _ZIP.fullmatch(zip_code):
        return [Fault("location.zip", "zip_invalid")]
    possible = states_of(zip_code)
    if not possible:
        return [Fault("location.zip", "zip_invalid")]
    if state and state not in possible:
        return [Fault("location.zip", "zip_state_mismatch", {"zip": zip_code[:5], "state": possible[0]})]
    return []
