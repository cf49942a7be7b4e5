"""What the visits slice registers."""

from core.slices import Slice
from visits import routes, routes_queue, routes_slots, tasks

SLICE = Slice(
    name="visits",
    routes=[*routes.ROUTES, *routes_queue.ROUTES, *routes_slots.ROUTES],
    subscribers=tasks.SUBSCRIBERS,
    cron=tasks.CRON,
    daemons=tasks.DAEMONS,
)
