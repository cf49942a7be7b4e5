"""One room, step by step: what each of the people in it is told."""

from typing import Any

import pytest

from signaling import events as ev
from signaling import protocol as p
from signaling.headless.client import Dialogue
from signaling.room import Room, RoomState, Rules
from tests.signaling.world import BOTH_ON, NODE, RULES, SDP, Page, World

LATE = RULES.grace_seconds + 1


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def patient(world: World) -> Page:
    return world.open("patient", "patient")


@pytest.fixture
def doctor(world: World, patient: Page) -> Page:
    doctor = world.open("doctor", "clinician")
    world.settle()
    return doctor


def told(page: Page) -> list[p.ServerMessage]:
    return [frame.message for frame in page.to_page if isinstance(frame, p.ServerFrame)]


def history(world: World) -> list[tuple[str, str, str]]:
    return [(record.participant_id, record.kind, record.cause) for record in world.records]


def tick(world: World, seconds: float, gone: frozenset[str] = frozenset()) -> None:
    world.now += seconds
    world.handle(ev.Tick(gone=gone))


def offer(to: Page, sdp: str = SDP.format(n=1)) -> p.DescriptionOut:
    instance = to.dialogue.instance
    return p.DescriptionOut(to=to.participant_id, instance=instance, connection=1, kind="offer", sdp=sdp)


def candidate(to: Page, text: str) -> p.CandidateOut:
    ice = p.IceCandidate(candidate=text, sdp_mid="0")
    return p.CandidateOut(to=to.participant_id, instance=to.dialogue.instance, connection=1, candidate=ice)


def host(address: str) -> str:
    return f"candidate:1 1 udp 2113937151 {address} 50000 typ host generation 0"


def test_both_see_each_other_and_exactly_one_is_polite(world: World, patient: Page, doctor: Page) -> None:
    assert patient.peers["doctor"].polite, "the patient's offer gives way"
    assert not doctor.peers["patient"].polite
    assert doctor.peers["patient"].display == "AB"
    assert history(world) == [("patient", "joined", "ticket"), ("doctor", "joined", "ticket")]


def test_muting_is_seen_by_the_other(world: World, patient: Page, doctor: Page) -> None:
    world.say(patient, p.SetMedia(media=p.Media(microphone=False, camera=True)))
    world.settle()
    assert doctor.peers["patient"].media == p.Media(microphone=False, camera=True)


def test_a_reload_is_reconnecting_and_not_the_end(world: World, patient: Page, doctor: Page) -> None:
    world.close_tab(doctor)
    assert told(patient) == [p.PeerAway(participant_id="doctor", away_seconds=RULES.grace_seconds)]
    again = world.open("doctor", "clinician")
    world.settle()
    assert patient.peers["doctor"].instance == again.dialogue.instance
    assert patient.peers["doctor"].away_seconds is None
    assert ("doctor", "left", "reloaded") in history(world)


def test_whoever_does_not_come_back_in_time_has_left(world: World, patient: Page, doctor: Page) -> None:
    world.cut(patient)
    tick(world, RULES.grace_seconds - 1)
    assert history(world)[-1][1] == "joined", "there is still a second left"
    tick(world, 2)
    assert history(world)[-1] == ("patient", "dropped", "timeout")
    assert told(doctor)[-1] == p.PeerLeft(participant_id="patient", cause="timeout")
    world.connect(patient)
    world.carry_down(patient)
    assert patient.conn is None and patient.dialogue.token is None, "a late page has to ask for a new ticket"


def test_coming_back_in_time_is_the_same_call(world: World, patient: Page, doctor: Page) -> None:
    before = len(world.records)
    world.cut(patient)
    chosen = p.Media(microphone=False, camera=False, voice_only=True, paused_for=("patient",))
    world.say(doctor, p.SetMedia(media=chosen))
    world.say(doctor, offer(patient))
    world.settle()
    assert patient.peers["doctor"].media == chosen
    assert patient.heard == [SDP.format(n=1)], "what was said meanwhile is said again"
    assert doctor.peers["patient"].away_seconds is None
    assert len(world.records) == before


def test_a_second_tab_takes_over_and_the_first_is_told(world: World, patient: Page, doctor: Page) -> None:
    second = world.open("patient", "patient")
    world.settle()
    assert patient.over == p.CloseCode.TAKEN_OVER
    assert second.over is None
    assert doctor.peers["patient"].instance == second.dialogue.instance
    assert ("patient", "left", "taken_over") in history(world)


def test_an_old_tab_that_missed_its_close_learns_it_with_its_next_heartbeat(
    world: World, patient: Page, doctor: Page
) -> None:
    second = world.open("patient", "patient")
    patient.to_page.clear()
    world.settle()
    assert (patient.over, second.over) == (p.CloseCode.TAKEN_OVER, None)


