"""Reading a clinic's locations, with the clinic in the same query: what a location lacks is the clinic's."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ScalarSelect, select

from core.database.session import ReadSession, WriteSession
from directory.locations.domain import ClinicLocation
from directory.locations.models import Location
from identity.clinic.holidays import calendar
from identity.clinic.hours import Opening
from identity.models import Clinic

LocationId = UUID | ScalarSelect[UUID | None] | None
"""A location by its id, or by a query for it."""


async def every(read: ReadSession) -> list[ClinicLocation]:
    """All of the clinic's locations, also retired ones, in their order."""
    query = (
        select(Clinic, Location)
        .join(Location, Location.clinic_id == Clinic.id)
        .where(Clinic.id == read.clinic_id)
        .order_by(Location.position, Location.id)
    )
    return [ClinicLocation(row.Clinic, row.Location) for row in await read.execute(query)]


async def in_use(read: ReadSession) -> dict[UUID, ClinicLocation]:
    """The locations where one can be seen, in their order."""
    return {place.id: place for place in await every(read) if place.id and place.is_in_use}


async def place(read: ReadSession, location_id: LocationId) -> ClinicLocation:
    """The location, also a retired one; the clinic itself where there is none."""
    query = (
        select(Clinic, Location)
        .outerjoin(Location, (Location.clinic_id == Clinic.id) & (Location.id == location_id))
        .where(Clinic.id == read.clinic_id)
    )
    row = (await read.execute(query)).one()
    return ClinicLocation(row.Clinic, row.Location)


async def opening(read: ReadSession, location_id: LocationId) -> Opening:
    """When a location opens, from yesterday on."""
    at = await place(read, location_id)
    return at.opening(await holidays(read))


async def holidays(read: ReadSession) -> dict[date, str]:
    """The clinic's holidays from yesterday on, wherever on earth."""
    return await calendar.since(read, read.now().date() - timedelta(days=2))


async def for_update(write: WriteSession, location_id: UUID) -> Location:
    """The location to change, locked. Raises NotFound."""
    found: Location = await write.one_or_not_found(
        select(Location)
        .where(Location.clinic_id == write.clinic_id, Location.id == location_id)
        .with_for_update(key_share=True)
    )
    return found
