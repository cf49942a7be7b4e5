"""A location as FHIR's Location (R4)."""

from typing import Any

from directory.locations.domain import ClinicLocation
from identity.clinic.hours import DAYS
from identity.person import fhir_address

_TIME_ZONE = "http://hl7.org/fhir/StructureDefinition/timezone"
_NPI = "http://hl7.org/fhir/sid/us-npi"


def to_fhir(place: ClinicLocation) -> dict[str, Any]:
    """What holds at the location, whether it is its own or its clinic's: who reads it does not know our defaults."""
    location = place.location
    found: dict[str, Any] = {
        "resourceType": "Location",
        "extension": [{"url": _TIME_ZONE, "valueCode": place.time_zone}],
        "status": "active" if place.is_in_use else "inactive",
        "name": place.name,
        "mode": "instance",
        "managingOrganization": {
            "reference": f"Organization/{place.clinic.id}",
            "display": place.clinic.name,
        },
    }
    if place.id:
        found["id"] = str(place.id)
    if location and location.npi:
        found["identifier"] = [{"system": _NPI, "value": location.npi}]
    if place.phone:
        found["telecom"] = [{"system": "phone", "value": place.phone, "use": "work"}]
    if place.address:
        found["address"] = fhir_address.to_fhir(place.address)
    if opening := _hours(place):
        found["hoursOfOperation"] = opening
    return found


def _hours(place: ClinicLocation) -> list[dict[str, Any]]:
    """FHIR has no 24:00: a day that ends with it has no closing time, and one without times is open all day."""
    found: list[dict[str, Any]] = []
    for day in DAYS:
        for start, end in place.hours.get(day, ()):
            entry: dict[str, Any] = {"daysOfWeek": [day]}
            if (start, end) == ("00:00", "24:00"):
                entry["allDay"] = True
            else:
                entry["openingTime"] = f"{start}:00"
                if end != "24:00":
                    entry["closingTime"] = f"{end}:00"
            found.append(entry)
    return found
