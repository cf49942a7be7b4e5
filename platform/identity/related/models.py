"""The table of related persons: the one truth about who may act for whom."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal_column
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base, Tenant


class RelatedPerson(Tenant, Base):
    """Somebody beside a patient, or the patient's own account (`relationship` ONESELF).

    With an account, and verified, they act for the patient within `scope` (a `domain.Scope`) from `starts_at` until
    `until`, and where the relation is `for_minor` until the patient comes of age. `sees_restricted` opens a restricted
    chart too. Rows that ended stay. `acts` is the condition. `family` is the last name, or the only one, as
    `identity.person.name.single` has it; None for who was added before it was kept apart.
    """

    __tablename__ = "related_person"

    patient_id: Mapped[UUID]
    account_id: Mapped[UUID | None]
    name: Mapped[str]
    family: Mapped[str | None]
    birth_date: Mapped[date | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    relationship: Mapped[str]
    scope: Mapped[str]
    sees_restricted: Mapped[bool] = mapped_column(default=False)
    for_minor: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[datetime]
    until: Mapped[datetime | None]
    added_by: Mapped[UUID | None]
    add_reason: Mapped[str] = mapped_column(default="")
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[UUID | None]
    proof: Mapped[str | None]
    proof_note: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    ended_because: Mapped[str | None]
    end_reason: Mapped[str] = mapped_column(default="")


def acts(at: datetime) -> ColumnElement[bool]:
    """Whether a row of `related_person` opens anything at this instant (`relation_acts`, migration 0052)."""
    found: ColumnElement[bool] = func.relation_acts(literal_column("related_person"), at)
    return found


def holds(at: datetime) -> ColumnElement[bool]:
    """Whether a row was verified and has neither ended nor run out (`relation_holds`, migration 0064)."""
    found: ColumnElement[bool] = func.relation_holds(literal_column("related_person"), at)
    return found
