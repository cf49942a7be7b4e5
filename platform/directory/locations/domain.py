"""A location with all that holds there, its own or its clinic's, and what its form may say. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from directory.locations.models import Location
from identity.clinic.holidays.domain import FURTHEST
from identity.clinic.hours import Hours, Opening
from identity.models import Clinic
from identity.person.address import Address, address_in
from identity.person.names import line_problem

MAX_LOCATIONS = 100
"""So many locations a clinic can have, retired ones included."""
MAX_NAME = 120
MAX_CLOSED_DAYS = 200
MAX_DAY_NAME = 100


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


class ClosedDay(msgspec.Struct, forbid_unknown_fields=True):
    """A day on which a location is closed, beside the clinic's holidays, and why."""

    day: date
    name: Annotated[str, msgspec.Meta(max_length=MAX_DAY_NAME)]


def name_problem(name: str, others: Sequence[ClinicLocation], *, retired: bool) -> str | None:
    """Whoever chooses a location tells those in use apart by their names, of which the clinic's may be one."""
    if others and not retired:
        shown = name or others[0].clinic.name
        if any(each.name.casefold() == shown.casefold() for each in others):
            return "location_name_taken" if name else "required"
    return line_problem(name)


def closed_days_problems(today: date, days: Sequence[ClosedDay]) -> dict[str, str]:
    """Problem codes by field: each day once, with a reason, and not too far ahead."""
    found = {}
    for place, each in enumerate(days):
        if problem := line_problem(each.name) if each.name.strip() else "required":
            found[f"closed_days.{place}.name"] = problem
        if each.day > today + FURTHEST:
            found[f"closed_days.{place}.day"] = "day_too_far"
        elif any(each.day == other.day for other in days[:place]):
            found[f"closed_days.{place}.day"] = "closed_day_exists"
    return found
