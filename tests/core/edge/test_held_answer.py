"""An answer is held, taken back, given again, and sent with the headers that every answer has."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.database.session import LaterBody
from core.edge.exchange import Exchange
from core.edge.held_answer import HeldAnswer, send_body
from core.errors import Problem

PIECE = 64 * 1024
ALWAYS = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"), (b"x-request-id", b"r1")]


class Wire:
    """What was sent to the client."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def pieces(self) -> list[tuple[bytes, bool]]:
        return [
            (each["body"], each["more_body"]) for each in self.sent if each["type"] == "http.response.body"
        ]


def start(status: int = 200, *headers: tuple[bytes, bytes]) -> Any:
    return {"type": "http.response.start", "status": status, "headers": list(headers)}


def last(body: bytes) -> Any:
    return {"type": "http.response.body", "body": body}


async def test_nothing_is_sent_before_it_is_let_go() -> None:
    wire = Wire()
    answer = HeldAnswer(wire.send)
    assert (answer.status, answer.complete, answer.headers, answer.body) == (0, False, [], b"")
    await answer.release("r1")
    assert wire.sent == [], "there is nothing to say"
    await answer.take(start(201, (b"etag", b'"1"')))
    await answer.take({"type": "http.response.body", "body": b"one ", "more_body": True})
    assert not answer.complete
    await answer.take(last(b"two"))
    assert (answer.status, answer.complete, answer.body, wire.sent) == (201, True, b"one two", [])
    await answer.release("r1")
    assert wire.sent[0] == start(201, (b"etag", b'"1"'), *ALWAYS)
    assert wire.pieces == [(b"one two", False)]


async def test_an_answer_after_a_body_that_nobody_read_is_the_last_on_its_connection() -> None:
    wire = Wire()
    answer = HeldAnswer(wire.send)
    answer.replace(413, [], b"no")
    assert (answer.status, answer.complete) == (413, True)
    await answer.release("r1", last=True)
    assert wire.sent[0] == start(413, *ALWAYS, (b"connection", b"close"))


@pytest.mark.parametrize(
    ("length", "pieces"),
    [(0, [0]), (1, [1]), (PIECE, [PIECE]), (PIECE + 1, [PIECE, 1]), (2 * PIECE, [PIECE, PIECE])],
)
async def test_a_long_body_goes_in_pieces(length: int, pieces: list[int]) -> None:
    wire = Wire()
    await send_body(wire.send, b"x" * length)
    assert [len(body) for body, _ in wire.pieces] == pieces
    assert [more for _, more in wire.pieces] == [True] * (len(pieces) - 1) + [False]


def later(size: int | None, *pieces: bytes) -> LaterBody:
    async def opened() -> AsyncIterator[bytes]:
        for each in pieces:
            yield each

    return LaterBody(open=opened, size=size)


@pytest.mark.parametrize(("size", "length"), [(6, [(b"content-length", b"6")]), (None, [])])
async def test_a_file_is_opened_after_the_commit_and_sent_as_it_is_read(
    size: int | None, length: list[tuple[bytes, bytes]]
) -> None:
    wire = Wire()
    answer = HeldAnswer(wire.send)
    await answer.take(start(200, (b"content-type", b"application/pdf"), (b"content-length", b"0")))
    await answer.take(last(b""))
    answer.send_later(later(size, b"abc", b"def"))
    await answer.begin_later_body()
    await answer.release("r1")
    assert wire.sent[0]["headers"] == [(b"content-type", b"application/pdf"), *length, *ALWAYS]
    assert wire.pieces == [(b"abc", True), (b"def", True), (b"", False)]


async def test_a_file_that_is_refused_meanwhile_is_not_sent() -> None:
    wire = Wire()
    answer = HeldAnswer(wire.send)
    answer.replace(200, [], b"")
    answer.send_later(later(3, b"abc"))
    await answer.begin_later_body()
    answer.replace(503, [], b"away")
    await answer.release("r1")
    assert wire.pieces == [(b"away", False)]


async def test_an_empty_file_is_sent_as_one() -> None:
    wire = Wire()
    answer = HeldAnswer(wire.send)
    answer.replace(200, [], b"")
    answer.send_later(later(0))
    await answer.begin_later_body()
    await answer.release("r1")
    assert wire.sent[0] == start(200, (b"content-length", b"0"), *ALWAYS)
    assert b"".join(body for body, _ in wire.pieces) == b""
    assert wire.pieces[-1] == (b"", False)


async def test_an_answer_without_a_word_or_a_file_is_sent_without_one() -> None:
    wire = Wire()
    answer = HeldAnswer(wire.send)
    await answer.take(start(204))
    silent: Any = {"type": "http.response.body"}
    await answer.take(silent)
    await answer.begin_later_body()
    await answer.release("r1")
    assert wire.sent[0] == start(204, *ALWAYS)
    assert wire.pieces == [(b"", False)]


async def test_an_error_takes_the_place_of_all_that_was_said() -> None:
    wire = Wire()
    answer = HeldAnswer(wire.send)
    await answer.take(start(201, (b"etag", b'"1"')))
    await answer.take(last(b"the record"))
    asked: Any = {"headers": [], "state": {}}
    answer.fail(Problem(409, "conflict"), Exchange(asked, request_id="r1"))
    await answer.release("r1")
    [(body, _)] = wire.pieces
    length = (b"content-length", str(len(body)).encode())
    assert wire.sent[0] == start(409, (b"content-type", b"application/problem+json"), length, *ALWAYS)
    assert b"conflict" in body and b"record" not in body


async def test_without_a_file_or_an_answer_there_is_nothing_to_open() -> None:
    answer = HeldAnswer(Wire().send)
    await answer.begin_later_body()
    answer.send_later(later(3, b"abc"))
    await answer.begin_later_body()
    assert (answer.body, answer.headers) == (b"", [])
