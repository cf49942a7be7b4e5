"""A location as FHIR has it is valid, and holds what holds there."""

from fhir.resources.R4B.location import Location as FhirLocation

from core.ids import new_id
from directory.locations.domain import ClinicLocation
from directory.locations.fhir import to_fhir
from directory.locations.models import Location
from identity.models import Clinic

CLINIC = Clinic(
    id=new_id(),
    name="Harbor Clinic",
    time_zone="America/New_York",
    phone="+15185550199",
    emergency_number="911",
    hours={"mon": [["00:00", "24:00"]], "tue": [["09:00", "12:00"], ["13:00", "24:00"]]},
    address={
        "line": ["1 Harbor Road"],
        "city": "Albany",
        "state": "NY",
        "postalCode": "12207",
        "country": "US",
    },
)


def test_a_location_of_its_own_has_what_is_its_own_and_the_rest_of_the_clinic() -> None:
    location = Location(
        id=new_id(), name="West office", time_zone="America/Chicago", npi="1234567893", closed_days={}
    )
    found = to_fhir(ClinicLocation(CLINIC, location))
    FhirLocation.model_validate(found)
    assert (found["name"], found["status"]) == ("West office", "active")
    assert found["extension"][0]["valueCode"] == "America/Chicago"
    assert found["identifier"] == [{"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}]
    assert found["telecom"][0]["value"] == "+15185550199"
    assert found["address"]["city"] == "Albany"
    assert found["hoursOfOperation"] == [
        {"daysOfWeek": ["mon"], "allDay": True},
        {"daysOfWeek": ["tue"], "openingTime": "09:00:00", "closingTime": "12:00:00"},
        {"daysOfWeek": ["tue"], "openingTime": "13:00:00"},
    ]
