"""A location with all that holds there, its own or its clinic's. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from directory.locations.models import Location
from identity.clinic.hours import Hours, Opening
from identity.models import Clinic
from identity.person.address import Address, address_in


@dataclass(frozen=True, slots=True)
class ClinicLocation:
    """Where something is held: a location of a clinic. What it has none of its own of, it has as the clinic has it.

    Without a `location` it is the clinic itself.
    """

    clinic: Clinic
    location: Location | None

    @property
    def id(self) -> UUID | None:
        return self.location.id if self.location else None

    @property
    def name(self) -> str:
        return (self.location and self.location.name) or self.clinic.name

    @property
    def time_zone(self) -> str:
        return (self.location and self.location.time_zone) or self.clinic.time_zone

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def phone(self) -> str | None:
        return (self.location and self.location.phone) or self.clinic.phone

    @property
    def emergency_number(self) -> str:
        return (self.location and self.location.emergency_number) or self.clinic.emergency_number

    @property
    def address(self) -> Address | None:
        return address_in((self.location and self.location.address) or self.clinic.address)

    @property
    def hours(self) -> Hours:
        """Its own hours, also if it has none in any week; else the clinic's."""
        own = self.location.hours if self.location else None
        return self.clinic.hours if own is None else own

    @property
    def is_in_use(self) -> bool:
        return self.location is None or self.location.retired_at is None

    def opening(self, holidays: Mapping[date, str]) -> Opening:
        """When it opens: not on the clinic's holidays, nor on its own closed days."""
        own = self.location.closed_days if self.location else {}
        closed = {date.fromisoformat(day): name for day, name in own.items()}
        return Opening(self.hours, self.zone, dict(sorted({**closed, **holidays}.items())))
