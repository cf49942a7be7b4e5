"""Routes of a clinic's locations."""

from uuid import UUID

from core.database.session import ReadSession, WriteSession
from core.edge.versions import IfMatch
from core.edge.web import get, post, put
from directory.locations import repository, service
from directory.locations.schemas import (
    AdminLocations,
    ChangeLocation,
    LocationForm,
    LocationName,
    OrderLocations,
    admin_locations,
    location_name,
)
from identity.permissions import Permission


@get("/api/locations", permission=Permission.SLOT_READ)
async def list_locations(read: ReadSession) -> list[LocationName]:
    """Where one can be seen, in the order in which to offer it."""
    return [location_name(place) for place in (await repository.in_use(read)).values()]


@get("/api/admin/locations", permission=Permission.ADMIN_CLINIC)
async def list_admin_locations(read: ReadSession) -> AdminLocations:
    """The clinic's locations in their order, retired ones too, and what they have of the clinic."""
    return admin_locations(await repository.every(read))


@post("/api/admin/locations", permission=Permission.ADMIN_CLINIC, idempotent=True)
async def add_location(write: WriteSession, data: LocationForm) -> AdminLocations:
    """Add one at the end. 422 by field, 409 `too_many_locations`."""
    await service.add(write, data)
    return admin_locations(await repository.every(write))


@put("/api/admin/locations/{location_id:uuid}", permission=Permission.ADMIN_CLINIC)
async def change_location(
    write: WriteSession, match: IfMatch, location_id: UUID, data: ChangeLocation
) -> AdminLocations:
    """Change one, retire it or use it again. 422 by field, 409 `location_changed`, 412 with If-Match."""
    await service.change(write, location_id, match.on(data.version), data)
    return admin_locations(await repository.every(write))


@put("/api/admin/locations-order", permission=Permission.ADMIN_CLINIC)
async def order_locations(write: WriteSession, data: OrderLocations) -> AdminLocations:
    """Put them in this order. 409 `location_changed` if the list is another by now."""
    await service.order(write, data.ids)
    return admin_locations(await repository.every(write))


ROUTES = [list_locations, list_admin_locations, add_location, change_location, order_locations]
