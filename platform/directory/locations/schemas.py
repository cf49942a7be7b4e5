"""What the routes of locations take and give."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from directory.locations.domain import MAX_CLOSED_DAYS, MAX_NAME, ClinicLocation, ClosedDay
from directory.locations.models import Location
from identity.person.address import Address, AddressForm, address_in
from identity.schemas import Days

Name = Annotated[str, Meta(max_length=MAX_NAME)]


class LocationForm(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A location as an administrator writes it. What is empty, or null, is as the clinic has it.

    Times of `hours` are local to the location. `closed_days` are beside the clinic's holidays.
    """

    name: Name = ""
    time_zone: Annotated[str, Meta(max_length=60)] = ""
    phone: Annotated[str, Meta(max_length=30)] = ""
    emergency_number: Annotated[str, Meta(max_length=20)] = ""
    npi: Annotated[str, Meta(max_length=10)] = ""
    address: AddressForm | None = None
    hours: Days | None = None
    closed_days: Annotated[list[ClosedDay], Meta(max_length=MAX_CLOSED_DAYS)] = msgspec.field(
        default_factory=list
    )
    retired: bool = False


class ChangeLocation(LocationForm, kw_only=True):
    """`version` is the one that was on screen."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]


class OrderLocations(msgspec.Struct, forbid_unknown_fields=True):
    """Every location of the clinic, in their order. The first one in use is where who says nothing is seen."""

    ids: Annotated[list[UUID], Meta(max_length=200)]


class AdminLocation(msgspec.Struct, kw_only=True):
    """A location with all that can be changed of it; what is empty or null is as the clinic has it."""

    id: UUID
    version: int
    name: str
    time_zone: str
    phone: str
    emergency_number: str
    npi: str
    address: Address | None
    hours: Days | None
    closed_days: list[ClosedDay]
    retired: bool


class ClinicDefaults(msgspec.Struct):
    """What a location has of the clinic where it has none of its own."""

    name: str
    time_zone: str
    phone: str
    emergency_number: str
    address: Address | None
    hours: Days


class AdminLocations(msgspec.Struct):
    clinic: ClinicDefaults
    locations: list[AdminLocation]


class LocationName(msgspec.Struct, frozen=True):
    """A location by its name, with the zone in which its hours are."""

    id: UUID
    name: str
    time_zone: str


def location_name(place: ClinicLocation) -> LocationName:
    assert place.id  # noqa: S101  of a list of locations
    return LocationName(place.id, place.name, place.time_zone)


def admin_locations(places: list[ClinicLocation]) -> AdminLocations:
    clinic = places[0].clinic
    return AdminLocations(
        ClinicDefaults(
            clinic.name,
            clinic.time_zone,
            clinic.phone or "",
            clinic.emergency_number,
            address_in(clinic.address),
            clinic.hours,
        ),
        [_admin_location(each.location) for each in places if each.location],
    )


def _admin_location(row: Location) -> AdminLocation:
    return AdminLocation(
        id=row.id,
        version=row.version,
        name=row.name or "",
        time_zone=row.time_zone or "",
        phone=row.phone or "",
        emergency_number=row.emergency_number or "",
        npi=row.npi or "",
        address=address_in(row.address),
        hours=row.hours,
        closed_days=[
            ClosedDay(date.fromisoformat(day), name) for day, name in sorted(row.closed_days.items())
        ],
        retired=row.retired_at is not None,
    )
