"""Finds tasks. Every query is limited to what the actor may see."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Row,
    Select,
    Text,
    Uuid,
    and_,
    cast,
    column,
    func,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from core.actor import Role
from core.database.session import ReadSession, WriteSession
from core.errors import NotFound
from followup.access import TASK
from followup.domain import TaskSource, TaskStatus
from followup.models import Outreach, Task
from identity.models import Account, Patient
from identity.readable import fetch, fetch_locked, readable
from messaging.models import UrgentAnswer
from visits.models import Visit

Assignee = aliased(Account, name="assignee")
HistoryRow = Row[datetime, str, str | None, str | None, dict[str, Any]]
CHANGES = (
    "task.create",
    "task.assign",
    "task.outreach",
    "task.put_off",
    "task.done",
    "task.cancelled",
    "task.reopen",
)
"""What the audit says of a task beside who looked at it."""

_audit = table(
    "audit_event",
    column("seq", BigInteger),
    column("at", DateTime(timezone=True)),
    column("account_id", Uuid),
    column("patient_id", Uuid),
    column("entity_id", Uuid),
    column("action", Text),
    column("detail", JSONB),
)
TaskRow = Row[Task, Patient, Account, int, list[dict[str, Any]], UUID | None]


async def get_visible(session: ReadSession, task_id: UUID) -> Task:
    """The task, if this person may see it. Raises NotFound."""
    return await fetch(session, TASK, task_id)


async def for_update(write: WriteSession, task_id: UUID) -> Task:
    """The task, locked until the end of the transaction. Raises NotFound."""
    return await fetch_locked(write, TASK, task_id)


async def of_source_for_update(write: WriteSession, source: TaskSource, source_id: UUID) -> Task | None:
    """The task that this source made, if it made one, locked until the end of the transaction."""
    task: Task | None = await write.one_or_none(
        select(Task).where(Task.source == source, Task.source_id == source_id).with_for_update(key_share=True)
    )
    return task


async def open_of_visit_for_update(write: WriteSession, source: TaskSource, visit_id: UUID) -> list[Task]:
    """The open tasks of this source that are about a visit, locked until the end of the transaction."""
    query = select(Task).where(
        Task.source == source, Task.visit_id == visit_id, Task.status == TaskStatus.OPEN
    )
    return list(await write.scalars(query.order_by(Task.id).with_for_update(key_share=True)))


def _tries() -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(Outreach)
        .where(Outreach.task_id == Task.id)
        .correlate(Task)
        .scalar_subquery()
    )


OF_DANGER = (TaskSource.RED_FLAG, TaskSource.NO_SHOW, TaskSource.FORGOTTEN)
"""Tasks about a patient whom nobody has seen; the database function `shown_tasks` has them too."""


def _red_flags() -> ColumnElement[list[dict[str, Any]]]:
    """The red flags of the visit that a task of a patient in danger is about; None for every other task."""
    return (
        select(Visit.red_flags)
        .where(Visit.id == Task.visit_id, Task.source.in_(OF_DANGER))
        .correlate(Task)
        .scalar_subquery()
    )


_OF_ANSWER = and_(UrgentAnswer.id == Task.source_id, Task.source == TaskSource.MESSAGE)
"""What made the task is a patient's yes beside a message."""


def _told() -> ColumnElement[list[dict[str, Any]]]:
    """The red flag that the patient told of while writing, as a list; None for every other task."""
    flag = func.jsonb_build_object(
        "code",
        UrgentAnswer.rule,
        "level",
        UrgentAnswer.level,
        "at",
        UrgentAnswer.yes_at,
        "version",
        UrgentAnswer.rule_version,
        "because",
        UrgentAnswer.because,
    )
    return (
        select(func.jsonb_build_array(flag, type_=JSONB)).where(_OF_ANSWER).correlate(Task).scalar_subquery()
    )


def _thread() -> ColumnElement[UUID | None]:
    return select(UrgentAnswer.thread_id).where(_OF_ANSWER).correlate(Task).scalar_subquery()


def _joined() -> Select[Task, Patient, Account, int, list[dict[str, Any]], UUID | None]:
    return (
        select(
            Task,
            Patient,
            Assignee,
            _tries().label("tries"),
            func.coalesce(_red_flags(), _told()).label("red_flags"),
            _thread().label("thread_id"),
        )
        .join(Patient, Patient.id == Task.patient_id)
        .outerjoin(Assignee, Assignee.id == Task.assignee_id)
    )


async def one_row(session: ReadSession, task_id: UUID) -> TaskRow:
    """A task with its patient, assignee, number of attempts, red flags and thread. Raises NotFound."""
    query = _joined().where(Task.id == task_id, readable(TASK, session.subject))
    row: TaskRow | None = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFound
    return row


async def attempts(session: ReadSession, task_id: UUID) -> list[Row[Outreach, str]]:
    """A task's attempts to reach the patient with who made them, oldest first."""
    statement = (
        select(Outreach, Account.name)
        .join(Account, Account.id == Outreach.made_by)
        .where(Outreach.task_id == task_id)
        .order_by(Outreach.id)
    )
    return list((await session.execute(statement)).all())


async def history(session: ReadSession, task: Task) -> list[HistoryRow]:
    """What was done with a task: when, by whom, what, to whom it was given; oldest first. Read from the audit."""
    given_to = aliased(Account, name="given_to")
    detail, entry = _audit.c.detail, _audit.c
    statement = (
        select(entry.at, entry.action, Account.name.label("by"), given_to.name.label("to"), detail)
        .outerjoin(Account, Account.id == entry.account_id)
        .outerjoin(given_to, given_to.id == cast(detail["assignee_id"].astext, Uuid))
        # By the patient, because the audit has an index for that.
        .where(entry.patient_id == task.patient_id, entry.entity_id == task.id, entry.action.in_(CHANGES))
        .order_by(entry.seq)
    )
    return list((await session.execute(statement)).all())


def _in_care_team() -> ColumnElement[bool]:
    return and_(Account.status == "active", Account.roles.overlap([Role.CLINICIAN, Role.COORDINATOR]))


async def care_team(session: ReadSession) -> list[Account]:
    """Who tasks can be assigned to, by name."""
    return list(await session.scalars(select(Account).where(_in_care_team()).order_by(Account.name)))


async def is_in_care_team(session: ReadSession, account_id: UUID) -> bool:
    """Whether tasks can be assigned to this account."""
    found = await session.scalar(select(Account.id).where(Account.id == account_id, _in_care_team()))
    return found is not None
