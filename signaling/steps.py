"""One step of a room at a time on this node, and all events that come meanwhile are the next step, with one write."""

import asyncio
from collections.abc import Awaitable, Callable

from signaling.events import Event

Step = Callable[[list[Event]], Awaitable[None]]


class Turn:
    """An event that waits for its step."""

    __slots__ = ("event", "taken")

    def __init__(self, event: Event) -> None:
        self.event = event
        self.taken = False


class Steps:
    """The events of one room, in the order in which they came."""

    __slots__ = ("_lock", "_waiting")

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._waiting: list[Turn] = []

    async def take(self, event: Event, step: Step) -> None:
        """Returns when a step with this event is done, by whomever. Raises what the step raises: then the event was not
        taken, and others that waited beside it try by themselves."""
        turn = Turn(event)
        self._waiting.append(turn)
        try:
            async with self._lock:
                if not turn.taken:
                    await self._step(step)
        finally:
            if turn in self._waiting:
                self._waiting.remove(turn)

    async def _step(self, step: Step) -> None:
        turns, self._waiting = self._waiting, []
        try:
            await step([turn.event for turn in turns])
        except BaseException:
            self._waiting = turns + self._waiting
            raise
        for turn in turns:
            turn.taken = True
