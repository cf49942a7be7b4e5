"""Verbs of messaging: open a thread, write, read."""

from uuid import UUID

from core import audit, live
from core.actor import Role
from core.database.session import WriteSession
from core.events import outbox
from core.ids import new_id
from identity.permissions import Permission
from messaging import repository
from messaging.domain import (
    MessageKind,
    Side,
    clean_body,
    clean_subject,
    side_of,
    waits_for,
)
from messaging.events import MessageSent
from messaging.models import Message, Thread


async def open_thread(
    write: WriteSession, patient_id: UUID, subject: str, visit_id: UUID | None = None
) -> Thread:
    """A new thread without messages. The caller has made sure that the actor may write to this patient."""
    thread = Thread(
        id=new_id(),
        patient_id=patient_id,
        visit_id=visit_id,
        subject=clean_subject(subject),
        last_at=write.now(),
        last_seq=0,
    )
    write.add(thread)
    await write.flush()
    await audit.log(write, "thread.open", patient_id=patient_id, entity=("thread", thread.id))
    return thread


async def send(
    write: WriteSession, thread_id: UUID, client_id: UUID, text: str, kind: MessageKind = MessageKind.TEXT
) -> Message:
    """Write into a thread; the writer has read everything before it.

    ``client_id`` is the writer's own: sent again, it returns the first message. Raises NotFound, Invalid.
    """
    body = clean_body(text) if kind is MessageKind.TEXT else ""
    thread = await repository.for_update(write, thread_id)
    sent = await repository.sent_before(write, thread_id, client_id)
    if sent is not None:
        return sent
    message = _append(write, thread, client_id, body, kind)
    await write.flush()
    if write.actor.account_id is not None:
        await repository.mark_read(write, thread, message.seq)
    detail = {"message_id": str(message.id), "side": message.side}
    await audit.log(
        write, "message.send", patient_id=thread.patient_id, entity=("thread", thread.id), detail=detail
    )
    await outbox.add(
        write,
        MessageSent(
            thread_id=thread.id, message_id=message.id, patient_id=thread.patient_id, side=Side(message.side)
        ),
    )
    publish_change(write, thread)
    return message


def _append(write: WriteSession, thread: Thread, client_id: UUID, body: str, kind: MessageKind) -> Message:
    side = side_of(write.actor)
    thread.last_seq += 1
    thread.last_at = write.now()
    thread.awaiting = waits_for(side) or thread.awaiting
    if side is Side.CLINIC:
        thread.urgent_at = None
    message = Message(
        id=new_id(),
        thread_id=thread.id,
        seq=thread.last_seq,
        client_id=client_id,
        author_id=write.actor.account_id,
        side=side,
        author_name=write.actor.name,
        kind=kind,
        body=body,
    )
    write.add(message)
    return message


def publish_change(write: WriteSession, thread: Thread) -> None:
    """Tell the patient's and the care team's screens that a thread has changed."""
    patient = live.patient(thread.patient_id, Permission.MESSAGE_READ)
    to = [*patient, live.role(Role.CLINICIAN), live.role(Role.COORDINATOR)]
    live.publish(write, "thread.changed", to, thread_id=str(thread.id))


async def settle(write: WriteSession, thread_id: UUID) -> Thread:
    """The clinic needs to answer nothing more here: the patient wrote last, but it asked for no reply."""
    thread = await repository.for_update(write, thread_id)
    if thread.awaiting == Side.CLINIC:
        thread.awaiting = thread.urgent_at = None
        await audit.log(write, "thread.settle", patient_id=thread.patient_id, entity=("thread", thread.id))
        publish_change(write, thread)
    return thread


async def read_to(write: WriteSession, thread_id: UUID, seq: int) -> None:
    """Mark a thread read up to a message, on all of this person's devices. Raises NotFound."""
    thread = await repository.get_visible(write, thread_id)
    await repository.mark_read(write, thread, seq)
    live.publish(write, "thread.read", [live.account(write.actor.own_account)], thread_id=str(thread.id))
