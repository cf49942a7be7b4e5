"""Tables of the intake slice."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base, Tenant


class IntakeForm(Tenant, Base):
    """The form of one visit. `version` counts saves from 1; `step` is where the patient was.

    `draft` is `intake.draft.IntakeDraft`, `flags` a list of `intake.domain.RaisedFlag`, both as JSON.
    `questionnaire` is the canonical reference (url|version) of what was asked.
    """

    __tablename__ = "intake_form"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), unique=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    version: Mapped[int]
    step: Mapped[str]
    language: Mapped[str]
    questionnaire: Mapped[str]
    draft: Mapped[dict[str, Any]]
    flags: Mapped[list[dict[str, Any]]]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]


class ConsentRecord(Tenant, Base):
    """A patient's agreement: the very text that was shown, and the name they typed under it. Never changed."""

    __tablename__ = "consent_record"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), unique=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    version: Mapped[int]
    language: Mapped[str]
    text: Mapped[str]
    text_hash: Mapped[str]
    signature: Mapped[str]
    agreed_at: Mapped[datetime]
