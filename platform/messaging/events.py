"""What happens to messages and notices, for the other slices and our own sending. Ids and codes only."""

from uuid import UUID

from core.events.outbox import Event
from messaging.domain import Side


class MessageSent(Event, frozen=True, tag="message.sent"):
    """Someone wrote."""

    thread_id: UUID
    message_id: UUID
    patient_id: UUID
    side: Side


class RedFlagTold(Event, frozen=True, tag="message.red_flag"):
    """A patient who writes said yes to a red flag's question; the answer's row says to which."""

    answer_id: UUID
    patient_id: UUID
