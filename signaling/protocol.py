"""The words that a browser and the signaling process exchange, version 1. `docs/signaling.md` tells the
story.

Every WebSocket text message is one frame of JSON: `{"seq": 7, "ack": 3, "message": {"type": "media", ...}}`.
`seq` numbers the messages that must not be lost, from 1, each way on its own; 0 marks those that may be
(joining, heartbeats, errors). `ack` is the last number that the sender has taken from the other side.

`python -m signaling.typescript` writes the browser's types from it.
"""

from enum import IntEnum
from typing import Annotated, Any, Final, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

PROTOCOL_VERSION: Final = 1

Id = Annotated[str, Meta(min_length=1, max_length=64)]
Number = Annotated[int, Meta(ge=0, lt=2**53)]
# One less than the people of the fullest call.
MOST_OTHERS: Final = 4
Role = Literal["patient", "clinician", "guest"]
LeftCause = Literal["hang_up", "timeout", "removed"]


class CloseCode(IntEnum):
    """Why a socket was closed. The close reason carries a code in words, such as `ticket_expired`."""

    BAD_MESSAGE = 4400
    TICKET_REFUSED = 4401
    RESUME_REFUSED = 4404
    VERSION_UNSUPPORTED = 4406
    SILENT = 4408
    TAKEN_OVER = 4409
    VISIT_OVER = 4410
    REMOVED = 4411
    ROOM_FULL = 4413
    TOO_MANY_MESSAGES = 4429
    TOO_SLOW = 4430
    UNAVAILABLE = 4503


class Media(Struct, frozen=True):
    """What somebody is sending now: a muted microphone or a camera that is off is false.

    `voice_only`: they have chosen to talk without pictures; nobody sends them one. `paused_for`: the
    participants to whom no picture is sent for now, because the connection to them is too weak for both.
    """

    microphone: bool
    camera: bool
    voice_only: bool = False
    paused_for: Annotated[tuple[Id, ...], Meta(max_length=MOST_OTHERS)] = ()


class IceCandidate(Struct, frozen=True, rename="camel"):
    """RTCIceCandidateInit as browsers write it; an empty `candidate` says that there are no more."""

    candidate: Annotated[str, Meta(max_length=1024)]
    sdp_mid: Annotated[str, Meta(max_length=64)] | None = None
    sdp_m_line_index: Annotated[int, Meta(ge=0, le=64)] | None = None
    username_fragment: Annotated[str, Meta(max_length=256)] | None = None


class Peer(Struct, frozen=True, kw_only=True):
    """Somebody else in the call, as told to one participant.

    `instance` changes when their page was loaded anew: what was negotiated with the old one is void.
    `polite` is for the receiver: when both offer at once, the polite one gives way (W3C WebRTC, 'perfect
    negotiation'). `away_seconds` is how long they may still take to come back, or null while they are here.
    """

    participant_id: Id
    role: Role
    display: str
    instance: Id
    polite: bool
    media: Media
    away_seconds: float | None = None


# --- from the client ---------------------------------------------------------------------------------------


class Join(Struct, tag="join", frozen=True, kw_only=True):
    """First frame of a new page. The ticket works once; `instance` is made up by the page, new at each
    load."""

    version: int
    ticket: Annotated[str, Meta(max_length=4096)]
    instance: Id
    media: Media


class Resume(Struct, tag="resume", frozen=True, kw_only=True):
    """First frame of a page whose socket was lost. The frame's `ack` tells from where to replay."""

    version: int
    token: Annotated[str, Meta(max_length=256)]


class DescriptionOut(Struct, tag="description", frozen=True, kw_only=True):
    """An SDP offer or answer for one page of one peer, at most 32 KB. `connection` counts the
    RTCPeerConnections that the two pages have tried: the higher number wins, so that a fresh start by
    either is understood by both.
    """

    to: Id
    instance: Id
    connection: Number
    kind: Literal["offer", "answer"]
    sdp: str


class CandidateOut(Struct, tag="candidate", frozen=True, kw_only=True):
    """One ICE candidate for one page of one peer, at most 50 for each description."""

    to: Id
    instance: Id
    connection: Number
    candidate: IceCandidate


class SetMedia(Struct, tag="media", frozen=True, kw_only=True):
    """Muted or not, camera on or off."""

    media: Media


