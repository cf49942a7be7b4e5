"""Routes of the follow-up queue."""

from typing import Annotated
from uuid import UUID

from litestar import Response
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import Parameter

from core import audit
from core.database.session import ReadSession, WriteSession
from core.edge.versions import IfMatch, tagged
from core.edge.web import get, post
from core.errors import Invalid, NotFound
from core.ids import new_id
from directory.locations import repository as locations
from followup import origins, page, repository, service
from followup.domain import OFFERED_DAYS, TaskKind, TaskSource, TaskStatus, in_days
from followup.models import Task
from followup.page import View, Wanted
from followup.schemas import (
    Assign,
    Close,
    DueDay,
    HistoryOut,
    LogOutreach,
    NewTask,
    OutreachOut,
    PutOff,
    Reopen,
    TaskDetail,
    TaskOut,
    TaskPage,
    Teammate,
)
from identity.patients import service as patients
from identity.permissions import Permission
from visits import repository as visits

_PAGE = {200: ResponseSpec(TaskPage, generate_examples=False)}


@get("/api/tasks", permission=Permission.TASK_READ, hot=page.hot_page, responses=_PAGE)
async def list_tasks(
    read: ReadSession,
    view: View = View.OPEN,
    kind: TaskKind | None = None,
    patient_id: UUID | None = None,
    after: Annotated[str | None, Parameter(max_length=80)] = None,
) -> Response[bytes]:
    """A view of the queue, most pressing first, of one kind or of all; ``after`` is the previous page's ``next``."""
    body = await page.read_page(read, Wanted(view, kind, patient_id, after))
    return Response(body, media_type="application/json")


@get("/api/tasks/team", permission=Permission.TASK_READ)
async def task_team(read: ReadSession) -> list[Teammate]:
    """Who tasks can be given to."""
    return [Teammate(each.id, each.name, each.roles) for each in await repository.care_team(read)]


@get("/api/tasks/days", permission=Permission.TASK_READ)
async def due_days(read: ReadSession) -> list[DueDay]:
    """The days that are offered for putting off, trying again and new tasks: each one on which the clinic is open."""
    opening, now = await locations.opening(read, None), read.now()
    return [DueDay(days, in_days(days, now, opening)) for days in OFFERED_DAYS]


@get("/api/tasks/{task_id:uuid}", permission=Permission.TASK_READ)
async def get_task(read: ReadSession, task_id: UUID) -> Response[TaskDetail]:
    """A task with its attempts to reach the patient."""
    task = await repository.get_visible(read, task_id)
    await audit.log(read, "task.read", patient_id=task.patient_id, entity=("task", task.id))
    return await _detail(read, task_id)


@post("/api/tasks", permission=Permission.TASK_WRITE, idempotent=True)
async def create_task(write: WriteSession, data: NewTask) -> Response[TaskDetail]:
    """Make a task by hand."""
    if data.due_at.tzinfo is None:
        raise Invalid({"due_at": "zone_missing"})
    await patients.get_open(write, data.patient_id)
    if data.visit_id and (await visits.get_visible(write, data.visit_id)).patient_id != data.patient_id:
        raise NotFound
    task_id = await service.create(
        write,
        patient_id=data.patient_id,
        visit_id=data.visit_id,
        source=TaskSource.MANUAL,
        source_id=new_id(),
        kind=data.kind,
        title=data.title,
        detail=data.detail,
        due_at=await service.settled(write, data.due_at, data.priority, "due_at", data.visit_id),
        priority=data.priority,
    )
    if task_id is None:
        raise RuntimeError("a new id was not new")
    if data.assignee_id:
        await service.assign(write, task_id, data.assignee_id, version=1)
    return await _detail(write, task_id)


@post("/api/tasks/{task_id:uuid}/assign", permission=Permission.TASK_WRITE, idempotent=True, status_code=200)
async def assign_task(
    write: WriteSession, task_id: UUID, data: Assign, match: IfMatch
) -> Response[TaskDetail]:
    """Give a task to someone. 409 ``task_changed`` if somebody else changed it meanwhile."""
    await service.assign(write, task_id, data.assignee_id, match.on(data.version))
    return await _detail(write, task_id)


@post("/api/tasks/{task_id:uuid}/outreach", permission=Permission.TASK_WRITE, idempotent=True)
async def log_outreach(write: WriteSession, task_id: UUID, data: LogOutreach) -> Response[TaskDetail]:
    """Write down an attempt to reach the patient."""
    if data.next_try_at is not None and data.next_try_at.tzinfo is None:
        raise Invalid({"next_try_at": "zone_missing"})
    await service.log_outreach(
        write, task_id, data.channel, data.outcome, data.note, data.next_try_at, data.made_at, data.version
    )
    return await _detail(write, task_id)


@post("/api/tasks/{task_id:uuid}/put-off", permission=Permission.TASK_WRITE, idempotent=True, status_code=200)
async def put_off_task(
    write: WriteSession, task_id: UUID, data: PutOff, match: IfMatch
) -> Response[TaskDetail]:
    """Move a task's due time."""
    if data.due_at.tzinfo is None:
        raise Invalid({"due_at": "zone_missing"})
    await service.put_off(write, task_id, data.due_at, match.on(data.version), as_it_is=data.as_it_is)
    return await _detail(write, task_id)


@post(
    "/api/tasks/{task_id:uuid}/complete", permission=Permission.TASK_WRITE, idempotent=True, status_code=200
)
async def complete_task(
    write: WriteSession, task_id: UUID, data: Close, match: IfMatch
) -> Response[TaskDetail]:
    """The promise was kept."""
    await service.close(write, task_id, TaskStatus.DONE, data.outcome, match.on(data.version))
    return await _detail(write, task_id)


@post("/api/tasks/{task_id:uuid}/cancel", permission=Permission.TASK_WRITE, idempotent=True, status_code=200)
async def cancel_task(
    write: WriteSession, task_id: UUID, data: Close, match: IfMatch
) -> Response[TaskDetail]:
    """The task is no longer needed, and why."""
    if not data.outcome.strip():
        raise Invalid({"outcome": "required"})
    await service.close(write, task_id, TaskStatus.CANCELLED, data.outcome, match.on(data.version))
    return await _detail(write, task_id)


@post("/api/tasks/{task_id:uuid}/reopen", permission=Permission.TASK_WRITE, idempotent=True, status_code=200)
async def reopen_task(
    write: WriteSession, task_id: UUID, data: Reopen, match: IfMatch
) -> Response[TaskDetail]:
    """Undo a closing."""
    await service.reopen(write, task_id, match.on(data.version))
    return await _detail(write, task_id)


async def _detail(read: ReadSession, task_id: UUID) -> Response[TaskDetail]:
    row = await repository.one_row(read, task_id)
    task: Task = row[0]
    attempts = await repository.attempts(read, task_id)
    done = await repository.history(read, task)
    created_by = next((each.by for each in done if each.action == "task.create"), None)
    detail = TaskDetail(
        TaskOut.of(*row),
        await origins.of_task(read, task, created_by),
        [OutreachOut.of(*attempt) for attempt in attempts],
        [HistoryOut.of(*each) for each in done],
    )
    return tagged(detail, task.version)
