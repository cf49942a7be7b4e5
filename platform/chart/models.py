"""The record: FHIR R4 resources as versioned JSON with typed index columns, and every version that ever was."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, DateTime, ForeignKey, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.models import Base, Tenant

Json = dict[str, Any]

_INSTANT = DateTime(timezone=True)


class Record(Tenant, Base):
    """The current version of one resource. Its columns are drawn from the resource by `chart.domain.index`.

    `source` says who stands behind it: `patient`, `clinician` or `import`. `author_id` is the account that wrote this
    version, or none for a job. `ends_at` is when a medicine's course ends or ended (see `chart.medicines`).
    """

    __tablename__ = "record"

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visit.id"))
    resource_type: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    status: Mapped[str | None] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(Text)
    code_system: Mapped[str | None] = mapped_column(Text)
    display: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(Text)
    effective_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    ends_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    in_error: Mapped[bool] = mapped_column(Boolean, default=False)
    source: Mapped[str] = mapped_column(Text)
    author_id: Mapped[UUID | None]
    updated_at: Mapped[datetime] = mapped_column(_INSTANT)
    resource: Mapped[Json] = mapped_column(JSONB)


class RecordHistory(Base):
    """One version of a resource, the current one included. Rows are only ever added."""

    __tablename__ = "record_history"

    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    source: Mapped[str] = mapped_column(Text)
    author_id: Mapped[UUID | None]
    reason: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(_INSTANT)
    resource: Mapped[Json] = mapped_column(JSONB)
