"""What can happen to a room, and what it wants done about it. Plain data: the room itself touches no network.

A connection is named `<node>:<number>`, so that whoever has the name knows which process holds the socket.
"""

from typing import Literal

from msgspec import Struct

from core.tickets import JoinTicket
from signaling.protocol import ClientFrame, Media, ServerFrame


class Arrive(Struct, frozen=True, kw_only=True):
    """Somebody came with a ticket that was verified and not used before. `token` is fresh and random.

    Also said again, with a new token, by a node that still holds the socket after the room was lost with
    Redis.
    """

    conn: str
    ticket: JoinTicket
    instance: str
    media: Media
    token: str


class Return(Struct, frozen=True, kw_only=True):
    """A page whose socket was lost is here again with its resume token; it has our messages up to `ack`."""

    conn: str
    token: str
    ack: int


class Say(Struct, frozen=True, kw_only=True):
    """A frame other than join and resume, from a connection that this participant joined or resumed with."""

    conn: str
    participant_id: str
    frame: ClientFrame


class Lost(Struct, frozen=True, kw_only=True):
    """The socket is gone without a leave."""

    conn: str


class Tick(Struct, frozen=True, kw_only=True):
    """Time has passed; these nodes, which hold sockets of the room, are gone."""

    gone: frozenset[str] = frozenset()


class End(Struct, frozen=True, kw_only=True):
    """The platform ends the call: for everybody when the visit is over, or for one who may no longer be
    here. With `attempt_id` only that attempt ends, a ticket of it that was not used yet included."""

    participant_id: str | None = None
    attempt_id: str | None = None


Event = Arrive | Return | Say | Lost | Tick | End


Kind = Literal["joined", "left", "connected", "dropped"]


class Send(Struct, frozen=True, tag="send"):
    conn: str
    frame: ServerFrame


class Close(Struct, frozen=True, tag="close"):
    conn: str
    code: int
    reason: str


class Record(Struct, frozen=True, kw_only=True, tag="record"):
    """A fact about an attempt, for the visits slice: ids and codes only. `at` is in Unix seconds.

    `cause` of `left`: hang_up, taken_over, reloaded, visit_over, removed. Of `dropped`: timeout, too_slow.
    """

    attempt_id: str
    visit_id: str
    clinic_id: str
    participant_id: str
    role: str
    kind: Kind
    cause: str
    at: float


Effect = Send | Close | Record


def node_of(conn: str) -> str:
    """The node that holds this connection."""
    return conn.rpartition(":")[0]
