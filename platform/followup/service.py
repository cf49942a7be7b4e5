"""Verbs of follow-up: create, assign, log an attempt, put off, complete, reopen."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from core import audit, live
from core.actor import Role
from core.database.session import WriteSession
from core.errors import Conflict, Invalid, Stale
from core.ids import new_id
from directory.locations import repository as locations
from followup import repository
from followup.domain import (
    Channel,
    ClosedBecause,
    Outcome,
    TaskKind,
    TaskPriority,
    TaskSource,
    TaskStatus,
    clean_text,
    clean_title,
    within_hours,
)
from followup.models import Outreach, Task
from visits import timeline
from visits.repository import location_of


async def create(
    write: WriteSession,
    *,
    patient_id: UUID,
    visit_id: UUID | None,
    source: TaskSource,
    source_id: UUID,
    kind: TaskKind,
    title: str,
    due_at: datetime,
    detail: str = "",
    priority: TaskPriority = TaskPriority.ROUTINE,
    assignee_id: UUID | None = None,
) -> UUID | None:
    """A task, or None if its source has made it before. Raises Invalid."""
    task_id = new_id()
    statement = (
        insert(Task)
        .values(
            id=task_id,
            clinic_id=write.clinic_id,
            created_at=write.now(),
            patient_id=patient_id,
            visit_id=visit_id,
            source=source,
            source_id=source_id,
            kind=kind,
            title=clean_title(title),
            detail=clean_text("detail", detail),
            due_at=due_at,
            priority=priority,
            status=TaskStatus.OPEN,
            assignee_id=assignee_id,
            version=1,
            outcome="",
        )
        .on_conflict_do_nothing(index_elements=["clinic_id", "source", "source_id"])
        .returning(Task.id)
    )
    if await write.scalar(statement) is None:
        return None
    await audit.log(
        write, "task.create", patient_id=patient_id, entity=("task", task_id), detail={"source": source}
    )
    _tell(write, task_id)
    return task_id


async def settled(
    write: WriteSession, wanted: datetime, priority: TaskPriority, field: str, visit_id: UUID | None
) -> datetime:
    """The time at or after the wanted one at which the visit's location, or without a visit the clinic, is open; for
    what is urgent, the wanted one.

    Raises Invalid `no_open_day` for the field where it stays closed for as long as is looked ahead.
    """
    now = write.now()
    if priority is TaskPriority.URGENT or wanted <= now:
        return wanted
    found = within_hours(wanted, now, await locations.opening(write, location_of(visit_id)))
    if found is None:
        raise Invalid({field: "no_open_day"})
    return found


async def assign(write: WriteSession, task_id: UUID, assignee_id: UUID | None, version: int) -> None:
    """Give the task to someone of the care team, or to nobody. Raises NotFound, Conflict, Invalid."""
    task = await _current(write, task_id, version)
    if assignee_id is not None and not await repository.is_in_care_team(write, assignee_id):
        raise Invalid({"assignee_id": "not_in_care_team"})
    task.assignee_id = assignee_id
    await _changed(write, task, "task.assign", {"assignee_id": str(assignee_id)} if assignee_id else None)


async def log_outreach(
    write: WriteSession,
    task_id: UUID,
    channel: Channel,
    outcome: Outcome,
    note: str,
    next_try_at: datetime | None,
    made_at: datetime | None = None,
    version: int | None = None,
) -> Outreach:
    """Write down an attempt to reach the patient, made now or, if it waited, a while ago; a next try moves the task's
    clock, unless somebody has changed the task since `version`. Raises NotFound, Conflict."""
    task = await repository.for_update(write, task_id)
    if task.status != TaskStatus.OPEN:
        raise Conflict(f"task_is_{task.status}")
    as_shown = version in (None, task.version)
    past = next_try_at is not None and next_try_at <= write.now()
    if past and made_at is None:
        raise Invalid({"next_try_at": "in_the_past"})
    if past or not as_shown:
        next_try_at = None
    if next_try_at is not None:
        next_try_at = await settled(
            write, next_try_at, TaskPriority(task.priority), "next_try_at", task.visit_id
        )
    attempt = Outreach(
        id=new_id(),
        # Not before its task, nor in the future: the device's clock may go wrong.
        created_at=max(task.created_at, min(made_at or write.now(), write.now())),
        task_id=task.id,
        patient_id=task.patient_id,
        channel=channel,
        outcome=outcome,
        note=clean_text("note", note),
        made_by=write.actor.account_id,
        next_try_at=next_try_at,
    )
    write.add(attempt)
    if next_try_at is not None:
        task.due_at = next_try_at
    if task.assignee_id is None and as_shown:
        task.assignee_id = write.actor.account_id
    said = {"channel": str(channel), "outcome": str(outcome)}
    if next_try_at is not None:
        said["due_at"] = next_try_at.isoformat()
    await _changed(write, task, "task.outreach", said)
    return attempt


async def put_off(
    write: WriteSession, task_id: UUID, until: datetime, version: int, *, as_it_is: bool = False
) -> None:
    """Move the task to a time at which the clinic is open, or `as_it_is`. Raises NotFound, Conflict, Invalid."""
    task = await _current(write, task_id, version)
    if until <= write.now():
        raise Invalid({"due_at": "in_the_past"})
    if not as_it_is:
        until = await settled(write, until, TaskPriority(task.priority), "due_at", task.visit_id)
    task.due_at = until
    await _changed(write, task, "task.put_off", {"due_at": until.isoformat()})


async def close(write: WriteSession, task_id: UUID, status: TaskStatus, outcome: str, version: int) -> None:
    """Complete the task, or call it off, with what came of it. Raises NotFound, Conflict."""
    await _close(write, await _current(write, task_id, version, must_be_open=False), status, outcome)


async def complete_of(
    write: WriteSession, source: TaskSource, source_id: UUID, because: ClosedBecause
) -> None:
    """What this task waits for has happened: if there is such a task and it is open, it is done."""
    task = await repository.of_source_for_update(write, source, source_id)
    if task is not None and task.status == TaskStatus.OPEN:
        await _close(write, task, TaskStatus.DONE, because=because)


async def complete_of_visit(
    write: WriteSession, source: TaskSource, visit_id: UUID, because: ClosedBecause
) -> None:
    """What this source's tasks about a visit wait for has happened: those that are open are done."""
    for task in await repository.open_of_visit_for_update(write, source, visit_id):
        await _close(write, task, TaskStatus.DONE, because=because)


