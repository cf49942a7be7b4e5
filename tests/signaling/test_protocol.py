"""What is not a frame is refused as one thing, whatever it is."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signaling import protocol as p

JOIN: dict[str, Any] = {
    "version": 1,
    "type": "join",
    "ticket": "t",
    "instance": "i",
    "media": {"microphone": True, "camera": True},
}


def frame(message: object, **rest: object) -> str:
    return json.dumps({"message": message, **rest})


def test_a_frame_survives_its_journey() -> None:
    sent = p.ClientFrame(seq=3, ack=2, message=p.Connected(to="p"))
    assert p.decode_client(p.encode(sent)) == sent
    answer = p.ServerFrame(seq=1, ack=3, message=p.PeerLeft(participant_id="p", cause="hang_up"))
    assert p.decode_server(p.encode(answer)) == answer


def test_fields_of_a_later_version_are_let_be() -> None:
    assert isinstance(p.decode_client(frame({**JOIN, "mood": "good"}, extra=1)).message, p.Join)


def test_a_page_that_knows_nothing_of_voice_only_sends_pictures_to_everybody() -> None:
    message = p.decode_client(frame(JOIN)).message
    assert isinstance(message, p.Join)
    assert message.media == p.Media(microphone=True, camera=True, voice_only=False, paused_for=())


@pytest.mark.parametrize(
    "data",
    [
        "",
        "null",
        "[]",
        "{}",
        frame(None),
        frame({"type": "shutdown"}),
        frame({**JOIN, "instance": ""}),
        frame({**JOIN, "ticket": "x" * 5000}),
        frame(JOIN, seq=-1),
        frame(JOIN, ack=2**53),
        frame(JOIN, seq="1"),
        frame(
            {
                "type": "description",
                "to": "p",
                "instance": "i",
                "connection": 1,
                "kind": "rollback",
                "sdp": "",
            }
        ),
        frame({"type": "media", "media": {**JOIN["media"], "paused_for": ["a", "b", "c", "d", "e"]}}),
        "[" * 50_000,
        b"\xff\xfe",
    ],
)
def test_what_is_not_a_frame_is_a_bad_message(data: str | bytes) -> None:
    with pytest.raises(p.BadMessage):
        p.decode_client(data)


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=8,
)


@given(st.binary(max_size=300) | st.text(max_size=300) | json_values.map(frame))
def test_anything_at_all_is_a_frame_or_a_bad_message(data: str | bytes) -> None:
    try:
        assert isinstance(p.decode_client(data), p.ClientFrame)
    except p.BadMessage:
        pass
