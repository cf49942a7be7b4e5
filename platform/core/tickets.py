"""Join tickets: how the API lets one person into the call of one visit.

The API mints a ticket when somebody may join; the browser hands it to the signaling process, which verifies
it and lets it in once. It is a JWS compact token (RFC 7515) with everything about it fixed: one algorithm,
one type, one audience. The header must be exactly the one that we write, so `alg: none`, another algorithm,
and injected `jwk`, `jku`, `x5u` or `kid` are all the same refusal. That a ticket is used only once is the
signaling process's to enforce, by its `jti`.

A ticket travels in a message, never in a URL, and names nobody: `display` is initials or a role.
"""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from msgspec import Meta

ALGORITHM: Final = "HS256"
TYPE: Final = "carethread-join+jwt"
AUDIENCE: Final = "carethread-signaling"
LIFETIME_SECONDS: Final = 60
# Two of our own machines may disagree a little about the time; more than this is a broken clock.
CLOCK_SKEW_SECONDS: Final = 5
MIN_KEY_BYTES: Final = 32

_HEADER: Final = {"alg": ALGORITHM, "typ": TYPE}

TicketRole = Literal["patient", "clinician", "guest"]
TicketCode = Literal["ticket_invalid", "ticket_expired", "ticket_not_yet_valid"]
Id = Annotated[str, Meta(min_length=1, max_length=64)]


class TicketRefused(Exception):
    """A ticket that lets nobody in. `code` is safe to show to whoever sent it; it never says which check
    failed beyond the times, which the honest client needs to know to ask for a new one."""

    def __init__(self, code: TicketCode) -> None:
        super().__init__(code)
        self.code = code


class JoinTicket(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the signaling process may know of somebody who joins: ids, a role, and initials.

    `jti` is unique for each ticket. `participant_id` is the same each time the same person joins the same
    visit: by it a second tab is known as the same person. `iat` and `exp` are Unix seconds, at most
    LIFETIME_SECONDS apart.
    """

    jti: Id
    visit_id: Id
    clinic_id: Id
    attempt_id: Id
    participant_id: Id
    role: TicketRole
    display: Annotated[str, Meta(max_length=12)]
    iat: int
    exp: int


class _Payload(JoinTicket, frozen=True, kw_only=True, forbid_unknown_fields=True):
    aud: Literal["carethread-signaling"]


def mint(key: bytes, ticket: JoinTicket) -> str:
    """Sign the ticket. `key` has at least 32 bytes, shared by the API and the signaling process.

    Raises ValueError for a short key or a ticket that would live longer than LIFETIME_SECONDS: both are our
    own mistakes, not a client's.
    """
    if not 0 < ticket.exp - ticket.iat <= LIFETIME_SECONDS:
        raise ValueError(f"A join ticket lives at most {LIFETIME_SECONDS} seconds.")
    payload = msgspec.json.encode({**msgspec.structs.asdict(ticket), "aud": AUDIENCE})
    return jws.serialize_compact(dict(_HEADER), payload, _key(key), [ALGORITHM])


def verify(key: bytes, token: str, now: datetime) -> JoinTicket:
    """The ticket inside the token, when we signed it and it is valid at `now` (an aware datetime).

    Raises TicketRefused with `ticket_expired` or `ticket_not_yet_valid` for its times, and `ticket_invalid`
    for everything else.
    """
    ticket = _opened(_key(key), token)
    seconds = now.timestamp()
    if not 0 < ticket.exp - ticket.iat <= LIFETIME_SECONDS:
        raise TicketRefused("ticket_invalid")
    if seconds >= ticket.exp:
        raise TicketRefused("ticket_expired")
    if seconds < ticket.iat - CLOCK_SKEW_SECONDS:
        raise TicketRefused("ticket_not_yet_valid")
    return ticket


def _opened(key: OctKey, token: str) -> JoinTicket:
    try:
        opened = jws.deserialize_compact(token, key, [ALGORITHM])
        header: dict[str, Any] = opened.headers()
        payload = msgspec.json.decode(opened.payload or b"", type=_Payload)
    except (JoseError, ValueError, TypeError) as refused:
        # msgspec's errors are ValueErrors; joserfc lets a few of those and TypeErrors through for broken
        # base64.
        raise TicketRefused("ticket_invalid") from refused
    if header != _HEADER:
        raise TicketRefused("ticket_invalid")
    claims = msgspec.structs.asdict(payload)
    del claims["aud"]
    return JoinTicket(**claims)


def _key(key: bytes) -> OctKey:
    if len(key) < MIN_KEY_BYTES:
        raise ValueError(f"The ticket key needs at least {MIN_KEY_BYTES} bytes.")
    return OctKey.import_key(key)
