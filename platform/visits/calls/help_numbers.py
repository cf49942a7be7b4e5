"""Whom to call for help in the country where a patient is right now. Pure."""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

HOME_COUNTRY = "US"
"""Where the clinics of this product are: their own emergency number counts there."""


class Numbers(msgspec.Struct, frozen=True):
    """The phone numbers for help in one country; empty where there is no line for the whole country."""

    emergency: str
    crisis: str
    source: str
    poison: str = ""
    violence: str = ""
    assault: str = ""


_BY_COUNTRY: Mapping[str, Numbers] = MappingProxyType(
    {
        "US": Numbers(
            "911",
            "988",
            "FCC, 911 and 988; America's Poison Centers; National Domestic Violence Hotline; RAINN",
            poison="+1-800-222-1222",
            violence="+1-800-799-7233",
            assault="+1-800-656-4673",
        ),
        "CA": Numbers(
            "911", "988", "CRTC, 9-1-1 and 9-8-8; Poison Centres of Canada", poison="+1-844-764-7669"
        ),
        "MX": Numbers("911", "8009112000", "Secretaría de Salud, Línea de la Vida"),
    }
)

# GSM phones everywhere route 112 to the local emergency service (3GPP TS 22.101, section 10.1.1).
_ELSEWHERE = Numbers(emergency="112", crisis="112", source="3GPP TS 22.101")


def numbers(country: str) -> Numbers:
    """Whom to call in a country (ISO 3166-1 alpha-2)."""
    return _BY_COUNTRY.get(country, _ELSEWHERE)


def emergency_abroad(location: Mapping[str, str] | None) -> str | None:
    """The emergency number where the patient is, None where the clinic's own counts or the place is not known."""
    country = (location or {}).get("country") or HOME_COUNTRY
    return None if country == HOME_COUNTRY else numbers(country).emergency
