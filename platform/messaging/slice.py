"""What messaging registers."""

from core.slices import Slice
from messaging import routes, tasks
from messaging.notices import demo_outbox

SLICE = Slice(
    name="messaging",
    routes=[
        routes.list_threads,
        routes.unread,
        routes.start_thread,
        routes.get_thread,
        routes.send_message,
        routes.mark_read,
        routes.settle_thread,
        demo_outbox.demo_outbox,
    ],
    subscribers=tasks.SUBSCRIBERS,
    daemons=tasks.DAEMONS,
)
