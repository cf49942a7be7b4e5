"""How an administrator changes a clinic's locations. None commits."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from core import audit, live
from core.actor import Role
from core.database import named_locks
from core.database.session import WriteSession
from core.errors import Conflict, Invalid, Stale
from core.ids import new_id
from directory.locations import repository
from directory.locations.domain import MAX_LOCATIONS, ClinicLocation, closed_days_problems, name_problem
from directory.locations.models import Location
from directory.locations.schemas import LocationForm
from identity.clinic import hours
from identity.clinic.administration import dialed, number_problem
from identity.patients.service import time_zone_problem
from identity.person.address import change_problems, typed
from identity.person.check_digits import is_npi
from identity.person.contacts import parse_dialed


async def add(write: WriteSession, form: LocationForm) -> Location:
    """Add a location at the end of the list. Raises Invalid by field, Conflict `too_many_locations`."""
    await _lock_list(write)
    there = await repository.every(write)
    if len(there) >= MAX_LOCATIONS:
        raise Conflict("too_many_locations", most=MAX_LOCATIONS)
    made = Location(id=new_id(), version=1, closed_days={})
    made.position = max((each.location.position for each in there if each.location), default=0) + 1
    _check(write, made, form, there)
    _fill(write, made, form)
    write.add(made)
    await _told(write, made, "location.add")
    return made


async def change(write: WriteSession, location_id: UUID, version: int, form: LocationForm) -> Location:
    """Change a location, retire it or use it again. What is booked there already stays booked.

    Raises Invalid by field, Stale `location_changed`.
    """
    await _lock_list(write)
    found = await repository.for_update(write, location_id)
    if found.version != version:
        raise Stale("location_changed", version=found.version)
    _check(write, found, form, await repository.every(write))
    _fill(write, found, form)
    found.version += 1
    await _told(write, found, "location.change")
    return found


async def order(write: WriteSession, ids: Sequence[UUID]) -> None:
    """Put the locations in this order. Raises Conflict `location_changed` unless each is named once."""
    await _lock_list(write)
    rows = {each.id: each.location for each in await repository.every(write)}
    if len(ids) != len(rows) or set(ids) != rows.keys():
        raise Conflict("location_changed")
    for position, location_id in enumerate(ids, 1):
        if row := rows[location_id]:
            row.position = position
    await write.flush()
    await audit.log(write, "location.order", entity=("clinic", write.clinic_id))
    _tell(write)


async def _lock_list(write: WriteSession) -> None:
    """Of two administrators who change locations at once, the second sees the first one's list: one is always in use,
    and no two in use have one name."""
    await named_locks.hold(write, f"location:{write.clinic_id}")


def _check(write: WriteSession, row: Location, form: LocationForm, there: Sequence[ClinicLocation]) -> None:
    others = [each for each in there if each.id != row.id and each.is_in_use]
    wrong = {
        "name": name_problem(_tidy(form.name), others, retired=form.retired),
        "time_zone": time_zone_problem(form.time_zone) if form.time_zone else None,
        "phone": None if not form.phone or parse_dialed(form.phone) else "phone_invalid",
        "emergency_number": number_problem(form.emergency_number) if form.emergency_number.strip() else None,
        "npi": None if not form.npi or is_npi(form.npi) else "npi_invalid",
        "retired": "last_location" if form.retired and not others else None,
        **change_problems(typed(form.address), row.address),
        **(hours.problems(form.hours) if form.hours is not None else {}),
        **closed_days_problems(write.now().date(), form.closed_days),
    }
    if any(wrong.values()):
        raise Invalid({field: code for field, code in wrong.items() if code})


def _fill(write: WriteSession, row: Location, form: LocationForm) -> None:
    address = typed(form.address)
    row.name = _tidy(form.name) or None
    row.time_zone = form.time_zone or None
    row.phone = parse_dialed(form.phone)
    row.emergency_number = dialed(form.emergency_number.strip()) or None
    row.npi = form.npi or None
    row.address = msgspec.to_builtins(address) if address else None
    row.hours = None if form.hours is None else {day: spans for day, spans in form.hours.items() if spans}
    row.closed_days = {each.day.isoformat(): _tidy(each.name) for each in form.closed_days}
    row.retired_at = (row.retired_at or write.now()) if form.retired else None


def _tidy(text: str) -> str:
    return " ".join(text.split())


async def _told(write: WriteSession, row: Location, action: str) -> None:
    await write.flush()
    await audit.log(write, action, entity=("location", row.id), detail={"version": str(row.version)})
    _tell(write)


def _tell(write: WriteSession) -> None:
    """Open pages show the new names and times."""
    everybody = (Role.PATIENT, Role.CLINICIAN, Role.COORDINATOR, Role.ADMIN)
    live.publish(write, "locations.changed", to=[live.role(role) for role in everybody])
