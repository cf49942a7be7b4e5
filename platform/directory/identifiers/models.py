"""The table of patients' identifiers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Date
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base, Tenant


class PatientIdentifier(Tenant, Base):
    """A number by which somebody else knows a patient: its `kind` (`domain.IdentifierKind`), who gave it (`issuer` in
    words, `system` as a URI), and from when to when it holds. `key` is what a search finds it by.

    The clinic's own record number is `patient.mrn`, never a row here. Rows that ended stay.
    """

    __tablename__ = "patient_identifier"

    patient_id: Mapped[UUID]
    kind: Mapped[str]
    system: Mapped[str] = mapped_column(default="")
    issuer: Mapped[str]
    value: Mapped[str]
    key: Mapped[str]
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
