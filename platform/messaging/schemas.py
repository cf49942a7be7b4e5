"""What messaging's routes take and give."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec

from identity.models import Patient
from messaging.models import Message, Thread


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
    def of(
        cls,
        thread: Thread,
        patient: Patient,
        last: Message | None,
        unread: int,
        is_open: bool,
        *,
        urgent: bool,
    ) -> "MessageThread":
        return cls(
            id=thread.id,
            patient_id=thread.patient_id,
            restricted=not is_open,
            patient_name=patient.full_name,
            patient_birth_date=patient.birth_date,
            patient_mrn=patient.mrn,
            patient_phone=patient.phone if is_open else None,
            visit_id=thread.visit_id,
            subject=thread.subject if is_open else "",
            awaiting=thread.awaiting,
            last_at=thread.last_at,
            last_side=last.side if last else "",
            last_kind=last.kind if last else "",
            excerpt=last.body[:140] if last else "",
            unread=unread,
            urgent=urgent,
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
