"""What follow-up's routes take and give."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from followup.domain import Channel, ClosedBecause, Outcome, TaskKind, TaskPriority
from followup.models import Outreach, Task
from followup.origins import Origin
from identity.models import Account, Patient
from visits.domain import RedFlag

Version = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]


class NewTask(msgspec.Struct, forbid_unknown_fields=True):
    """A task made by hand. ``due_at`` carries its zone."""

    patient_id: UUID
    title: str
    due_at: datetime
    kind: TaskKind = TaskKind.OTHER
    detail: str = ""
    priority: TaskPriority = TaskPriority.ROUTINE
    visit_id: UUID | None = None
    assignee_id: UUID | None = None


class Assign(msgspec.Struct, forbid_unknown_fields=True):
    """``assignee_id`` None takes the task from whoever has it. ``version`` is the one that was on screen."""

    assignee_id: UUID | None
    version: Version


class LogOutreach(msgspec.Struct, forbid_unknown_fields=True):
    """An attempt to reach the patient, and when to try again if need be.

    `made_at` is when by the device's clock, as what is written down may wait there for a connection. `version` is the
    task's that was shown: where somebody has changed it since, the attempt is kept and their due time stays.
    """

    channel: Channel
    outcome: Outcome
    note: str = ""
    next_try_at: datetime | None = None
    made_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    version: int | None = None


class PutOff(msgspec.Struct, forbid_unknown_fields=True):
    """The new due time. It becomes one at which the clinic is open, unless it is put back `as_it_is`: an undo."""

    due_at: datetime
    version: Version
    as_it_is: bool = False


class DueDay(msgspec.Struct):
    """So many days from now, and when that is: at this time of day, or the next at which the clinic is open.

    `due_at` is nothing where the clinic opens on no day that is near.
    """

    days: int
    due_at: datetime | None


class Close(msgspec.Struct, forbid_unknown_fields=True):
    """What came of the task."""

    version: Version
    outcome: str = ""


class Reopen(msgspec.Struct, forbid_unknown_fields=True):
    """The version that was on screen."""

    version: Version


class TaskOut(msgspec.Struct):
    """A task as it stands in the queue. `red_flags`: of a patient in danger who went away or wrote.

    `thread_id`: the conversation in which they wrote, once there is one. `restricted`: the chart is closed to the
    reader, who is told whose task it is, of which kind and until when, and not what it is about.
    """

    id: UUID
    restricted: bool
    patient_id: UUID
    patient_name: str
    patient_birth_date: date
    patient_mrn: str
    patient_phone: str | None
    patient_language: str
    patient_time_zone: str | None
    visit_id: UUID | None
    source: str
    kind: str
    title: str
    detail: str
    due_at: datetime
    priority: int
    status: str
    assignee_id: UUID | None
    assignee_name: str | None
    tries: int
    version: int
    created_at: datetime
    closed_at: datetime | None
    outcome: str
    closed_because: ClosedBecause | None
    red_flags: list[RedFlag]
    thread_id: UUID | None

    @classmethod
    def of(
        cls,
        task: Task,
        patient: Patient,
        assignee: Account | None,
        tries: int,
        red_flags: list[dict[str, Any]] | None,
        thread_id: UUID | None,
    ) -> "TaskOut":
        return cls(
            id=task.id,
            restricted=False,
            patient_id=task.patient_id,
            patient_name=patient.full_name,
            patient_birth_date=patient.birth_date,
            patient_mrn=patient.mrn,
            patient_phone=patient.phone,
            patient_language=patient.language,
            patient_time_zone=patient.time_zone,
            visit_id=task.visit_id,
            source=task.source,
            kind=task.kind,
            title=task.title,
            detail=task.detail,
            due_at=task.due_at,
            priority=task.priority,
            status=task.status,
            assignee_id=task.assignee_id,
            assignee_name=assignee.name if assignee else None,
            tries=tries,
            version=task.version,
            created_at=task.created_at,
            closed_at=task.closed_at,
            outcome=task.outcome,
            closed_because=ClosedBecause(task.closed_because) if task.closed_because else None,
            red_flags=msgspec.convert(red_flags or [], list[RedFlag]),
            thread_id=thread_id,
        )


class OutreachOut(msgspec.Struct):
    """One attempt to reach the patient."""

    id: UUID
    at: datetime
    channel: str
    outcome: str
    note: str
    by: str
    next_try_at: datetime | None

    @classmethod
    def of(cls, attempt: Outreach, by: str) -> "OutreachOut":
        return cls(
            id=attempt.id,
            at=attempt.created_at,
            channel=attempt.channel,
            outcome=attempt.outcome,
            note=attempt.note,
            by=by,
            next_try_at=attempt.next_try_at,
        )


class HistoryOut(msgspec.Struct):
    """One change of a task: `create`, `assign`, `outreach`, `put_off`, `done`, `cancelled`, `reopen`.

    `by` is nobody where it happened by itself; `to` is who got it; `due_at` what it was moved to.
    """

    at: datetime
    what: str
    by: str | None
    to: str | None
    channel: str | None
    outcome: str | None
    due_at: datetime | None

    @classmethod
    def of(
        cls, at: datetime, action: str, by: str | None, to: str | None, detail: dict[str, Any]
    ) -> "HistoryOut":
        due = detail.get("due_at")
        return cls(
            at=at,
            what=action.partition(".")[2],
            by=by,
            to=to,
            channel=detail.get("channel"),
            outcome=detail.get("outcome"),
            due_at=datetime.fromisoformat(due) if due else None,
        )


class TaskDetail(msgspec.Struct):
    """A task with why it is there, the attempts to reach the patient, and what was done with it."""

    task: TaskOut
    origin: Origin
    outreach: list[OutreachOut]
    history: list[HistoryOut]


class TaskPage(msgspec.Struct):
    """A page of a view, how many tasks each view holds, and the cursor of the next page."""

    tasks: list[TaskOut]
    counts: dict[str, int]
    next: str | None


class Teammate(msgspec.Struct):
    """Someone a task can be given to."""

    id: UUID
    name: str
    roles: list[str]
