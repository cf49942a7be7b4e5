"""The steps of one room on one node: in order, one at a time, and none is lost when one fails."""

import asyncio

import pytest

from signaling import events as ev
from signaling.steps import Steps


class Room:
    """Keeps what each step was given. A step ends when `go` is set, or fails when the next of `failures` is True."""

    def __init__(self, failures: list[bool] | None = None) -> None:
        self.steps = Steps()
        self.done: list[list[str]] = []
        self.go = asyncio.Event()
        self._failures = failures or []

    def take(self, conn: str) -> asyncio.Task[None]:
        return asyncio.create_task(self.steps.take(ev.Lost(conn=conn), self._step))

    async def _step(self, events: list[ev.Event]) -> None:
        await self.go.wait()
        if self._failures and self._failures.pop(0):
            raise OSError
        self.done.append([event.conn for event in events if isinstance(event, ev.Lost)])


async def test_what_comes_while_a_step_is_under_way_is_one_step() -> None:
    room = Room()
    tasks = [room.take(conn) for conn in "abc"]
    await asyncio.sleep(0)
    room.go.set()
    await asyncio.gather(*tasks)
    assert [event for step in room.done for event in step] == ["a", "b", "c"]
    assert len(room.done) == 2 or room.done == [["a", "b", "c"]]


async def test_whoever_waited_beside_a_step_that_failed_tries_alone() -> None:
    room = Room(failures=[True])
    tasks = [room.take(conn) for conn in "abc"]
    room.go.set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(results[0], OSError), "whose step it was is told that it was not taken"
    assert results[1:] == [None, None]
    assert [event for step in room.done for event in step] == ["b", "c"]


async def test_whoever_gives_up_while_waiting_holds_up_nobody() -> None:
    room = Room()
    first, second, third = (room.take(conn) for conn in "abc")
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    room.go.set()
    await asyncio.gather(first, third)
    assert "c" in [event for step in room.done for event in step]