def test_hanging_up_ends_the_attempt_and_the_other_is_told(world: World, patient: Page, doctor: Page) -> None:
    world.say(patient, p.Leave())
    world.settle()
    assert patient.over == 1000
    assert "patient" not in doctor.peers
    assert history(world)[-1] == ("patient", "left", "hang_up")
    back = world.open("patient", "patient")
    world.settle()
    assert "doctor" in back.peers, "and one can join again"


def test_media_that_flows_is_recorded_once(world: World, patient: Page, doctor: Page) -> None:
    world.say(doctor, p.Connected(to="patient"))
    world.say(doctor, p.Connected(to="patient"))
    world.settle()
    assert history(world).count(("doctor", "connected", "media")) == 1


def test_who_sits_alone_is_connected_to_nobody_whatever_they_say(world: World) -> None:
    alone = world.open("doctor", "clinician")
    world.settle()
    world.say(alone, p.Connected(to="patient"))
    world.settle()
    assert ("doctor", "connected", "media") not in history(world)


def test_when_the_visit_is_over_everybody_is_told(world: World, patient: Page, doctor: Page) -> None:
    world.handle(ev.End())
    world.settle()
    assert (patient.over, doctor.over) == (p.CloseCode.VISIT_OVER, p.CloseCode.VISIT_OVER)
    assert world.stored is None


def test_one_who_may_no_longer_be_here_is_taken_out(world: World, patient: Page, doctor: Page) -> None:
    world.handle(ev.End(participant_id="patient"))
    world.settle()
    assert patient.over == p.CloseCode.REMOVED
    assert doctor.over is None and not doctor.peers
    world.handle(ev.End(participant_id="nobody"))


def test_a_ticket_of_an_attempt_that_was_ended_is_good_no_more(world: World, doctor: Page) -> None:
    late = Page("patient", "patient", Dialogue("late", BOTH_ON))
    ticket = world.ticket(late, attempt_id="ended")
    world.handle(ev.End(participant_id="patient", attempt_id="ended"))
    effects = world.handle(
        ev.Arrive(conn="node:late", ticket=ticket, instance="late", media=BOTH_ON, token="t")
    )
    assert effects == [ev.Close(conn="node:late", code=4401, reason="ticket_revoked")]
    world.now += 121
    tick(world, 0)
    assert not world.state().revoked, "no ticket lives so long"


def test_ending_an_earlier_attempt_leaves_the_one_in_the_call(
    world: World, patient: Page, doctor: Page
) -> None:
    world.handle(ev.End(participant_id="patient", attempt_id="an earlier one"))
    world.settle()
    assert patient.over is None and "patient" in doctor.peers


def test_a_dead_node_is_noticed_and_its_people_can_come_back(
    world: World, patient: Page, doctor: Page
) -> None:
    tick(world, 1, gone=frozenset([NODE]))
    assert all(seat.away_since for seat in world.state().seats.values())
    world.settle()
    assert not any(seat.away_since for seat in world.state().seats.values())


def test_a_room_asks_to_be_woken_when_a_grace_ends(world: World, patient: Page, doctor: Page) -> None:
    room = Room(world.state(), RULES)
    assert room.next_wake(world.now) == world.now + RULES.lease_seconds
    world.cut(patient)
    tick(world, RULES.grace_seconds - 1)
    assert Room(world.state(), RULES).next_wake(world.now) == world.now + 1
    assert Room(RoomState(visit_id="v", clinic_id="c"), RULES).next_wake(world.now) is None


def test_a_stolen_or_old_token_is_refused(world: World, patient: Page, doctor: Page) -> None:
    for token in ("", "token0", "\ud800"):
        effects = world.handle(ev.Return(conn="node:x", token=token, ack=0))
        assert effects == [ev.Close("node:x", p.CloseCode.RESUME_REFUSED, "resume_refused")]


def test_an_acknowledgement_of_what_was_never_sent_is_refused(world: World, patient: Page) -> None:
    token = patient.dialogue.opening("").message
    world.settle()
    resume = patient.dialogue.opening("").message
    assert isinstance(resume, p.Resume) and not isinstance(token, p.Resume)
    effects = world.handle(ev.Return(conn="node:x", token=resume.token, ack=99))
    assert effects == [ev.Close("node:x", p.CloseCode.RESUME_REFUSED, "resume_refused")]


def test_a_ticket_of_another_clinic_opens_nothing(world: World, patient: Page, doctor: Page) -> None:
    room = Room(RoomState(visit_id="v", clinic_id="another"), RULES)
    event = ev.Arrive(conn="node:x", ticket=world.ticket(patient), instance="i", media=BOTH_ON, token="t")
    assert room.handle(event, world.now) == [ev.Close("node:x", 4401, "ticket_invalid")]


def test_a_sixth_person_finds_the_room_full(world: World) -> None:
    people = [world.open(f"guest{number}", "guest") for number in range(RULES.max_seats + 1)]
    world.settle()
    assert [page.over for page in people] == [None] * RULES.max_seats + [p.CloseCode.ROOM_FULL]


