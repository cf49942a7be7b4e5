"""What the visits slice registers."""

from core.slices import Slice
from visits import routes, tasks
from visits.appointments import routes as routes_appointments
from visits.appointments import tasks as tasks_appointments
from visits.booking import routes as routes_slots
from visits.check import routes as routes_check
from visits.history import routes as routes_history
from visits.people import routes as routes_people
from visits.people import routes_guest
from visits.phone import routes as routes_phone
from visits.phone import routes_twilio
from visits.phone import tasks as tasks_phone
from visits.visit_types import routes as routes_visit_types
from visits.waiting import routes as routes_queue

SLICE = Slice(
    name="visits",
    routes=[
        *routes.ROUTES,
        *routes_queue.ROUTES,
        *routes_slots.ROUTES,
        *routes_appointments.ROUTES,
        *routes_visit_types.ROUTES,
        *routes_history.ROUTES,
        *routes_check.ROUTES,
        *routes_people.ROUTES,
        *routes_guest.ROUTES,
        *routes_phone.ROUTES,
        *routes_twilio.ROUTES,
    ],
    subscribers=[*tasks.SUBSCRIBERS, *tasks_phone.SUBSCRIBERS],
    cron=[*tasks.CRON, *tasks_appointments.CRON, *tasks_phone.CRON],
    daemons=tasks.DAEMONS,
)
