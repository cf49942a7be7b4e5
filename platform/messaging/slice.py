"""What messaging registers."""

from core.slices import Slice
from messaging import outbox_page, routes, tasks

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
        outbox_page.demo_outbox,
    ],
    subscribers=tasks.SUBSCRIBERS,
    daemons=tasks.DAEMONS,
)
