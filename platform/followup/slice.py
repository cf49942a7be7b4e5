"""What follow-up registers."""

from core.slices import Slice
from followup import routes, tasks

SLICE = Slice(
    name="followup",
    routes=[
        routes.list_tasks,
        routes.task_team,
        routes.due_days,
        routes.get_task,
        routes.create_task,
        routes.assign_task,
        routes.log_outreach,
        routes.put_off_task,
        routes.complete_task,
        routes.cancel_task,
        routes.reopen_task,
    ],
    subscribers=tasks.SUBSCRIBERS,
)
