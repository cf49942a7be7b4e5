"""Tables of the follow-up slice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base, Tenant
from followup.domain import TaskStatus, check_move


class Task(Tenant, Base):
    """Something promised. ``source`` and ``source_id`` say what made it; ``version`` guards against stale edits.

    ``outcome`` is what somebody wrote when they closed it; ``closed_because`` a ClosedBecause where nobody did.
    """

    __tablename__ = "task"

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visit.id"))
    source: Mapped[str]
    source_id: Mapped[UUID]
    kind: Mapped[str]
    title: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")
    due_at: Mapped[datetime]
    priority: Mapped[int] = mapped_column(SmallInteger, default=0)
    status: Mapped[str] = mapped_column(default=TaskStatus.OPEN)
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    version: Mapped[int] = mapped_column(default=1)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    outcome: Mapped[str] = mapped_column(default="")
    closed_because: Mapped[str | None]

    def move(self, to: TaskStatus) -> None:
        """Change the status: the only place that does. Raises Conflict."""
        check_move(TaskStatus(self.status), to)
        self.status = to


class Outreach(Tenant, Base):
    """One attempt to reach the patient. Never changed."""

    __tablename__ = "outreach"

    task_id: Mapped[UUID] = mapped_column(ForeignKey("task.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    channel: Mapped[str]
    outcome: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    made_by: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    next_try_at: Mapped[datetime | None]
