"""The call of one visit, Sans-I/O: events in, effects out, all of its state in one plain structure.

Nothing here knows of sockets, Redis or clocks. Whoever holds a `RoomState` can carry the call on, which is
how any node serves any visit, and how the tests drive it through every order of loss, repetition and
return.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from typing import Final

from msgspec import Struct, field

from core.tickets import LIFETIME_SECONDS, JoinTicket
from signaling import events as ev
from signaling import protocol as p
from signaling.events import Close, Effect, Kind, Record, Send, node_of
from signaling.limits import MAX_CANDIDATES
from signaling.protocol import CloseCode, LeftCause
from signaling.sdp import SdpRefused, check_candidate, check_description
from signaling.stream import Numbered, TooFarBehind

NORMAL_CLOSURE: Final = 1000
# The clinician's offer stands and the patient's gives way: somebody has to, and it is always the same one.
_POLITENESS: Final = {"clinician": 0, "patient": 1, "guest": 2}


class Rules(Struct, frozen=True, kw_only=True):
    """Seconds and sizes. `lease_seconds` is how long at most a dead node goes unnoticed by its rooms."""

    heartbeat_seconds: float = 5.0
    grace_seconds: float = 45.0
    lease_seconds: float = 15.0
    max_seats: int = 5
    allow_loopback: bool = False


class Seat(Struct, kw_only=True):
    """One person in the call. `away_since` is when their socket was lost, None while it holds."""

    ticket: JoinTicket
    instance: str
    conn: str
    token_hash: bytes
    media: p.Media
    stream: Numbered[p.ServerMessage] = field(default_factory=Numbered)
    away_since: float | None = None
    connected: bool = False
    candidates: dict[str, int] = field(default_factory=dict)


class RoomState(Struct, kw_only=True):
    """Everything about the call. Seats by participant id; an empty room need not be kept.

    `revoked` is when an attempt was ended from outside: a ticket of it may still be on its way.
    """

    visit_id: str
    clinic_id: str
    seats: dict[str, Seat] = field(default_factory=dict)
    revoked: dict[str, float] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        return not self.seats and not self.revoked


class Room:
    """`handle(event, now)` changes `state` and tells what is to be done. `now` is in Unix seconds."""

    def __init__(self, state: RoomState, rules: Rules) -> None:
        self.state = state
        self._rules = rules
        self._now = 0.0
        self._effects: list[Effect] = []
        self._behind: list[str] = []

    def handle(self, event: ev.Event, now: float) -> list[Effect]:
        """Raises nothing: what a client says wrongly is answered with a `refused` or a close."""
        self._now, self._effects = now, []
        if self.state.revoked:
            self._forget_revoked()
        self._on(event)
        while self._behind:
            self._remove(self._behind.pop(), "dropped", "too_slow", CloseCode.TOO_SLOW)
        return self._effects

    def next_wake(self, now: float) -> float | None:
        """When this room wants a Tick, None for never: at the end of somebody's grace, and from time to
        time to see whether the nodes that hold its sockets still live."""
        grace = self._rules.grace_seconds
        wakes = [
            now + self._rules.lease_seconds if seat.away_since is None else seat.away_since + grace
            for seat in self.state.seats.values()
        ]
        return min(wakes, default=None)

    # --- events ----------------------------------------------------------------------------------------

    def _on(self, event: ev.Event) -> None:
        match event:
            case ev.Say():
                self._say(event)
            case ev.Arrive():
                self._arrive(event)
            case ev.Return():
                self._return(event)
            case ev.Lost():
                self._lost(event)
            case ev.Tick():
                self._tick(event)
            case ev.End():
                self._end(event)

    def _arrive(self, event: ev.Arrive) -> None:
        ticket, seats = event.ticket, self.state.seats
        if ticket.clinic_id != self.state.clinic_id or ticket.visit_id != self.state.visit_id:
            return self._close(event.conn, CloseCode.TICKET_REFUSED, "ticket_invalid")
        if ticket.attempt_id in self.state.revoked:
            return self._close(event.conn, CloseCode.TICKET_REFUSED, "ticket_revoked")
        before = seats.get(ticket.participant_id)
        if before is None and len(seats) >= self._rules.max_seats:
            return self._close(event.conn, CloseCode.ROOM_FULL)
        seat = Seat(
            ticket=ticket,
            instance=event.instance,
            conn=event.conn,
            token_hash=_hashed(event.token),
            media=event.media,
        )
        if before is not None:
            self._succeed(before, seat)
        seats[ticket.participant_id] = seat
        if before is None or before.ticket.attempt_id != ticket.attempt_id:
            self._record(seat, "joined", "ticket")
        self._welcome(seat, event.token, resumed=False)
        self._tell_others(seat, lambda other: p.PeerJoined(peer=self._seen_by(other, seat)))

    def _succeed(self, before: Seat, seat: Seat) -> None:
        """The same person again: a second tab takes over from the first, a reload from the page that is
        gone."""
        still_here = before.away_since is None and before.conn != seat.conn
        if still_here:
            self._close(before.conn, CloseCode.TAKEN_OVER)
        if before.ticket.attempt_id == seat.ticket.attempt_id:
            seat.connected = before.connected
        else:
            self._record(before, "left", "taken_over" if still_here else "reloaded")

    def _return(self, event: ev.Return) -> None:
        seat = self._seat_by_token(event.token)
        if seat is None or event.ack > seat.stream.sent:
            return self._close(event.conn, CloseCode.RESUME_REFUSED)
        if seat.away_since is None and seat.conn != event.conn:
            # Their side noticed the loss first: nobody listens at the old socket any more.
            self._close(seat.conn, NORMAL_CLOSURE, "resumed")
        seat.conn = event.conn
        self._back(seat)
        seat.stream.acknowledged(event.ack)
        self._welcome(seat, event.token, resumed=True)
        self._send_again(seat)

    def _say(self, event: ev.Say) -> None:
        seat = next((seat for seat in self.state.seats.values() if seat.conn == event.conn), None)
        if seat is None:
            elsewhere = event.participant_id in self.state.seats
            return self._close(event.conn, CloseCode.TAKEN_OVER if elsewhere else CloseCode.RESUME_REFUSED)
        self._back(seat)
        seat.stream.acknowledged(event.frame.ack)
        gap = event.frame.seq > seat.stream.taken + 1
        if seat.stream.take(event.frame.seq):
            self._take(event.frame.message, seat, event.frame.seq)
        elif gap:
            self._send(seat, p.Heartbeat())

    def _lost(self, event: ev.Lost) -> None:
        for seat in self.state.seats.values():
            if seat.conn == event.conn:
                self._away(seat)

    def _tick(self, event: ev.Tick) -> None:
        for seat in list(self.state.seats.values()):
            if seat.away_since is None and node_of(seat.conn) in event.gone:
                self._away(seat)
            elif seat.away_since is not None and self._grace_left(seat) == 0:
                self._remove(seat.ticket.participant_id, "dropped", "timeout", None)

    def _end(self, event: ev.End) -> None:
        if event.participant_id is not None:
            return self._end_one(event.participant_id, event.attempt_id)
        seats, self.state.seats = self.state.seats, {}
        for seat in seats.values():
            self._record(seat, "left", "visit_over")
            self._close(seat.conn, CloseCode.VISIT_OVER)

    def _end_one(self, participant_id: str, attempt_id: str | None) -> None:
        """Somebody may no longer be here; if they have joined anew since that attempt, they may."""
        if attempt_id is not None:
            self.state.revoked[attempt_id] = self._now
        seat = self.state.seats.get(participant_id)
        if seat is not None and attempt_id in (None, seat.ticket.attempt_id):
            self._remove(participant_id, "left", "removed", CloseCode.REMOVED)

    def _forget_revoked(self) -> None:
        """Once no ticket of them can be good any more."""
        since = self._now - 2 * LIFETIME_SECONDS
        revoked = self.state.revoked
        self.state.revoked = {attempt: at for attempt, at in revoked.items() if at > since}

    # --- messages --------------------------------------------------------------------------------------

    def _take(self, message: p.ClientMessage, seat: Seat, seq: int) -> None:
        match message:
            case p.CandidateOut():
                self._take_candidate(message, seat, seq)
            case p.Heartbeat():
                self._take_heartbeat(seat)
            case p.DescriptionOut():
                self._take_description(message, seat, seq)
            case p.SetMedia():
                self._take_media(message, seat)
            case p.Connected():
                self._take_connected(seat)
            case p.Leave():
                self._remove(seat.ticket.participant_id, "left", "hang_up", NORMAL_CLOSURE)
            case p.Join() | p.Resume():
                # Not to be said in mid-call.
                self._close(seat.conn, CloseCode.BAD_MESSAGE)

    def _take_heartbeat(self, seat: Seat) -> None:
        self._send(seat, p.Heartbeat())
        self._send_again(seat)

    def _take_media(self, message: p.SetMedia, seat: Seat) -> None:
        seat.media = message.media
        me = seat.ticket.participant_id
        self._tell_others(seat, lambda _: p.PeerMedia(participant_id=me, media=message.media))

    def _take_connected(self, seat: Seat) -> None:
        # Who sits alone is connected to nobody, whatever they say: a sign-in would be kept for nothing.
        if not seat.connected and len(self.state.seats) > 1:
            seat.connected = True
            self._record(seat, "connected", "media")

    def _take_description(self, message: p.DescriptionOut, seat: Seat, seq: int) -> None:
        other = self._addressee(message, seat, seq)
        if other is None:
            return
        try:
            count = check_description(message.sdp, allow_loopback=self._rules.allow_loopback)
        except SdpRefused as refused:
            return self._send(seat, p.Refused(code=refused.code, about=seq))
        seat.candidates[message.to] = count
        passed_on = p.DescriptionIn(
            sender=seat.ticket.participant_id,
            connection=message.connection,
            kind=message.kind,
            sdp=message.sdp,
        )
        self._tell(other, passed_on)

    def _take_candidate(self, message: p.CandidateOut, seat: Seat, seq: int) -> None:
        other = self._addressee(message, seat, seq)
        if other is None:
            return
        seat.candidates[message.to] = seat.candidates.get(message.to, 0) + 1
        try:
            if seat.candidates[message.to] > MAX_CANDIDATES:
                raise SdpRefused("too_many_candidates")
            check_candidate(message.candidate.candidate, allow_loopback=self._rules.allow_loopback)
        except SdpRefused as refused:
            return self._send(seat, p.Refused(code=refused.code, about=seq))
        passed_on = p.CandidateIn(
            sender=seat.ticket.participant_id,
            connection=message.connection,
            candidate=message.candidate,
        )
        self._tell(other, passed_on)

    def _addressee(self, message: p.DescriptionOut | p.CandidateOut, seat: Seat, seq: int) -> Seat | None:
        """The page that is meant; not the page that came after it."""
        other = self.state.seats.get(message.to)
        if other is None or other is seat or other.instance != message.instance:
            self._send(seat, p.Refused(code="no_such_peer", about=seq))
            return None
        return other

    # --- seats -----------------------------------------------------------------------------------------

    def _away(self, seat: Seat) -> None:
        if seat.away_since is None:
            seat.away_since = self._now
            left = self._rules.grace_seconds
            me = seat.ticket.participant_id
            self._tell_others(seat, lambda _: p.PeerAway(participant_id=me, away_seconds=left))

    def _back(self, seat: Seat) -> None:
        if seat.away_since is not None:
            seat.away_since = None
            me = seat.ticket.participant_id
            self._tell_others(seat, lambda _: p.PeerBack(participant_id=me))

    def _remove(self, participant_id: str, kind: Kind, cause: str, code: int | None) -> None:
        seat = self.state.seats.pop(participant_id, None)
        if seat is None:
            return
        self._record(seat, kind, cause)
        if code is not None and seat.away_since is None:
            reason = cause if code == NORMAL_CLOSURE else None
            self._close(seat.conn, code, reason)
        told: LeftCause = "hang_up" if cause == "hang_up" else "removed" if cause == "removed" else "timeout"
        self._tell_others(seat, lambda _: p.PeerLeft(participant_id=participant_id, cause=told))

    def _grace_left(self, seat: Seat) -> float | None:
        if seat.away_since is None:
            return None
        return max(0.0, seat.away_since + self._rules.grace_seconds - self._now)

    def _seat_by_token(self, token: str) -> Seat | None:
        hashed = _hashed(token)
        for seat in self.state.seats.values():
            if hmac.compare_digest(seat.token_hash, hashed):
                return seat
        return None

    def _others(self, seat: Seat) -> Iterator[Seat]:
        me = seat.ticket.participant_id
        return (other for key, other in self.state.seats.items() if key != me)

    def _seen_by(self, viewer: Seat, seat: Seat) -> p.Peer:
        return p.Peer(
            participant_id=seat.ticket.participant_id,
            role=seat.ticket.role,
            display=seat.ticket.display,
            instance=seat.instance,
            polite=_rank(viewer) > _rank(seat),
            media=seat.media,
            away_seconds=self._grace_left(seat),
        )

    # --- effects ---------------------------------------------------------------------------------------

    def _welcome(self, seat: Seat, token: str, *, resumed: bool) -> None:
        welcome = p.Welcome(
            version=p.PROTOCOL_VERSION,
            participant_id=seat.ticket.participant_id,
            resume_token=token,
            resumed=resumed,
            heartbeat_seconds=self._rules.heartbeat_seconds,
            grace_seconds=self._rules.grace_seconds,
            peers=[self._seen_by(seat, other) for other in self._others(seat)],
        )
        self._send(seat, welcome)

    def _tell_others(self, seat: Seat, message: Callable[[Seat], p.ServerMessage]) -> None:
        for other in self._others(seat):
            self._tell(other, message(other))

    def _tell(self, seat: Seat, message: p.ServerMessage) -> None:
        """Say something that must arrive, now or when they are back."""
        try:
            self._send(seat, message, seat.stream.say(message))
        except TooFarBehind:
            self._behind.append(seat.ticket.participant_id)

    def _send_again(self, seat: Seat) -> None:
        for seq, message in seat.stream.pending:
            self._send(seat, message, seq)

    def _send(self, seat: Seat, message: p.ServerMessage, seq: int = 0) -> None:
        if seat.away_since is None:
            frame = p.ServerFrame(seq=seq, ack=seat.stream.taken, message=message)
            self._effects.append(Send(seat.conn, frame))

    def _close(self, conn: str, code: int, reason: str | None = None) -> None:
        self._effects.append(Close(conn, int(code), reason or CloseCode(code).name.lower()))

    def _record(self, seat: Seat, kind: Kind, cause: str) -> None:
        ticket = seat.ticket
        record = Record(
            attempt_id=ticket.attempt_id,
            visit_id=ticket.visit_id,
            clinic_id=ticket.clinic_id,
            participant_id=ticket.participant_id,
            role=ticket.role,
            kind=kind,
            cause=cause,
            at=self._now,
        )
        self._effects.append(record)


def _rank(seat: Seat) -> tuple[int, str]:
    return _POLITENESS[seat.ticket.role], seat.ticket.participant_id


def _hashed(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
