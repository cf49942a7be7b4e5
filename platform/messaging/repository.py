"""Finds threads and messages, in the order in which lists show them.

Every query is limited to what the actor may see.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Row, Select, Text, Uuid, and_, bindparam, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from core.actor import Role
from core.database.session import ReadSession, WriteSession
from core.subject import Subject
from identity.models import Patient
from identity.person.name import PARTS
from identity.readable import fetch, fetch_locked, known, of_open_chart, readable
from messaging.access import THREAD
from messaging.domain import Side, side_of, waits_for
from messaging.models import Message, Thread, ThreadRead

PAGE = 30
MESSAGES_PAGE = 100
EXCERPT = 140
"""Characters of the last message that a list shows."""

# What a list shows of a thread, its patient and its last message: the rest is neither read nor made into objects.
_SHOWN = (
    Thread.id,
    Thread.patient_id,
    Thread.visit_id,
    Thread.subject,
    Thread.awaiting,
    Thread.last_at,
    Thread.urgent_at,
    *(getattr(Patient, part) for part in PARTS),
    Patient.birth_date,
    Patient.mrn,
    Patient.phone,
    Message.side.label("last_side"),
    Message.kind.label("last_kind"),
    func.left(Message.body, EXCERPT).label("excerpt"),
)


async def get_visible(session: ReadSession, thread_id: UUID) -> Thread:
    """The thread, if this person may see it. Raises NotFound."""
    return await fetch(session, THREAD, thread_id)


async def for_update(write: WriteSession, thread_id: UUID) -> Thread:
    """The thread, locked until the end of the transaction, so that its numbering has no gap. Raises NotFound."""
    return await fetch_locked(write, THREAD, thread_id)


async def of_visit(session: ReadSession, visit_id: UUID) -> Thread | None:
    """A visit's thread, if it has one that this person may see."""
    thread: Thread | None = await session.one_or_none(
        select(Thread).where(Thread.visit_id == visit_id, readable(THREAD, session.subject))
    )
    return thread


async def messages(session: ReadSession, thread_id: UUID, before: int | None = None) -> list[Message]:
    """A thread's newest messages, or the newest before a number: at most ``MESSAGES_PAGE``, oldest first."""
    statement = select(Message).where(Message.thread_id == thread_id)
    if before is not None:
        statement = statement.where(Message.seq < before)
    rows = await session.scalars(statement.order_by(Message.seq.desc()).limit(MESSAGES_PAGE))
    return list(rows)[::-1]


async def sent_before(session: ReadSession, thread_id: UUID, client_id: UUID) -> Message | None:
    """The message that this very request has already written, if it did."""
    message: Message | None = await session.one_or_none(
        select(Message).where(Message.thread_id == thread_id, Message.client_id == client_id)
    )
    return message


async def started_before(session: ReadSession, patient_id: UUID, client_id: UUID) -> Thread | None:
    """The thread on this patient into which this person has written this very message already, if they did."""
    thread: Thread | None = await session.one_or_none(
        select(Thread)
        .join(Message, Message.thread_id == Thread.id)
        .where(
            Thread.patient_id == patient_id,
            Message.client_id == client_id,
            Message.author_id == session.actor.account_id,
            readable(THREAD, session.subject),
        )
    )
    return thread


# How many of a thread's messages came from the other side since the reader last read it.
_READ_TO = (
    select(ThreadRead.seq)
    .where(ThreadRead.thread_id == Thread.id, ThreadRead.account_id == bindparam("reader", type_=Uuid))
    .correlate(Thread)
    .scalar_subquery()
)
_UNREAD = (
    select(func.count())
    .where(
        Message.thread_id == Thread.id,
        Message.seq > func.coalesce(_READ_TO, 0),
        Message.side == bindparam("other_side", type_=Text),
    )
    .correlate(Thread)
    .scalar_subquery()
    .label("unread")
)


