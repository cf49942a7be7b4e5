"""What messaging's routes take and give."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from sqlalchemy import Row

from identity.person.name import name_in, shown
from messaging.models import Message


class NewThread(msgspec.Struct, forbid_unknown_fields=True):
    """A first message. Staff name the patient; a patient writes to the clinic."""

    subject: str
    body: str
    client_id: UUID
    patient_id: UUID | None = None
    visit_id: UUID | None = None


class NewMessage(msgspec.Struct, forbid_unknown_fields=True):
    """``client_id`` is made by the writer once per message, and kept for retries."""

    client_id: UUID
    body: str


class ReadTo(msgspec.Struct, forbid_unknown_fields=True):
    """The last message that was on screen."""

    seq: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]


class MessageOut(msgspec.Struct):
    """One message. ``mine`` is the reader's own side's; ``kind`` 'visit_ended' has no body."""

    id: UUID
    seq: int
    at: datetime
    side: str
    author_id: UUID | None
    author_name: str
    kind: str
    body: str
    client_id: UUID

    @classmethod
    def of(cls, message: Message) -> "MessageOut":
        return cls(
            id=message.id,
            seq=message.seq,
            at=message.created_at,
            side=message.side,
            author_id=message.author_id,
            author_name=message.author_name,
            kind=message.kind,
            body=message.body,
            client_id=message.client_id,
        )


class MessageThread(msgspec.Struct):
    """A thread as it stands in a list: its last message shortened, and what is new to the reader.

    `urgent` is said to staff alone: a patient's phone may be read by whoever hurts them.
    `restricted`: the chart is closed to the reader, who is told that there is a thread, and not what it says.
    """

    id: UUID
    patient_id: UUID
    restricted: bool
    patient_name: str
    patient_birth_date: date
    patient_mrn: str
    patient_phone: str | None
    visit_id: UUID | None
    subject: str
    awaiting: str | None
    last_at: datetime
    last_side: str
    last_kind: str
    excerpt: str
    unread: int
    urgent: bool

    @classmethod
    def of(cls, row: Row[Any], *, to_staff: bool) -> "MessageThread":
        """From a row of `repository.page` or `repository.urgent`."""
        return cls(
            id=row.id,
            patient_id=row.patient_id,
            restricted=not row.is_open,
            patient_name=shown(name_in(row)),
            patient_birth_date=row.birth_date,
            patient_mrn=row.mrn,
            patient_phone=row.phone if row.is_open else None,
            visit_id=row.visit_id,
            subject=row.subject if row.is_open else "",
            awaiting=row.awaiting,
            last_at=row.last_at,
            last_side=row.last_side or "",
            last_kind=row.last_kind or "",
            excerpt=row.excerpt or "",
            unread=row.unread,
            urgent=to_staff and row.urgent_at is not None,
        )


class ThreadPage(msgspec.Struct):
    """A page of threads, and the cursor of the next one."""

    threads: list[MessageThread]
    next: str | None


class Conversation(msgspec.Struct):
    """A thread with one page of its messages, oldest first.

    ``earlier``: the ``before`` that gives the page before this one, if there is one.
    """

    id: UUID
    patient_id: UUID
    patient_name: str
    patient_birth_date: date
    patient_mrn: str
    patient_phone: str | None
    visit_id: UUID | None
    subject: str
    awaiting: str | None
    urgent: bool
    read_to: int
    messages: list[MessageOut]
    earlier: int | None


class Unread(msgspec.Struct):
    """How many threads hold something new, and how many messages."""

    threads: int
    messages: int
