"""What intake does by itself: reads patients' messages for red flags, as it reads their answers."""

from sqlalchemy import select

from core.database.session import WriteSession
from core.events.outbox import Delivery, subscriber
from intake import catalog
from intake.words.mentions import mentioned
from messaging import urgent
from messaging.domain import Side
from messaging.events import MessageSent
from messaging.models import Message, Thread


@subscriber(MessageSent, "intake.read_message_for_danger")
async def read_message_for_danger(write: WriteSession, delivery: Delivery[MessageSent]) -> None:
    """A message that speaks of a danger stands first in the inbox, unless its writer answered the question about it.

    The browser asks while they write. They may send before its question comes, or pass over it.
    """
    if delivery.event.side != Side.PATIENT:
        return
    row = (
        await write.execute(
            select(Message, Thread.subject)
            .join(Thread, Thread.id == Message.thread_id)
            .where(Message.id == delivery.event.message_id)
        )
    ).one()
    message: Message = row.Message
    texts = [message.body, *([row.subject] if message.seq == 1 else [])]
    rules = mentioned(catalog.lexicon(), texts, ())
    if rules:
        await urgent.mark_unanswered(write, message, rules)


SUBSCRIBERS = [read_message_for_danger]
