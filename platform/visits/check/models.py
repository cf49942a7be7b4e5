"""The table of checks. A row is written once and forgotten with the connection history (`history.domain.KEEP`)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Double, ForeignKey, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base, Tenant, text_enum
from visits.check.domain import Device, Network, Speaker, Verdict
from visits.history.domain import Path, Transport


class VisitCheck(Tenant, Base):
    """What somebody's check before a visit found. `account_id` is whoever checked, who may act for the patient.

    `troubles` are `domain.troubles`. `browser` is a class such as 'Chrome 140 on Android'. No address is kept.
    """

    __tablename__ = "visit_check"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    verdict: Mapped[Verdict] = mapped_column(text_enum(Verdict))
    troubles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    camera: Mapped[Device] = mapped_column(text_enum(Device))
    microphone: Mapped[Device] = mapped_column(text_enum(Device))
    speaker: Mapped[Speaker] = mapped_column(text_enum(Speaker))
    network: Mapped[Network] = mapped_column(text_enum(Network))
    path: Mapped[Path | None] = mapped_column(text_enum(Path))
    transport: Mapped[Transport | None] = mapped_column(text_enum(Transport))
    round_trip_ms: Mapped[int | None] = mapped_column(Integer)
    jitter_ms: Mapped[int | None] = mapped_column(Integer)
    loss: Mapped[float | None] = mapped_column(Double)
    up_kbps: Mapped[int | None] = mapped_column(Integer)
    down_kbps: Mapped[int | None] = mapped_column(Integer)
    browser: Mapped[str | None]
