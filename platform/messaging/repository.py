"""Finds threads and messages. Every query is limited to what the actor may see."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import load_only

from core.database.session import ReadSession, WriteSession
from identity.models import Patient
from identity.person.name import PARTS
from identity.readable import fetch, fetch_locked, known, of_open_chart, readable
from messaging.access import THREAD
from messaging.domain import Side, side_of, waits_for
from messaging.models import Message, Thread, ThreadRead

# What a list shows of a patient and of a message: the rest is neither read nor made into objects.
_WHOSE = load_only(
    *(getattr(Patient, part) for part in PARTS),
    Patient.birth_date,
    Patient.mrn,
    Patient.phone,
    raiseload=True,
)
_LAST = load_only(Message.side, Message.kind, Message.body, raiseload=True)

ListedThread = tuple[Thread, Patient, Message, int, bool]
"""A thread, its patient, its last message (none of a closed chart), what is new, and whether the chart is open."""

PAGE = 30
MESSAGES_PAGE = 100


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


def _unread(session: ReadSession) -> ColumnElement[int]:
    """How many of a thread's messages came from the other side since this person last read it."""
    actor = session.actor
    read_to = (
        select(ThreadRead.seq)
        .where(ThreadRead.thread_id == Thread.id, ThreadRead.account_id == actor.account_id)
        .correlate(Thread)
        .scalar_subquery()
    )
    others = Message.side == waits_for(side_of(actor))
    return (
        select(func.count())
        .where(Message.thread_id == Thread.id, Message.seq > func.coalesce(read_to, 0), others)
        .correlate(Thread)
        .scalar_subquery()
    )


def _listed(session: ReadSession, patient_id: UUID | None) -> Select[*ListedThread]:
    is_open = of_open_chart(THREAD.patient, session.subject).label("is_open")
    statement: Select[*ListedThread] = (
        select(Thread, Patient, Message, _unread(session).label("unread"), is_open)
        .join(Patient, Patient.id == Thread.patient_id)
        # Of a closed chart, row-level security hides the messages.
        .outerjoin(Message, and_(Message.thread_id == Thread.id, Message.seq == Thread.last_seq))
        .where(known(THREAD, session.subject))
        .order_by(Thread.last_at.desc(), Thread.id.desc())
        .options(_WHOSE, _LAST)
    )
    return statement.where(Thread.patient_id == patient_id) if patient_id else statement


async def urgent(session: ReadSession, patient_id: UUID | None = None) -> list[Row[*ListedThread]]:
    """The threads in which a patient told of a danger that the clinic has not answered; nothing for a patient."""
    if session.actor.is_patient:
        return []
    statement = _listed(session, patient_id).where(Thread.urgent_at.is_not(None))
    return list((await session.execute(statement)).all())


async def page(
    session: ReadSession,
    *,
    awaiting: Side | None = None,
    patient_id: UUID | None = None,
    before: tuple[datetime, UUID] | None = None,
) -> list[Row[*ListedThread]]:
    """Threads with their patient, last message and unread count, newest first; one query, ``PAGE`` rows.

    For staff without the urgent ones, which stand before them all.
    """
    statement = _listed(session, patient_id).limit(PAGE)
    if not session.actor.is_patient:
        statement = statement.where(Thread.urgent_at.is_(None))
    if awaiting:
        statement = statement.where(Thread.awaiting == awaiting)
    if before:
        statement = statement.where(tuple_(Thread.last_at, Thread.id) < before)
    return list((await session.execute(statement)).all())


async def unread_threads(session: ReadSession) -> tuple[int, int]:
    """How many threads hold something new for this person, and how many messages in all.

    Staff share the clinic's threads: what a colleague has answered is no longer theirs to read, so only threads
    that wait for the clinic count.
    """
    unread = (
        select(_unread(session).label("unread")).select_from(Thread).where(readable(THREAD, session.subject))
    )
    if side_of(session.actor) is Side.CLINIC:
        unread = unread.where(Thread.awaiting == Side.CLINIC)
    counted = unread.subquery()
    totals = select(
        func.count().label("threads"), func.coalesce(func.sum(counted.c.unread), 0).label("messages")
    ).where(counted.c.unread > 0)
    row = (await session.execute(totals)).one()
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
