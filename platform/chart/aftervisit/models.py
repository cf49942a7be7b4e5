"""Where a visit's summary is kept."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base


class AfterVisitSummary(Base):
    """The summary of one visit: `content` is `chart.aftervisit.content.Summary`, `blob_id` the `core.files` of its PDF.

    `record_id` is the DocumentReference in the patient's record.
    """

    __tablename__ = "after_visit_summary"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), primary_key=True)
    clinic_id: Mapped[UUID] = mapped_column(ForeignKey("clinic.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    note_id: Mapped[UUID] = mapped_column(ForeignKey("note.id"))
    record_id: Mapped[UUID] = mapped_column(ForeignKey("record.id"))
    blob_id: Mapped[UUID]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_at: Mapped[datetime]
