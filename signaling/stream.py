"""Numbered messages: what is said once is taken once and in order, whatever the sockets in between lose.

Each side keeps what it sent until the other has acknowledged it, and sends it all again when asked
(go-back-N). The receiver takes only the next number: a repeated one is known already, a later one comes
again in its turn.
"""

from typing import Generic, TypeVar

from msgspec import Struct, field

from signaling.limits import MAX_PENDING

Message = TypeVar("Message")


class TooFarBehind(Exception):
    """The other side has not acknowledged MAX_PENDING messages: it is not coming back in this stream."""


class Numbered(Struct, Generic[Message]):
    """One direction out (`sent`, `pending`) and one direction in (`taken`)."""

    sent: int = 0
    taken: int = 0
    pending: list[tuple[int, Message]] = field(default_factory=list)

    def say(self, message: Message) -> int:
        """Number a message and keep it until it is acknowledged; its number. Raises TooFarBehind."""
        if len(self.pending) >= MAX_PENDING:
            raise TooFarBehind
        self.sent += 1
        self.pending.append((self.sent, message))
        return self.sent

    def acknowledged(self, up_to: int) -> None:
        """The other side has taken everything up to this number. A number never sent says nothing."""
        if up_to <= self.sent:
            self.pending = [(number, message) for number, message in self.pending if number > up_to]

    def take(self, number: int) -> bool:
        """Whether a message with this number is the next one and shall be acted upon. 0 always is."""
        if number == 0:
            return True
        if number != self.taken + 1:
            return False
        self.taken = number
        return True
