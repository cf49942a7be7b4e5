"""One server of the drill, under a supervisor of its own, so that it can be killed, or taken out for good."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from app.process.supervisor import Pace, Process, Supervisor
from tests.patience import PATIENCE

# As in life; but somebody whom chance kills again and again is not made to wait as if it could not be started.
PACE = Pace(first=0.25, longest=1.0, steady=5.0)
LOOK_SECONDS = 0.05


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Until other processes have made it so. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while not await true():  # noqa: ASYNC110 - they give no event
            await asyncio.sleep(LOOK_SECONDS)


@dataclass
class Kept:
    """`process` and who keeps it running. Its words are in its log."""

    process: Process
    supervisor: Supervisor = field(default_factory=lambda: Supervisor(lambda name, line: None, pace=PACE))

    async def start(self) -> None:
        await self.supervisor.start(self.process)

    @property
    def pid(self) -> int:
        found = self.supervisor.pid(self.process.name)
        assert found is not None, f"{self.process.name} is not running"
        return found

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    async def is_back(self) -> None:
        """Until it runs and is ready, as far as can be seen from outside."""
        await until(self._is_ready)

    async def end(self) -> None:
        self.supervisor.kill()
        await self.supervisor.stop()

    async def _is_ready(self) -> bool:
        runs = self.supervisor.pid(self.process.name) is not None
        return runs and (self.process.ready is None or await self.process.ready())
