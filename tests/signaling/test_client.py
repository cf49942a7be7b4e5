"""A headless page's half of the conversation."""

from signaling import protocol as p
from signaling.headless.client import Dialogue
from tests.signaling.world import BOTH_ON, World


def test_a_refused_page_acknowledges_nothing_of_the_seat_it_lost() -> None:
    """Else both sides would ask each other for ever: what it acknowledged is not said to it again."""
    world = World()
    patient, clinician = world.open("patient", "patient"), world.open("doctor", "clinician")
    world.settle()
    for _ in range(3):
        world.describe(patient)
    world.settle()
    world.forget()
    for page in (patient, clinician):
        world.cut(page)
        world.connect(page)
        world.carry_down(page)
    for page in (patient, clinician):
        world.connect(page)
    while patient.to_page:
        world.carry_down(patient)
    for _ in range(5):
        world.describe(patient)
    while patient.to_server:
        world.carry_up(patient)
    del clinician.to_page[1]  # The first after the welcome.

    world.settle()

    assert len(clinician.heard) == 3 + 5


def test_what_was_missed_is_asked_for_once_until_it_comes() -> None:
    dialogue = Dialogue("i", BOTH_ON)
    late = [p.ServerFrame(seq=n, ack=0, message=p.PeerBack(participant_id="p")) for n in (3, 4, 5)]
    beat = p.ServerFrame(seq=0, ack=0, message=p.Heartbeat())
    asked = [answer for frame in [*late[:2], beat, late[2]] for answer in dialogue.receive(frame).frames]
    assert [type(frame.message) for frame in asked] == [p.Heartbeat]
