"""The table of visit types."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, SmallInteger, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base, Tenant


class VisitType(Tenant, Base):
    """What a patient can come for, in this clinic. A visit keeps the `code`, which never changes.

    `minutes` is how long a booked visit takes; None is as long as the clinician's working hours say. The buffers are
    minutes that stay free around it. Ages are whole years, both ends included. `offered_by` are the clinicians who
    offer it, all if empty. `questionnaire` is the code of a questionnaire that ships with intake. `version` grows with
    each change, so that of two administrators the second sees the first one's.
    """

    __tablename__ = "visit_type"

    code: Mapped[str]
    position: Mapped[int]
    icon: Mapped[str]
    title_en: Mapped[str] = mapped_column(Text)
    title_es: Mapped[str] = mapped_column(Text)
    hint_en: Mapped[str] = mapped_column(Text)
    hint_es: Mapped[str] = mapped_column(Text)
    minutes: Mapped[int | None] = mapped_column(SmallInteger)
    buffer_before: Mapped[int] = mapped_column(SmallInteger, default=0)
    buffer_after: Mapped[int] = mapped_column(SmallInteger, default=0)
    min_years: Mapped[int | None] = mapped_column(SmallInteger)
    max_years: Mapped[int | None] = mapped_column(SmallInteger)
    offered_by: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid(as_uuid=True)), default=list)
    questionnaire: Mapped[str]
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
