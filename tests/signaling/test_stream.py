"""Said once, taken once, in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling.limits import MAX_PENDING
from signaling.stream import Numbered, TooFarBehind


@given(st.lists(st.sampled_from(["say", "carry", "lose", "repeat", "again"]), max_size=60))
def test_every_message_is_taken_once_and_in_order(steps: list[str]) -> None:
    sender: Numbered[int] = Numbered()
    receiver: Numbered[int] = Numbered()
    wire: list[tuple[int, int]] = []
    taken: list[int] = []

    def carry() -> None:
        number, message = wire.pop(0)
        if receiver.take(number):
            taken.append(message)

    for step in [*steps, "again", *["carry"] * 500]:
        if step == "say":
            message = sender.sent + 1
            wire.append((sender.say(message), message))
        elif step == "again":
            sender.acknowledged(receiver.taken)
            wire.extend(sender.pending)
        elif step == "repeat":
            wire.extend(wire[:3])
        elif step == "lose" and wire:
            wire.pop(0)
        elif step == "carry" and wire:
            carry()
    assert taken == list(range(1, steps.count("say") + 1))


def test_whoever_never_acknowledges_is_given_up() -> None:
    stream: Numbered[str] = Numbered()
    for _ in range(MAX_PENDING):
        stream.say("hello")
    with pytest.raises(TooFarBehind):
        stream.say("one more")


def test_an_acknowledgement_of_the_future_is_worth_nothing() -> None:
    stream: Numbered[str] = Numbered()
    stream.say("hello")
    stream.acknowledged(99)
    assert stream.pending == [(1, "hello")]
