"""Tables of the messaging slice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, SmallInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.models import Base, Tenant


class Thread(Tenant, Base):
    """A conversation on a patient, often on one visit. ``awaiting`` is whose turn it is: 'clinic' or 'patient'.

    ``urgent_at`` is since when the clinic knows of a danger here that it has not answered.
    """

    __tablename__ = "thread"

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visit.id"))
    subject: Mapped[str]
    last_seq: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    awaiting: Mapped[str | None]
    urgent_at: Mapped[datetime | None]


class UrgentAnswer(Tenant, Base):
    """A patient's last answers to a red flag's question beside a message: one row for each patient and rule.

    `yes_at` and `no_at` are when they last said so; one of them at least is set. `thread_id` is the thread of the
    last yes, and None while that has not begun. `because` is a `core.rules.text.Text` as JSON; a no, and answers that
    are older than it and `rule_version`, have neither.
    """

    __tablename__ = "urgent_answer"

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patient.id"))
    thread_id: Mapped[UUID | None] = mapped_column(ForeignKey("thread.id"))
    rule: Mapped[str]
    rule_version: Mapped[int | None]
    because: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    level: Mapped[str]
    yes_at: Mapped[datetime | None]
    no_at: Mapped[datetime | None]


class Message(Tenant, Base):
    """One message; never changed. ``seq`` counts within the thread from 1."""

    __tablename__ = "message"

    thread_id: Mapped[UUID] = mapped_column(ForeignKey("thread.id"))
    seq: Mapped[int]
    client_id: Mapped[UUID]
    author_id: Mapped[UUID | None]
    side: Mapped[str]
    author_name: Mapped[str]
    kind: Mapped[str]
    body: Mapped[str]


class ThreadRead(Base):
    """Up to which message an account has read a thread."""

    __tablename__ = "thread_read"

    thread_id: Mapped[UUID] = mapped_column(ForeignKey("thread.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    clinic_id: Mapped[UUID]
    seq: Mapped[int]
    at: Mapped[datetime]


class Notification(Tenant, Base):
    """An SMS or e-mail. ``sealed`` holds {to, subject, text} as JSON; ``source_id`` is what it is about."""

    __tablename__ = "notification"

    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("account.id"))
    channel: Mapped[str]
    kind: Mapped[str]
    source_id: Mapped[UUID]
    sealed: Mapped[bytes]
    status: Mapped[str]
    provider_id: Mapped[str | None]
    failure: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    leased_until: Mapped[datetime | None]
    next_try_at: Mapped[datetime]
    set_aside_at: Mapped[datetime | None]
