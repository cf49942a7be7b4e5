"""The record: FHIR R4 resources as versioned JSON with typed index columns, and every version that ever was."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, DateTime, ForeignKey, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chart.record.storable import respelled
from core import json
from core.database.models import Base, Tenant

Json = dict[str, Any]

_INSTANT = DateTime(timezone=True)


class Kept:
    """A FHIR resource in a row, as it came.

    `verbatim` is its JSON where JSONB would write one of its numbers in another way (see `chart.record.storable`),
    and is then what counts; queries look into `stored`, the column `resource`.
    """

    stored: Mapped[Json] = mapped_column("resource", JSONB)
    verbatim: Mapped[str | None] = mapped_column(Text)

    @property
    def resource(self) -> Json:
        """Never changed in place: assign another."""
        if self.verbatim is None:
            return self.stored
        resource: Json = json.decode(self.verbatim)
        return resource

    @resource.setter
    def resource(self, resource: Json) -> None:
        self.stored = resource
        self.verbatim = json.encode_text(resource) if respelled(resource) else None


class Record(Kept, Tenant, Base):
    """The current version of one resource. Its columns are drawn from the resource by `chart.record.index`.

    `source` says who stands behind it: `patient`, `clinician` or `import`. `author_id` is the account that wrote this
    version, or none for a job. `ends_at` is when a medicine's course ends or ended
    (see `chart.record.active_medicines`).
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


class RecordHistory(Kept, Base):
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
