"""People who call the real server: each keeps what it was told, and a test waits for what it expects."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import AsyncIterator, Callable
from itertools import count
from typing import Any, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from core.tickets import JoinTicket, TicketRole, mint
from signaling import protocol as p
from signaling.headless.caller import Caller, Hung
from tests.patience import PATIENCE

KEY = bytes(range(32))
ORIGIN = "http://clinic.test"
BOTH_ON = p.Media(microphone=True, camera=True)

Message = TypeVar("Message")

_numbers = count(1)


class Visit:
    """Mints tickets as the API would."""

    def __init__(self) -> None:
        self.visit_id = f"visit-{secrets.token_hex(4)}"

    def ticket(self, participant_id: str, role: TicketRole) -> str:
        now = int(time.time())
        ticket = JoinTicket(
            jti=secrets.token_hex(8),
            visit_id=self.visit_id,
            clinic_id="clinic",
            attempt_id=f"attempt-{next(_numbers)}",
            participant_id=participant_id,
            role=role,
            display="AB",
            iat=now,
            exp=now + 60,
        )
        return mint(KEY, ticket)


class Person:
    """One page of one person, calling."""

    def __init__(self, url: str, visit: Visit, participant_id: str, role: TicketRole) -> None:
        async def get_ticket() -> str:
            return visit.ticket(participant_id, role)

        self.participant_id = participant_id
        self.told: list[p.ServerMessage] = []
        self.over: Hung | None = None
        self._changed = asyncio.Event()
        self.caller = Caller(url, ORIGIN, get_ticket, secrets.token_hex(8), BOTH_ON)

    async def run(self) -> None:
        try:
            async for message in self.caller.messages():
                self.told.append(message)
                self._changed.set()
        except Hung as hung:
            self.over = hung
            self._changed.set()

    async def until(self, seen: Callable[["Person"], Any]) -> Any:
        """Wait until `seen` finds something; what it found."""
        async with asyncio.timeout(PATIENCE):
            while not (found := seen(self)):
                self._changed.clear()
                await self._changed.wait()
            return found

    async def hears(self, wanted: p.ServerMessage, times: int = 1) -> None:
        await self.until(lambda person: person.told.count(wanted) >= times)

    async def hears_a(self, kind: type[Message]) -> Message:
        """The first message of this kind, when it has come."""
        found = await self.until(lambda person: [m for m in person.told if isinstance(m, kind)])
        message: Message = found[0]
        return message

    def welcomes(self) -> list[p.Welcome]:
        return [message for message in self.told if isinstance(message, p.Welcome)]


@contextlib.asynccontextmanager
async def calling(url: str, visit: Visit, participant_id: str, role: TicketRole) -> AsyncIterator[Person]:
    """Somebody in the call, for as long as the block lasts."""
    person = Person(url, visit, participant_id, role)
    running = asyncio.create_task(person.run())
    try:
        await person.until(lambda person: person.welcomes() or person.over)
        yield person
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@contextlib.asynccontextmanager
async def bare_socket(url: str, origin: str | None = ORIGIN) -> AsyncIterator[ClientConnection]:
    """A socket that has said nothing yet."""
    wanted = None if origin is None else Origin(origin)
    async with connect(url, origin=wanted, compression=None, proxy=None, max_queue=None) as socket:
        yield socket


async def close_of(socket: ClientConnection) -> tuple[int | None, str | None]:
    """How the server closes this socket."""
    async with asyncio.timeout(PATIENCE):
        await socket.wait_closed()
    return socket.close_code, socket.close_reason
