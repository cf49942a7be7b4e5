"""What the directory slice registers."""

from core.slices import Slice
from directory.locations import routes as routes_locations

SLICE = Slice(name="directory", routes=[*routes_locations.ROUTES])
