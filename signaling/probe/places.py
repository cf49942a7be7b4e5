"""Who is being checked now, which tickets are used, and whose turn it is to be sent bulk."""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from core.tickets import ProbeTicket
from signaling.probe.limits import MAX_BULK, MAX_SESSIONS


@dataclass
class Place:
    """One person's check. `given_up` is set when the same person begins another."""

    given_up: asyncio.Event = field(default_factory=asyncio.Event)


class Places:
    """Kept in memory. A ticket that another process of the probe was shown could be used here once more: it would buy a
    second check of some seconds, and nothing else."""

    def __init__(self) -> None:
        self.bulk = asyncio.Semaphore(MAX_BULK)
        self._taken: dict[str, Place] = {}
        self._sessions = 0
        self._used: dict[str, int] = {}

    @property
    def sessions(self) -> int:
        return self._sessions

    def spend(self, ticket: ProbeTicket, now: datetime) -> bool:
        """Whether this ticket is used for the first time."""
        seconds = now.timestamp()
        self._used = {jti: ends for jti, ends in self._used.items() if ends > seconds}
        if ticket.jti in self._used:
            return False
        self._used[ticket.jti] = ticket.exp
        return True

    @contextlib.contextmanager
    def taken(self, participant_id: str) -> Iterator[Place | None]:
        """A place for this person, who gives up an earlier one; None if all are taken."""
        earlier = self._taken.get(participant_id)
        if earlier is not None:
            earlier.given_up.set()
        # Whoever begins anew may still be on the way out of the earlier one.
        if self._sessions >= MAX_SESSIONS + (earlier is not None):
            yield None
            return
        place = self._taken[participant_id] = Place()
        self._sessions += 1
        try:
            yield place
        finally:
            self._sessions -= 1
            if self._taken.get(participant_id) is place:
                del self._taken[participant_id]
