"""What the chart registers."""

from chart import routes, tasks
from chart.aftervisit import routes as aftervisit_routes
from chart.notes import routes as note_routes
from chart.terminology import routes as terminology_routes
from core.slices import Slice

SLICE = Slice(
    name="chart",
    routes=[
        *routes.ROUTES,
        *note_routes.ROUTES,
        *aftervisit_routes.ROUTES,
        *terminology_routes.ROUTES,
    ],
    subscribers=tasks.SUBSCRIBERS,
)
