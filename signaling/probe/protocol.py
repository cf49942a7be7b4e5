"""What a browser and the probe say to each other over the socket, version 1. docs/signaling.md tells the story.

Each text message is one JSON object with its `type`. What is measured goes over the data channel alone, as binary
messages whose first byte says what they are.
"""

from enum import IntEnum
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from signaling.probe.limits import MAX_BULK_MS, MAX_FRAME_BYTES, MAX_KBPS

VERSION: Final = 1

ECHO: Final = 1
"""First byte of a message that comes back as it is."""
BULK: Final = 2
"""First byte of a message that is counted and goes nowhere."""


class CloseCode(IntEnum):
    """Why the probe closed a socket. The reason carries a code in words, such as `ticket_used`."""

    OVER = 1000
    BAD_MESSAGE = 4400
    TICKET_REFUSED = 4401
    NO_PATH = 4404
    VERSION_UNSUPPORTED = 4406
    SILENT = 4408
    TAKEN_OVER = 4409
    TOO_MUCH = 4413
    OFFER_REFUSED = 4422
    BUSY = 4429
    UNAVAILABLE = 4503


class Start(Struct, frozen=True, tag_field="type", tag="start", forbid_unknown_fields=True):
    """The first message: the ticket, and an offer of one data channel with all its candidates."""

    version: int
    ticket: Annotated[str, Meta(max_length=2048)]
    sdp: Annotated[str, Meta(max_length=MAX_FRAME_BYTES)]


class Tally(Struct, frozen=True, tag_field="type", tag="tally", forbid_unknown_fields=True):
    """Asks what bulk has come since this was last asked."""


class Send(Struct, frozen=True, tag_field="type", tag="send", forbid_unknown_fields=True):
    """Asks for bulk at this rate for this long."""

    kbps: Annotated[int, Meta(ge=1, le=MAX_KBPS)]
    ms: Annotated[int, Meta(ge=1, le=MAX_BULK_MS)]


class Answer(Struct, frozen=True, tag_field="type", tag="answer"):
    """The other half of the offer."""

    sdp: str


class Tallied(Struct, frozen=True, tag_field="type", tag="tallied"):
    """So many bytes of bulk came in so many messages; `ms` lie between the first and the last of them."""

    bytes: int
    messages: int
    ms: int


class Sent(Struct, frozen=True, tag_field="type", tag="sent"):
    """So many bytes of bulk were sent in so many messages."""

    bytes: int
    messages: int


Command = Start | Tally | Send
Said = Answer | Tallied | Sent

_command = msgspec.json.Decoder(Command)
_said = msgspec.json.Decoder(Said)


class BadMessage(Exception):
    """Not a message of this protocol."""


def decode(data: str | bytes) -> Command:
    """Raises BadMessage."""
    if not isinstance(data, str):
        raise BadMessage
    try:
        command: Command = _command.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadMessage from error
    return command


def decode_said(data: str | bytes) -> Said:
    """For a client in Python."""
    said: Said = _said.decode(data)
    return said


def encode(message: Command | Said) -> str:
    return msgspec.json.encode(message).decode()