def _reader(session: ReadSession) -> dict[str, object]:
    """What `_UNREAD` is asked with."""
    actor = session.actor
    return {"reader": actor.account_id, "other_side": waits_for(side_of(actor))}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which statement a list needs, apart from its values."""

    urgent: bool = False
    calm: bool = False
    awaiting: bool = False
    of_patient: bool = False
    later: bool = False


def _listed(subject: Subject, wanted: _Wanted) -> Select[*tuple[Any, ...]]:
    """The statement, built once for all of the staff, whose policy is the same: building it takes as long as
    PostgreSQL takes to answer."""
    actor = subject.actor
    if actor.is_patient or subject.is_system or subject != Subject(actor):
        return _built(subject, wanted)
    place = wanted, actor.roles
    if place not in _FOR_STAFF:
        _FOR_STAFF[place] = _built(subject, wanted)
    return _FOR_STAFF[place]


_FOR_STAFF: dict[tuple[_Wanted, frozenset[Role]], Select[*tuple[Any, ...]]] = {}


def _built(subject: Subject, wanted: _Wanted) -> Select[*tuple[Any, ...]]:
    statement = (
        select(*_SHOWN, _UNREAD, of_open_chart(THREAD.patient, subject).label("is_open"))
        .join(Patient, Patient.id == Thread.patient_id)
        # Of a closed chart, row-level security hides the messages.
        .outerjoin(Message, and_(Message.thread_id == Thread.id, Message.seq == Thread.last_seq))
        .where(known(THREAD, subject))
        .order_by(Thread.last_at.desc(), Thread.id.desc())
    )
    if wanted.urgent:
        statement = statement.where(Thread.urgent_at.is_not(None))
    else:
        statement = statement.limit(PAGE)
    if wanted.calm:
        statement = statement.where(Thread.urgent_at.is_(None))
    if wanted.awaiting:
        statement = statement.where(Thread.awaiting == bindparam("awaiting", type_=Text))
    if wanted.of_patient:
        statement = statement.where(Thread.patient_id == bindparam("patient", type_=Uuid))
    if wanted.later:
        place = bindparam("at", type_=DateTime(timezone=True)), bindparam("id", type_=Uuid)
        statement = statement.where(tuple_(Thread.last_at, Thread.id) < tuple_(*place))
    return statement


async def urgent(session: ReadSession, patient_id: UUID | None = None) -> list[Row[Any]]:
    """The threads in which a patient told of a danger that the clinic has not answered; nothing for a patient."""
    if session.actor.is_patient:
        return []
    statement = _listed(session.subject, _Wanted(urgent=True, of_patient=patient_id is not None))
    values = _reader(session) | _of(patient=patient_id)
    return list((await session.execute(statement, values)).all())


async def page(
    session: ReadSession,
    *,
    awaiting: Side | None = None,
    patient_id: UUID | None = None,
    before: tuple[datetime, UUID] | None = None,
) -> list[Row[Any]]:
    """Threads with their patient, last message and unread count, newest first; one query, ``PAGE`` rows.

    For staff without the urgent ones, which stand before them all.
    """
    wanted = _Wanted(
        calm=not session.actor.is_patient,
        awaiting=awaiting is not None,
        of_patient=patient_id is not None,
        later=before is not None,
    )
    at, last = before or (None, None)
    values = _reader(session) | _of(awaiting=awaiting, patient=patient_id, at=at, id=last)
    return list((await session.execute(_listed(session.subject, wanted), values)).all())


def _of(**values: object) -> dict[str, object]:
    return {name: value for name, value in values.items() if value is not None}


async def unread_threads(session: ReadSession) -> tuple[int, int]:
    """How many threads hold something new for this person, and how many messages in all.

    Staff share the clinic's threads: what a colleague has answered is no longer theirs to read, so only threads
    that wait for the clinic count.
    """
    unread = select(_UNREAD).select_from(Thread).where(readable(THREAD, session.subject))
    if side_of(session.actor) is Side.CLINIC:
        unread = unread.where(Thread.awaiting == Side.CLINIC)
    counted = unread.subquery()
    totals = select(
        func.count().label("threads"), func.coalesce(func.sum(counted.c.unread), 0).label("messages")
    ).where(counted.c.unread > 0)
    row = (await session.execute(totals, _reader(session))).one()
    return int(row.threads), int(row.messages)


async def mark_read(write: WriteSession, thread: Thread, seq: int) -> None:
    """Remember how far this person has read; never backwards, never past the end."""
    values = {
        "thread_id": thread.id,
        "account_id": write.actor.account_id,
        "clinic_id": write.clinic_id,
        "seq": min(seq, thread.last_seq),
        "at": write.now(),
    }
    statement = insert(ThreadRead).values(values)
    await write.execute(
        statement.on_conflict_do_update(
            index_elements=["thread_id", "account_id"],
            set_={"seq": func.greatest(ThreadRead.seq, statement.excluded.seq), "at": statement.excluded.at},
        )
    )