def test_one_who_never_listens_is_put_out_and_the_rest_go_on(world: World) -> None:
    patient, doctor = world.open("patient", "patient"), world.open("doctor", "clinician")
    world.settle()
    world.cut(patient)
    for _ in range(200):
        world.say(doctor, p.SetMedia(media=BOTH_ON))
        doctor.to_server.append(doctor.dialogue.heartbeat())
        while doctor.to_server or doctor.to_page:
            world.carry_up(doctor)
            world.carry_down(doctor)
    assert ("patient", "dropped", "too_slow") in history(world)
    assert doctor.over is None and not doctor.peers


@pytest.mark.parametrize(
    ("sdp", "code"),
    [
        ("", "sdp_invalid"),
        ("hello", "sdp_invalid"),
        ("v=0\r\nm=audio 9 X 0\r\n", "sdp_without_fingerprint"),
        (SDP.format(n=1) + "a=x\r\n" * 8000, "sdp_too_large"),
        (SDP.format(n=1) + "a=" + "ü" * 20_000, "sdp_too_large"),
        (SDP.format(n=1) + f"a={host('10.0.0.1')}\r\n" * 51, "too_many_candidates"),
        (SDP.format(n=1) + f"a={host('169.254.169.254')}\r\n", "candidate_forbidden"),
    ],
)
def test_a_bad_description_is_refused_and_not_passed_on(
    world: World, patient: Page, doctor: Page, sdp: str, code: Any
) -> None:
    world.say(patient, offer(doctor, sdp))
    world.carry_up(patient)
    assert [message.code for message in told(patient) if isinstance(message, p.Refused)] == [code]
    assert told(doctor) == []


def test_fifty_candidates_pass_and_the_next_one_does_not(world: World, patient: Page, doctor: Page) -> None:
    for _ in range(51):
        world.say(patient, candidate(doctor, host("10.0.0.1")))
        world.carry_up(patient)
    assert len(told(doctor)) == 50
    assert told(patient)[-1] == p.Refused(code="too_many_candidates", about=patient.dialogue._stream.sent)
    world.say(patient, offer(doctor))
    world.say(patient, candidate(doctor, host("10.0.0.1")))
    world.settle()
    assert doctor.heard == [SDP.format(n=1)], "a new description counts anew"


def test_what_is_meant_for_a_page_that_is_gone_does_not_reach_the_next(
    world: World, patient: Page, doctor: Page
) -> None:
    stale = offer(doctor)
    world.close_tab(doctor)
    again = world.open("doctor", "clinician")
    world.say(patient, stale)
    world.settle()
    assert again.heard == []


@pytest.mark.parametrize("to", ["patient", "nobody"])
def test_one_cannot_speak_to_oneself_or_to_strangers(
    world: World, patient: Page, doctor: Page, to: str
) -> None:
    ours = patient.dialogue.instance
    message = p.DescriptionOut(to=to, instance=ours, connection=1, kind="offer", sdp=SDP.format(n=1))
    world.say(patient, message)
    world.carry_up(patient)
    assert [m.code for m in told(patient) if isinstance(m, p.Refused)] == ["no_such_peer"]


def test_joining_twice_on_one_socket_closes_it(world: World, patient: Page, doctor: Page) -> None:
    world.say(patient, p.Join(version=1, ticket="x", instance="i", media=BOTH_ON))
    world.carry_up(patient)
    assert patient.to_page[-1] == ev.Close(patient.conn or "", p.CloseCode.BAD_MESSAGE, "bad_message")


def test_loopback_addresses_pass_only_where_that_is_allowed(world: World, patient: Page) -> None:
    strict = Rules(allow_loopback=False)
    for rules, passes in ((strict, False), (RULES, True)):
        room = Room(RoomState(visit_id="v", clinic_id="c"), rules)
        for page, conn in ((patient, "n:1"), (Page("d", "clinician", patient.dialogue), "n:2")):
            room.handle(
                ev.Arrive(conn=conn, ticket=world.ticket(page), instance="i", media=BOTH_ON, token=conn), 0
            )
        ice = p.IceCandidate(candidate=host("127.0.0.1"))
        message = p.CandidateOut(to="d", instance="i", connection=1, candidate=ice)
        said = ev.Say(conn="n:1", participant_id="patient", frame=p.ClientFrame(seq=1, message=message))
        effects = room.handle(said, 0)
        assert any(isinstance(effect, ev.Send) and effect.conn == "n:2" for effect in effects) is passes


def test_what_is_switched_before_the_welcome_arrives_is_not_counted_twice(world: World) -> None:
    doctor = world.open("doctor", "clinician")
    for microphone in (False, True):
        world.say(doctor, p.SetMedia(media=p.Media(microphone=microphone, camera=False)))
    world.carry_down(doctor)
    muted = p.Media(microphone=False, camera=False)
    world.say(doctor, p.SetMedia(media=muted))
    world.settle()
    assert world.state().seats["doctor"].media == muted
