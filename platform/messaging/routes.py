"""Routes of threads and messages."""

from typing import Annotated
from uuid import UUID

from litestar.params import Parameter
from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.database.session import ReadSession, WriteSession
from core.edge.web import get, post
from core.errors import Invalid, NotFound
from core.pages import cursor, parse_cursor
from identity.patients import service as patients
from identity.permissions import Permission
from messaging import repository, service, urgent
from messaging.domain import Side
from messaging.models import Thread, ThreadRead
from messaging.schemas import (
    Conversation,
    MessageOut,
    MessageThread,
    NewMessage,
    NewThread,
    ReadTo,
    ThreadPage,
    Unread,
)
from visits import repository as visits


@get("/api/threads", permission=Permission.MESSAGE_READ)
async def list_threads(
    read: ReadSession,
    awaiting: Side | None = None,
    patient_id: UUID | None = None,
    before: Annotated[str | None, Parameter(max_length=80)] = None,
) -> ThreadPage:
    """Threads that this person may see, newest first; ``before`` is the previous page's ``next``.

    For staff the first page begins with all urgent ones.
    """
    place = parse_cursor(before)
    rows = await repository.page(read, awaiting=awaiting, patient_id=patient_id, before=place)
    first = await repository.urgent(read, patient_id) if place is None else []
    to_staff = not read.actor.is_patient
    listed = [MessageThread.of(row, to_staff=to_staff) for row in rows]
    threads = [MessageThread.of(row, to_staff=to_staff) for row in first] + listed
    whose = read.actor.patient_id or patient_id
    shown = () if whose else [thread.patient_id for thread in threads]
    await audit.log(read, "thread.list", patient_id=whose, patients=shown, detail={"count": len(threads)})
    last = listed[-1] if len(listed) == repository.PAGE else None
    return ThreadPage(threads, cursor(last.last_at, last.id) if last else None)


def _urgent(read: ReadSession, thread: Thread) -> bool:
    return thread.urgent_at is not None and not read.actor.is_patient


@get("/api/threads/unread", permission=Permission.MESSAGE_READ)
async def unread(read: ReadSession) -> Unread:
    """What is new to this person, on whichever device."""
    threads, messages = await repository.unread_threads(read)
    return Unread(threads, messages)


@post("/api/threads", permission=Permission.MESSAGE_WRITE, idempotent=True)
async def start_thread(write: WriteSession, actor: Actor, data: NewThread) -> Conversation:
    """Open a thread with its first message. On a visit that has one already, the message joins it.

    The same ``client_id`` again gives the same thread, also when the request's idempotency key is long forgotten.
    """
    patient_id = await _addressed(write, actor, data)
    thread = await repository.started_before(write, patient_id, data.client_id)
    if thread is None and data.visit_id:
        thread = await repository.of_visit(write, data.visit_id)
    if thread is None:
        thread = await service.open_thread(write, patient_id, data.subject, data.visit_id)
    if actor.is_patient:
        await urgent.adopt(write, thread)
    await service.send(write, thread.id, data.client_id, data.body)
    return await _conversation(write, thread)


async def _addressed(write: WriteSession, actor: Actor, data: NewThread) -> UUID:
    """The patient whom the thread is on. Raises NotFound if the visit or patient is not theirs to name."""
    if data.visit_id:
        visit = await visits.get_visible(write, data.visit_id)
        if data.patient_id not in (None, visit.patient_id):
            raise NotFound
        return visit.patient_id
    if actor.patient_id:
        return actor.patient_id
    if data.patient_id is None:
        raise Invalid({"patient_id": "required"})
    await patients.get_open(write, data.patient_id)
    return data.patient_id


@get("/api/threads/{thread_id:uuid}", permission=Permission.MESSAGE_READ)
async def get_thread(
    read: ReadSession, thread_id: UUID, before: Annotated[int | None, Parameter(ge=1, le=2**31 - 1)] = None
) -> Conversation:
    """A thread with its newest messages, or the newest ``before`` a number (a page's ``earlier``)."""
    thread = await repository.get_visible(read, thread_id)
    await audit.log(read, "thread.read", patient_id=thread.patient_id, entity=("thread", thread.id))
    return await _conversation(read, thread, before)


async def _conversation(read: ReadSession, thread: Thread, before: int | None = None) -> Conversation:
    messages = await repository.messages(read, thread.id, before)
    patient = await patients.get(read, thread.patient_id)
    read_to = await read.scalar(
        select(ThreadRead.seq).where(
            ThreadRead.thread_id == thread.id, ThreadRead.account_id == read.actor.account_id
        )
    )
    return Conversation(
        id=thread.id,
        patient_id=thread.patient_id,
        patient_birth_date=patient.birth_date,
        patient_mrn=patient.mrn,
        patient_phone=patient.phone,
        patient_name=patient.full_name,
        visit_id=thread.visit_id,
        subject=thread.subject,
        awaiting=thread.awaiting,
        urgent=_urgent(read, thread),
        read_to=read_to or 0,
        messages=[MessageOut.of(each) for each in messages],
        earlier=messages[0].seq if messages and messages[0].seq > 1 else None,
    )


@post("/api/threads/{thread_id:uuid}/messages", permission=Permission.MESSAGE_WRITE)
async def send_message(write: WriteSession, thread_id: UUID, data: NewMessage) -> MessageOut:
    """Write into a thread. The same ``client_id`` again gives the same message: it is its idempotency key."""
    return MessageOut.of(await service.send(write, thread_id, data.client_id, data.body))


@post("/api/threads/{thread_id:uuid}/read", permission=Permission.MESSAGE_READ, status_code=204)
async def mark_read(write: WriteSession, thread_id: UUID, data: ReadTo) -> None:
    """This person has read the thread up to here."""
    await service.read_to(write, thread_id, data.seq)


@post("/api/threads/{thread_id:uuid}/settle", permission=Permission.TASK_WRITE, status_code=204)
async def settle_thread(write: WriteSession, thread_id: UUID) -> None:
    """The clinic need not answer: take the thread off the waiting list."""
    await service.settle(write, thread_id)
