"""A small world around one room: pages, the sockets between, and everything that can go wrong with them.

Sockets are queues that a test delivers from, cuts, drops from and repeats at will. The room's state goes through
its stored form at every step, as it does between nodes.
"""

from collections import deque
from dataclasses import dataclass, field
from itertools import count

import msgspec

from core.tickets import JoinTicket, TicketRole
from signaling import events as ev
from signaling import protocol as p
from signaling.headless.client import Dialogue
from signaling.room import Room, RoomState, Rules

RULES = Rules(allow_loopback=True)
NODE = "node"
SDP = "v=0\r\no=- {n} 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 AB:CD\r\nm=audio 9 X 0\r\n"
# One frame each way for every page in each. Most that was ever needed in some thousands of walks is below 500.
ENOUGH_ROUNDS = 5_000
BOTH_ON = p.Media(microphone=True, camera=True)


@dataclass
class Page:
    """One browser tab of one person."""

    participant_id: str
    role: TicketRole
    dialogue: Dialogue
    conn: str | None = None
    to_server: deque[p.ClientFrame] = field(default_factory=deque)
    to_page: deque[p.ServerFrame | ev.Close] = field(default_factory=deque)
    over: int | None = None
    peers: dict[str, p.Peer] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)

    def hear(self, message: p.ServerMessage) -> None:
        match message:
            case p.Welcome(peers=peers):
                self.peers = {peer.participant_id: peer for peer in peers}
            case p.PeerJoined(peer=peer):
                self.peers[peer.participant_id] = peer
            case p.PeerLeft(participant_id=who):
                self.peers.pop(who, None)
            case p.PeerAway(participant_id=who, away_seconds=seconds) if who in self.peers:
                self.peers[who] = msgspec.structs.replace(self.peers[who], away_seconds=seconds)
            case p.PeerBack(participant_id=who) if who in self.peers:
                self.peers[who] = msgspec.structs.replace(self.peers[who], away_seconds=None)
            case p.PeerMedia(participant_id=who, media=media) if who in self.peers:
                self.peers[who] = msgspec.structs.replace(self.peers[who], media=media)
            case p.DescriptionIn(sdp=sdp):
                self.heard.append(sdp)


class World:
    """One visit, one node, any number of pages."""

    def __init__(self) -> None:
        self.now = 1_000_000.0
        self.stored: bytes | None = None
        self.pages: list[Page] = []
        self.records: list[ev.Record] = []
        self.sent: dict[tuple[str, str], list[str]] = {}
        self._numbers = count(1)

    # --- the node --------------------------------------------------------------------------------------

    def state(self) -> RoomState:
        if self.stored is None:
            return RoomState(visit_id="v", clinic_id="c")
        return msgspec.msgpack.decode(self.stored, type=RoomState)

    def handle(self, event: ev.Event) -> list[ev.Effect]:
        room = Room(self.state(), RULES)
        effects = room.handle(event, self.now)
        self.stored = None if room.state.empty else msgspec.msgpack.encode(room.state)
        for effect in effects:
            if isinstance(effect, ev.Record):
                self.records.append(effect)
                continue
            for page in self.pages:
                if page.conn == effect.conn:
                    page.to_page.append(effect.frame if isinstance(effect, ev.Send) else effect)
        return effects

    def ticket(self, page: Page, attempt_id: str | None = None) -> JoinTicket:
        return JoinTicket(
            jti=f"t{next(self._numbers)}",
            visit_id="v",
            clinic_id="c",
            attempt_id=attempt_id or f"a{next(self._numbers)}",
            participant_id=page.participant_id,
            role=page.role,
            display="AB",
            iat=int(self.now),
            exp=int(self.now) + 60,
        )

    def forget(self) -> None:
        """Redis loses everything."""
        self.stored = None

    # --- people ----------------------------------------------------------------------------------------

    def open(self, participant_id: str, role: TicketRole) -> Page:
        """Somebody opens the call in a new tab."""
        page = Page(participant_id, role, Dialogue(f"i{next(self._numbers)}", BOTH_ON))
        self.pages.append(page)
        self.connect(page)
        return page

    def connect(self, page: Page) -> None:
        """A new socket: the page resumes if it can."""
        page.conn = f"{NODE}:{next(self._numbers)}"
        opening = page.dialogue.opening("ticket")
        if isinstance(opening.message, p.Resume):
            self.handle(ev.Return(conn=page.conn, token=opening.message.token, ack=opening.ack))
        else:
            self.arrive(page)

    def arrive(self, page: Page) -> None:
        assert page.conn is not None
        self.handle(
            ev.Arrive(
                conn=page.conn,
                ticket=self.ticket(page),
                instance=page.dialogue.instance,
                media=page.dialogue.media,
                token=f"token{next(self._numbers)}",
            )
        )

    def cut(self, page: Page, *, noticed: bool = True) -> None:
        """The socket is gone with all that was under way; the node may notice only later."""
        conn, page.conn = page.conn, None
        page.to_page.clear()
        page.to_server.clear()
        if conn is not None and noticed:
            self.handle(ev.Lost(conn=conn))

    def close_tab(self, page: Page) -> None:
        self.cut(page)
        page.over = 1001

    def say(self, page: Page, message: p.ClientMessage) -> None:
        frame = page.dialogue.say(message)
        if page.conn is not None and frame is not None:
            page.to_server.append(frame)

    def describe(self, page: Page) -> None:
        """An offer to everybody this page knows of."""
        for peer in page.peers.values():
            sdp = SDP.format(n=next(self._numbers))
            link = (page.dialogue.instance, peer.instance)
            self.sent.setdefault(link, []).append(sdp)
            self.say(
                page,
                p.DescriptionOut(
                    to=peer.participant_id, instance=peer.instance, connection=1, kind="offer", sdp=sdp
                ),
            )

    # --- the wire --------------------------------------------------------------------------------------

    def carry_up(self, page: Page) -> None:
        if page.conn is not None and page.to_server:
            frame = page.to_server.popleft()
            said = ev.Say(conn=page.conn, participant_id=page.participant_id, frame=frame)
            self.handle(said)

    def carry_down(self, page: Page) -> None:
        if page.conn is None or not page.to_page:
            return
        arrived = page.to_page.popleft()
        if isinstance(arrived, ev.Close):
            page.conn = None
            page.to_server.clear()
            page.to_page.clear()
            if arrived.code == p.CloseCode.RESUME_REFUSED:
                page.dialogue.refused()
            elif arrived.code != 1000 or arrived.reason == "hang_up":
                page.over = arrived.code
            return
        heard = page.dialogue.receive(arrived)
        for message in heard.messages:
            page.hear(message)
        page.to_server.extend(heard.frames)

    def settle(self) -> None:
        """The network works again: everybody reconnects, heartbeats go round, until nothing is under way."""
        for _ in range(4):
            for page in self.pages:
                if page.over is None and page.conn is None:
                    self.connect(page)
                if page.conn is not None:
                    page.to_server.append(page.dialogue.heartbeat())
            rounds = count()
            while any(page.conn and (page.to_server or page.to_page) for page in self.pages):
                assert next(rounds) < ENOUGH_ROUNDS, "both sides answer one another for ever"
                for page in self.pages:
                    self.carry_up(page)
                    self.carry_down(page)
