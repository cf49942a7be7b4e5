"""What the directory slice registers."""

from core.slices import Slice
from directory.contact_points import routes as routes_contacts
from directory.identifiers import routes as routes_identifiers
from directory.locations import routes as routes_locations

SLICE = Slice(
    name="directory",
    routes=[*routes_locations.ROUTES, *routes_contacts.ROUTES, *routes_identifiers.ROUTES],
)
