"""What intake registers."""

from core.slices import Slice
from intake import routes, routes_visit_types, tasks

SLICE = Slice(
    "intake",
    routes=[
        *routes_visit_types.ROUTES,
        routes.reasons,
        routes.red_flags,
        routes.answer_red_flag,
        routes.read_intake,
        routes.save_intake,
        routes.submit_intake,
        routes.name_adult,
        routes.read_consent,
        routes.read_summary,
    ],
    subscribers=tasks.SUBSCRIBERS,
)
