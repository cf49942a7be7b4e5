"""Tables of the connection history. A row is written once; all are forgotten after `domain.KEEP`."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Double, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base, Tenant, text_enum
from visits.history.domain import DropCause, FailureReason, MarkReason, Path, Transport


class CallSample(Tenant, Base):
    """What one page received from one other person at a moment, and sent to them.

    `participant_id` is the other person. `tick` counts `domain.TICK`s since the attempt began, and there is one sample
    of each: a batch that comes twice is kept once.
    """

    __tablename__ = "call_sample"

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("call_attempt.id"))
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    tick: Mapped[int] = mapped_column(Integer)
    path: Mapped[Path | None] = mapped_column(text_enum(Path))
    transport: Mapped[Transport | None] = mapped_column(text_enum(Transport))
    loss: Mapped[float | None] = mapped_column(Double)
    jitter_ms: Mapped[int | None] = mapped_column(Integer)
    round_trip_ms: Mapped[int | None] = mapped_column(Integer)
    received_kbps: Mapped[int | None] = mapped_column(Integer)
    sent_kbps: Mapped[int | None] = mapped_column(Integer)
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    fps: Mapped[int | None] = mapped_column(Integer)


class CallDrop(Tenant, Base):
    """A while in which a page was without its network, our server or the other person. `recovered`: it came back."""

    __tablename__ = "call_drop"

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("call_attempt.id"))
    at: Mapped[datetime]
    tick: Mapped[int] = mapped_column(Integer)
    lasted_ms: Mapped[int] = mapped_column(Integer)
    cause: Mapped[DropCause] = mapped_column(text_enum(DropCause))
    recovered: Mapped[bool]


class CallFailure(Tenant, Base):
    """Something kept a person from the call. `at` is to the minute: the same again within it is the same."""

    __tablename__ = "call_failure"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"))
    attempt_id: Mapped[UUID | None] = mapped_column(ForeignKey("call_attempt.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    role: Mapped[str]
    at: Mapped[datetime]
    reason: Mapped[FailureReason] = mapped_column(text_enum(FailureReason))
    browser: Mapped[str | None]


class CallMark(Tenant, Base):
    """Somebody found the call bad. One for each attempt; its reason may be said, or changed, after the tap."""

    __tablename__ = "call_mark"

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("call_attempt.id"))
    at: Mapped[datetime]
    reason: Mapped[MarkReason] = mapped_column(text_enum(MarkReason))
