"""Whatever the network does, in whatever order, both sides of a call agree in the end (cases 18, 20, 21)."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from signaling import events as ev
from signaling import protocol as p
from tests.signaling.world import NODE, RULES, Page, World

PEOPLE: list[tuple[str, p.Role]] = [("patient", "patient"), ("doctor", "clinician"), ("sister", "guest")]
which = st.integers(0, 7)
faults = st.sampled_from(["none", "none", "lost", "repeated"])


class Call(RuleBasedStateMachine):
    """Random steps of people, sockets and time; when all is quiet again, everything has to fit."""

    @initialize()
    def two_people_join(self) -> None:
        self.world = World()
        for participant_id, role in PEOPLE[:2]:
            self.world.open(participant_id, role)
        self.world.settle()

    def page(self, number: int, *, hears: bool = False, speaks: bool = False) -> Page:
        """A page that is still in use; if possible one with frames under way to it, or from it."""
        pages = [page for page in self.world.pages if page.over is None] or self.world.pages
        wanted = [page for page in pages if (page.to_page or not hears) and (page.to_server or not speaks)]
        return (wanted or pages)[number % len(wanted or pages)]

    @rule(number=which, times=st.integers(1, 12), fault=faults)
    def frames_go_up(self, number: int, times: int, fault: str) -> None:
        page = self.page(number, speaks=True)
        if fault == "lost" and page.to_server:
            page.to_server.popleft()
        elif fault == "repeated":
            page.to_server.extend([frame for frame in page.to_server if frame.seq][:3])
        for _ in range(times):
            self.world.carry_up(page)

    @rule(number=which, times=st.integers(1, 12), fault=faults)
    def frames_come_down(self, number: int, times: int, fault: str) -> None:
        page = self.page(number, hears=True)
        numbered = [frame for frame in page.to_page if isinstance(frame, p.ServerFrame) and frame.seq]
        if fault == "lost" and numbered:
            page.to_page.remove(numbered[0])
        elif fault == "repeated":
            page.to_page.extend(numbered[:3])
        for _ in range(times):
            self.world.carry_down(page)

    @rule(number=which, noticed=st.booleans())
    def a_socket_is_cut(self, number: int, noticed: bool) -> None:
        self.world.cut(self.page(number), noticed=noticed)

    @rule(number=which)
    def a_page_reconnects(self, number: int) -> None:
        page = self.page(number)
        if page.over is None and page.conn is None:
            self.world.connect(page)

    @precondition(lambda self: len(self.world.pages) < 7)
    @rule(who=st.sampled_from(PEOPLE))
    def somebody_opens_another_tab(self, who: tuple[str, p.Role]) -> None:
        self.world.open(*who)

    @precondition(lambda self: len(self.world.pages) < 7)
    @rule(number=which)
    def a_page_is_loaded_anew(self, number: int) -> None:
        page = self.page(number)
        if page.over is None:
            self.world.close_tab(page)
            self.world.open(page.participant_id, page.role)

    @rule(number=which, microphone=st.booleans(), camera=st.booleans())
    def somebody_mutes(self, number: int, microphone: bool, camera: bool) -> None:
        page = self.page(number)
        if page.over is None:
            self.world.say(page, p.SetMedia(media=p.Media(microphone=microphone, camera=camera)))

    @rule(number=which, times=st.integers(1, 3))
    def somebody_offers(self, number: int, times: int) -> None:
        page = self.page(number)
        for _ in range(times if page.over is None else 0):
            self.world.describe(page)

    @rule(number=which)
    def somebody_hangs_up(self, number: int) -> None:
        page = self.page(number)
        if page.over is None and page.conn is not None:
            self.world.say(page, p.Leave())

    @rule(seconds=st.floats(0.1, 60), node_seen=st.booleans())
    def time_passes(self, seconds: float, node_seen: bool) -> None:
        self.world.now += seconds
        self.world.handle(ev.Tick(gone=frozenset([] if node_seen else [NODE])))

    @rule()
    def redis_forgets(self) -> None:
        self.world.forget()

    @invariant()
    def nobody_sits_twice(self) -> None:
        seats = self.world.state().seats
        assert len({seat.conn for seat in seats.values()}) == len(seats)
        assert len(seats) <= RULES.max_seats

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        world = self.world
        world.settle()
        world.now += RULES.grace_seconds + 1
        world.handle(ev.Tick())
        world.settle()
        here = [page for page in world.pages if page.over is None]
        seats = world.state().seats
        assert sorted(page.participant_id for page in here) == sorted(seats), "one page a person, no ghosts"
        assert {page.conn for page in here} == {seat.conn for seat in seats.values()}
        for page in here:
            assert not seats[page.participant_id].stream.pending, "nothing is left unsaid"
            assert set(page.peers) == set(seats) - {page.participant_id}
            for peer in page.peers.values():
                seat = seats[peer.participant_id]
                assert (peer.instance, peer.media, peer.away_seconds) == (seat.instance, seat.media, None)
                assert seat.media == next(
                    other.dialogue.media for other in here if other.participant_id == peer.participant_id
                )
        for page in here:
            assert len(page.heard) == len(set(page.heard)), "no offer is heard twice"
            for other in here:
                offers = world.sent.get((other.dialogue.instance, page.dialogue.instance), [])
                heard = [sdp for sdp in page.heard if sdp in offers]
                assert heard == [sdp for sdp in offers if sdp in heard], (
                    "offers come in the order they were made"
                )


class ManyCalls(Call):
    """The same, at length."""


Call.TestCase.settings = settings(max_examples=40, stateful_step_count=50, deadline=None)
TestCall = Call.TestCase
ManyCalls.TestCase.settings = settings(max_examples=500, stateful_step_count=50, deadline=None)
TestManyCalls = pytest.mark.whole(ManyCalls.TestCase)