class Connected(Struct, tag="connected", frozen=True, kw_only=True):
    """Media flows directly to and from this peer: the attempt was a success."""

    to: Id


class Leave(Struct, tag="leave", frozen=True):
    """Hanging up. It ends this attempt, never the visit."""


class Heartbeat(Struct, tag="heartbeat", frozen=True):
    """'I am here', both ways. Whoever gets one sends again what its `ack` shows to be missing."""


# --- from the server ---------------------------------------------------------------------------------------


class Welcome(Struct, tag="welcome", frozen=True, kw_only=True):
    """Answer to join and resume. Unless `resumed`, numbers start anew and what was under way is void."""

    version: int
    participant_id: Id
    resume_token: str
    resumed: bool
    heartbeat_seconds: float
    grace_seconds: float
    peers: list[Peer]


class PeerJoined(Struct, tag="peer_joined", frozen=True, kw_only=True):
    """Somebody came, or came back with a page loaded anew."""

    peer: Peer


class PeerAway(Struct, tag="peer_away", frozen=True, kw_only=True):
    """Their socket is lost: they are reconnecting, and have `away_seconds` for it."""

    participant_id: Id
    away_seconds: float


class PeerBack(Struct, tag="peer_back", frozen=True, kw_only=True):
    """The same page is here again; what was negotiated still holds."""

    participant_id: Id


class PeerLeft(Struct, tag="peer_left", frozen=True, kw_only=True):
    """They hung up, or did not come back in time, or were taken out."""

    participant_id: Id
    cause: LeftCause


class PeerMedia(Struct, tag="peer_media", frozen=True, kw_only=True):
    participant_id: Id
    media: Media


class DescriptionIn(Struct, tag="description", frozen=True, kw_only=True):
    sender: Id
    connection: Number
    kind: Literal["offer", "answer"]
    sdp: str


class CandidateIn(Struct, tag="candidate", frozen=True, kw_only=True):
    sender: Id
    connection: Number
    candidate: IceCandidate


class Draining(Struct, tag="draining", frozen=True, kw_only=True):
    """This node is about to stop. Come back, by resume, after this pause (it differs for each socket)."""

    reconnect_in_ms: int


class Refused(Struct, tag="refused", frozen=True, kw_only=True):
    """One message was not passed on; the socket stays. `about` is the number of that message."""

    code: Literal[
        "no_such_peer",
        "sdp_invalid",
        "sdp_too_large",
        "sdp_without_fingerprint",
        "too_many_candidates",
        "candidate_invalid",
        "candidate_forbidden",
    ]
    about: Number


ClientMessage = Join | Resume | DescriptionOut | CandidateOut | SetMedia | Connected | Leave | Heartbeat
ServerMessage = (
    Welcome
    | PeerJoined
    | PeerAway
    | PeerBack
    | PeerLeft
    | PeerMedia
    | DescriptionIn
    | CandidateIn
    | Draining
    | Refused
    | Heartbeat
)


class ClientFrame(Struct, frozen=True, kw_only=True):
    seq: Number = 0
    ack: Number = 0
    message: ClientMessage


class ServerFrame(Struct, frozen=True, kw_only=True):
    seq: Number = 0
    ack: Number = 0
    message: ServerMessage


Frame = TypeVar("Frame", ClientFrame, ServerFrame)

_client_frames = msgspec.json.Decoder(ClientFrame)
_server_frames = msgspec.json.Decoder(ServerFrame)
_encoder = msgspec.json.Encoder()


class BadMessage(ValueError):
    """What came is not a frame of this protocol."""


def decode_client(data: str | bytes) -> ClientFrame:
    """Raises BadMessage."""
    return _decoded(_client_frames, data)


def decode_server(data: str | bytes) -> ServerFrame:
    """Raises BadMessage."""
    return _decoded(_server_frames, data)


def encode(frame: ClientFrame | ServerFrame) -> str:
    return _encoder.encode(frame).decode()


def _decoded(decoder: msgspec.json.Decoder[Frame], data: str | bytes) -> Frame:
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as wrong:
        raise BadMessage("not a frame of this protocol") from wrong


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of both frames, with the version and the close codes beside them."""
    (client, server), definitions = msgspec.json.schema_components([ClientFrame, ServerFrame])
    return {
        "version": PROTOCOL_VERSION,
        "closeCodes": {code.name: code.value for code in CloseCode},
        "client": client,
        "server": server,
        "$defs": definitions,
    }
