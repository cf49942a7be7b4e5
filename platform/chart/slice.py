"""What the chart registers."""

from chart import routes, tasks
from chart.aftervisit import routes as aftervisit_routes
from chart.notes import routes as note_routes
from chart.prescribing import routes as prescribing_routes
from chart.prescribing import tasks as prescribing_tasks
from chart.prescribing.transmission import routes as routes_script
from chart.record.history import routes as history_routes
from chart.record.sections import routes as section_routes
from chart.terminology import routes as terminology_routes
from core.slices import Slice

SLICE = Slice(
    name="chart",
    routes=[
        *routes.ROUTES,
        *history_routes.ROUTES,
        *section_routes.ROUTES,
        *note_routes.ROUTES,
        *aftervisit_routes.ROUTES,
        *prescribing_routes.ROUTES,
        routes_script.receive_script,
        *terminology_routes.ROUTES,
    ],
    subscribers=[*tasks.SUBSCRIBERS, *prescribing_tasks.SUBSCRIBERS],
    cron=[*tasks.CRON, *prescribing_tasks.CRON],
    daemons=prescribing_tasks.DAEMONS,
)
