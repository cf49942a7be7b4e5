"""How much is kept at once of bodies that come in pieces, and for whom."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Problem, Unavailable
from core.guard.bodies import MB, SMALL, USUAL, Bodies, Incoming, Room
from tests.patience import PATIENCE


def incoming(pieces: list[bytes], *, length: int | None, ends: bool) -> Incoming:
    """A body that comes in these pieces; if it does not end, its client is silent after the last."""
    headers = [(b"transfer-encoding", b"chunked") if length is None else (b"content-length", b"%d" % length)]
    left = list(pieces)

    async def receive() -> Any:
        if not left:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left) or not ends}

    return Incoming({"headers": headers}, receive)  # type: ignore[typeddict-item]  # as much of a scope as is read


async def outcomes(bodies: Bodies, count: int, most: int, session: str | None) -> Counter[str]:
    """What becomes of so many bodies at once, of one client, that do not end."""
    reading = [
        asyncio.create_task(
            bodies.read(
                incoming([b"{"], length=SMALL, ends=False), most, address="192.0.2.1", session=session
            )
        )
        for _ in range(count)
    ]
    for _ in range(5):
        await asyncio.sleep(0)
    found = Counter("waits" if not task.done() else _refusal(task) for task in reading)
    for task in reading:
        task.cancel()
    await asyncio.gather(*reading, return_exceptions=True)
    return found


def _refusal(task: asyncio.Task[bytes]) -> str:
    problem = task.exception()
    assert isinstance(problem, Problem)
    return problem.code


async def test_one_address_has_room_for_16_and_gets_it_back() -> None:
    bodies = Bodies(PATIENCE)
    for _ in range(2):
        assert await outcomes(bodies, 20, SMALL, None) == {"waits": 16, "too_many_at_once": 4}


async def test_strangers_never_take_the_room_of_those_who_are_signed_in() -> None:
    bodies = Bodies(PATIENCE)
    crowd = [
        asyncio.create_task(
            bodies.read(
                incoming([b"{"], length=SMALL, ends=False), SMALL, address=f"192.0.2.{n}", session=None
            )
        )
        for n in range(256)
    ]
    for _ in range(5):
        await asyncio.sleep(0)
    assert await outcomes(bodies, 1, SMALL, None) == {"temporarily_unavailable": 1}
    assert await outcomes(bodies, 20, USUAL, "a session") == {"waits": 20}
    whole = incoming([b"{}"], length=2, ends=True)
    assert await bodies.read(whole, SMALL, address="192.0.2.1", session=None) == b"{}", "it needs no room"
    for task in crowd:
        task.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)


@pytest.mark.parametrize("length", [None, 5 * MB])
async def test_one_large_body_of_a_route_that_takes_it_may_come(length: int | None) -> None:
    pieces = [b"x" * MB] * 5
    read = Bodies(PATIENCE).read(
        incoming(pieces, length=length, ends=True), 10 * MB, address="192.0.2.1", session="a session"
    )
    assert len(await read) == 5 * MB


@given(st.lists(st.binary(max_size=64), min_size=1, max_size=8), st.integers(0, 200))
async def test_a_body_is_whole_or_refused(pieces: list[bytes], most: int) -> None:
    whole = b"".join(pieces)
    body = incoming(pieces, length=None, ends=True)
    try:
        assert await Bodies(PATIENCE).read(body, most, address="a", session=None) == whole
        assert len(whole) <= most
    except Problem as problem:
        assert (problem.status, len(whole) > most) == (413, True)


def test_no_room_is_kept_for_what_is_over() -> None:
    room = Room(each=10, total=15)
    with room.taken("a", 10), pytest.raises(Problem), room.taken("a", 1):
        pass
    with room.taken("a", 10), pytest.raises(Unavailable), room.taken("b", 10):
        pass
    with room.taken("b", 15):
        pass
    assert not room._taken
