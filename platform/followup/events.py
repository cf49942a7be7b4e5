"""What happens to tasks, for the other slices. Ids and codes only."""

from uuid import UUID

from core.outbox import Event


class TaskClosed(Event, frozen=True, tag="task.closed"):
    """A task was completed or called off; of a visit, if it came from one."""

    task_id: UUID
    patient_id: UUID
    visit_id: UUID | None
    status: str
