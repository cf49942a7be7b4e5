"""Join tickets: how the API lets one person into the call of one visit.

The API mints a ticket when somebody may join; the browser hands it to the signaling process, which verifies
it and lets it in once. It is a JWS compact token (RFC 7515) with everything about it fixed: one algorithm,
one type, one audience. The header must be exactly the one that we write, so `alg: none`, another algorithm,
and injected `jwk`, `jku`, `x5u` or `kid` are all the same refusal. That a ticket is used only once is the
signaling process's to enforce, by its `jti`.

A ticket travels in a message, never in a URL, and names nobody: `display` is initials or a role.

A probe ticket is the same for the check before the visit (`signaling.probe`). It has a key, a type and an audience of
its own: whoever has the probe's key can let nobody into a call.
"""

from datetime import datetime
from typing import Annotated, Any, Final, Literal, TypeVar

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

PROBE_TYPE: Final = "carethread-probe+jwt"
PROBE_AUDIENCE: Final = "carethread-probe"

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


class ProbeTicket(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the probe may know of somebody who checks their network: a number of their own, and nothing else."""

    jti: Id
    participant_id: Id
    iat: int
    exp: int


class _Payload(JoinTicket, frozen=True, kw_only=True, forbid_unknown_fields=True):
    aud: Literal["carethread-signaling"]


class _ProbePayload(ProbeTicket, frozen=True, kw_only=True, forbid_unknown_fields=True):
    aud: Literal["carethread-probe"]


Ticket = TypeVar("Ticket", JoinTicket, ProbeTicket)
Payload = TypeVar("Payload", _Payload, _ProbePayload)


def mint(key: bytes, ticket: JoinTicket) -> str:
    """Sign the ticket. `key` has at least 32 bytes, shared by the API and the signaling process.

    Raises ValueError for a short key or a ticket that would live longer than LIFETIME_SECONDS: both are our
    own mistakes, not a client's.
    """
    return _signed(key, ticket, TYPE, AUDIENCE)


def mint_probe(key: bytes, ticket: ProbeTicket) -> str:
    """Sign a ticket for the probe, with the key that it shares with the API. Raises ValueError as `mint` does."""
    return _signed(key, ticket, PROBE_TYPE, PROBE_AUDIENCE)


def verify(key: bytes, token: str, now: datetime) -> JoinTicket:
    """The ticket inside the token, when we signed it and it is valid at `now` (an aware datetime).

    Raises TicketRefused with `ticket_expired` or `ticket_not_yet_valid` for its times, and `ticket_invalid`
    for everything else.
    """
    payload = _opened(_key(key), token, TYPE, _Payload)
    return _in_time(JoinTicket(**_claims(payload)), now)


def verify_probe(key: bytes, token: str, now: datetime) -> ProbeTicket:
    """The same for a ticket of the probe. Raises TicketRefused."""
    payload = _opened(_key(key), token, PROBE_TYPE, _ProbePayload)
    return _in_time(ProbeTicket(**_claims(payload)), now)


def _signed(key: bytes, ticket: JoinTicket | ProbeTicket, kind: str, audience: str) -> str:
    if not 0 < ticket.exp - ticket.iat <= LIFETIME_SECONDS:
        raise ValueError(f"A ticket lives at most {LIFETIME_SECONDS} seconds.")
    payload = msgspec.json.encode({**msgspec.structs.asdict(ticket), "aud": audience})
    return jws.serialize_compact(_header(kind), payload, _key(key), [ALGORITHM])


def _in_time(ticket: Ticket, now: datetime) -> Ticket:
    seconds = now.timestamp()
    if not 0 < ticket.exp - ticket.iat <= LIFETIME_SECONDS:
        raise TicketRefused("ticket_invalid")
    if seconds >= ticket.exp:
        raise TicketRefused("ticket_expired")
    if seconds < ticket.iat - CLOCK_SKEW_SECONDS:
        raise TicketRefused("ticket_not_yet_valid")
    return ticket


def _opened(key: OctKey, token: str, kind: str, payload: type[Payload]) -> Payload:
    try:
        opened = jws.deserialize_compact(token, key, [ALGORITHM])
        header: dict[str, Any] = opened.headers()
        claims = msgspec.json.decode(opened.payload or b"", type=payload)
    except (JoseError, ValueError, TypeError) as refused:
        # msgspec's errors are ValueErrors; joserfc lets a few of those and TypeErrors through for broken
        # base64.
        raise TicketRefused("ticket_invalid") from refused
    if header != _header(kind):
        raise TicketRefused("ticket_invalid")
    return claims


def _claims(payload: msgspec.Struct) -> dict[str, Any]:
    claims = msgspec.structs.asdict(payload)
    del claims["aud"]
    return claims


def _header(kind: str) -> dict[str, str]:
    return {"alg": ALGORITHM, "typ": kind}


def _key(key: bytes) -> OctKey:
    if len(key) < MIN_KEY_BYTES:
        raise ValueError(f"The ticket key needs at least {MIN_KEY_BYTES} bytes.")
    return OctKey.import_key(key)
