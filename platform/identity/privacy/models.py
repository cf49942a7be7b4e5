"""Tables of restricted charts and sensitive notes. SQL decides from them: `closed_patients()`, `closed_visit()`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Uuid, and_
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base, Tenant


class ChartRestriction(Tenant, Base):
    """A mark on a patient: the chart is closed until `ends_at` to everybody who is not `named` and has no visit open.

    `why` is a `domain.Why`, `reason` what was typed. A patient has at most one that is not lifted.
    """

    __tablename__ = "chart_restriction"

    patient_id: Mapped[UUID]
    why: Mapped[str]
    reason: Mapped[str]
    named: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid(as_uuid=True)))
    ends_at: Mapped[datetime]
    made_by: Mapped[UUID]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[UUID | None]
    lift_reason: Mapped[str | None]

    @classmethod
    def holds(cls, at: datetime) -> ColumnElement[bool]:
        """Which marks hold at an instant; `closed_patients()` has it in SQL."""
        return and_(cls.lifted_at.is_(None), cls.ends_at > at)


class ChartOpening(Tenant, Base):
    """Somebody opened a closed chart with a reason, until `until`. `review` is the privacy officer's word on it."""

    __tablename__ = "chart_opening"

    patient_id: Mapped[UUID]
    restriction_id: Mapped[UUID | None]
    account_id: Mapped[UUID]
    reason: Mapped[str]
    until: Mapped[datetime]
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[UUID | None]
    review: Mapped[str | None]


class SensitiveNote(Base):
    """A visit whose note is marked sensitive: closed to whoever did not write it and has no part in the care.

    `category` is a `domain.Sensitive`, None once the mark was taken back. `closed_visit()` (migration 0053) decides.
    """

    __tablename__ = "sensitive_note"

    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    clinic_id: Mapped[UUID]
    note_id: Mapped[UUID]
    patient_id: Mapped[UUID]
    category: Mapped[str | None]
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID]
