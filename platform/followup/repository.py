"""Finds tasks. Every query is limited to what the actor may see."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, select
from sqlalchemy.orm import aliased

from core.actor import Role
from core.db import ReadSession, WriteSession
from core.errors import NotFound
from followup.access import visible
from followup.domain import TaskSource
from followup.models import Outreach, Task
from identity.models import Account, Patient
from visits.models import Visit

Assignee = aliased(Account, name="assignee")
TaskRow = Row[Task, Patient, Account, int, list[dict[str, Any]]]


async def get_visible(session: ReadSession, task_id: UUID) -> Task:
    """The task, if this person may see it. Raises NotFound."""
    task: Task = await session.found(select(Task).where(Task.id == task_id, visible(session.actor)))
    return task


async def for_update(write: WriteSession, task_id: UUID) -> Task:
    """The task, locked until the end of the transaction. Raises NotFound."""
    task: Task = await write.found(
        select(Task).where(Task.id == task_id, visible(write.actor)).with_for_update(key_share=True)
    )
    return task


async def of_source_for_update(write: WriteSession, source: TaskSource, source_id: UUID) -> Task | None:
    """The task that this source made, if it made one, locked until the end of the transaction."""
    task: Task | None = await write.one_or_none(
        select(Task).where(Task.source == source, Task.source_id == source_id).with_for_update(key_share=True)
    )
    return task


def _tries() -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(Outreach)
        .where(Outreach.task_id == Task.id)
        .correlate(Task)
        .scalar_subquery()
    )


def _red_flags() -> ColumnElement[list[dict[str, Any]]]:
    """The red flags of the visit that a task of a patient in danger is about; None for every other task."""
    return (
        select(Visit.red_flags)
        .where(Visit.id == Task.visit_id, Task.source.in_((TaskSource.RED_FLAG, TaskSource.NO_SHOW)))
        .correlate(Task)
        .scalar_subquery()
    )


def _joined() -> Select[Task, Patient, Account, int, list[dict[str, Any]]]:
    return (
        select(Task, Patient, Assignee, _tries().label("tries"), _red_flags().label("red_flags"))
        .join(Patient, Patient.id == Task.patient_id)
        .outerjoin(Assignee, Assignee.id == Task.assignee_id)
    )


async def one_row(session: ReadSession, task_id: UUID) -> TaskRow:
    """A task with its patient, assignee, number of attempts and red flags. Raises NotFound."""
    query = _joined().where(Task.id == task_id, visible(session.actor))
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


def _in_care_team() -> ColumnElement[bool]:
    return and_(Account.status == "active", Account.roles.overlap([Role.CLINICIAN, Role.COORDINATOR]))


async def care_team(session: ReadSession) -> list[Account]:
    """Who tasks can be assigned to, by name."""
    return list(await session.scalars(select(Account).where(_in_care_team()).order_by(Account.name)))


async def is_in_care_team(session: ReadSession, account_id: UUID) -> bool:
    """Whether tasks can be assigned to this account."""
    found = await session.scalar(select(Account.id).where(Account.id == account_id, _in_care_team()))
    return found is not None