async def _close(
    write: WriteSession,
    task: Task,
    status: TaskStatus,
    outcome: str = "",
    because: ClosedBecause | None = None,
) -> None:
    task.move(status)
    task.closed_at = write.now()
    task.closed_by = write.actor.account_id
    task.outcome, task.closed_because = clean_text("outcome", outcome), because
    if task.visit_id is not None:
        timeline.add(
            write, visit_id=task.visit_id, patient_id=task.patient_id, kind="task.closed", ref=task.id
        )
    await _changed(write, task, "task.done" if status == TaskStatus.DONE else "task.cancelled", None)


async def reopen(write: WriteSession, task_id: UUID, version: int) -> None:
    """Undo a closing. Raises NotFound, Conflict."""
    await _reopen(write, await _current(write, task_id, version, must_be_open=False))


async def reopen_of(write: WriteSession, source: TaskSource, source_id: UUID, due_at: datetime) -> None:
    """What made this task has happened again: if the task was closed, it is open again and due then."""
    task = await repository.of_source_for_update(write, source, source_id)
    if task is not None and task.status != TaskStatus.OPEN:
        task.due_at = due_at
        await _reopen(write, task)


async def _reopen(write: WriteSession, task: Task) -> None:
    task.move(TaskStatus.OPEN)
    task.closed_at = task.closed_by = task.closed_because = None
    await _changed(write, task, "task.reopen", None)


async def _current(write: WriteSession, task_id: UUID, version: int, must_be_open: bool = True) -> Task:
    """The task, locked, if it is still as the person saw it. Raises NotFound, Conflict ``task_changed``."""
    task = await repository.for_update(write, task_id)
    if task.version != version:
        raise Stale("task_changed", version=task.version)
    if must_be_open and task.status != TaskStatus.OPEN:
        raise Conflict(f"task_is_{task.status}")
    return task


async def _changed(write: WriteSession, task: Task, action: str, detail: dict[str, str] | None) -> None:
    task.version += 1
    await write.flush()
    await audit.log(write, action, patient_id=task.patient_id, entity=("task", task.id), detail=detail)
    _tell(write, task.id)


def _tell(write: WriteSession, task_id: UUID) -> None:
    live.publish(
        write, "task.changed", [live.role(Role.COORDINATOR), live.role(Role.CLINICIAN)], task_id=str(task_id)
    )
