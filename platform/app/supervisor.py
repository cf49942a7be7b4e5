"""Keeps a set of processes running: starts them, forwards what they say, restarts what dies, stops them all.

Nothing outlives the supervisor. Each process is in a session of its own, so that Ctrl-C at the terminal
reaches only the supervisor and the processes are stopped in order; and on Linux the kernel ends them when
the supervisor itself is killed.
"""

import asyncio
import ctypes
import os
import pwd
import signal
import sys
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.progress import SetupError

PR_SET_PDEATHSIG = 1
READY_WITHIN = 60.0
READY_POLL = 0.05
# A process that ran this long had started well: its next death begins counting anew.
STEADY_AFTER = 30.0
MOST_DEATHS = 5
FIRST_PAUSE = 0.25
LAST_LINES = 5
LONGEST_LINE = 1 << 20

# Loaded before any fork: between fork and exec nothing may take a lock that another thread held.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

Ready = Callable[[], Awaitable[bool]]
Sink = Callable[[str, str], None]


@dataclass(frozen=True)
class Process:
    """What to run and how to treat it.

    `stop` is the signal that asks it to end, and it has `grace` seconds to do so. `orphan` is the signal that
    the kernel sends it should the supervisor be killed. With `log` its words go into that file instead of to
    the sink. `user` is the account to run as (only root can give one). With `inherits` it has our own environment
    beside `env`.
    """

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    inherits: bool = True
    user: str | None = None
    log: Path | None = None
    ready: Ready | None = None
    stop: signal.Signals = signal.SIGTERM
    orphan: signal.Signals = signal.SIGKILL
    grace: float = 5.0


class Supervisor:
    """Runs processes until told to stop. `sink(name, line)` gets each line that one of them writes."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._batches: list[list[_Keeper]] = []

    async def start(self, *processes: Process) -> None:
        """Start these together and return when all are ready. Raises SetupError with the reason when one of
        them cannot be brought up."""
        batch = [_Keeper(process, self._sink) for process in processes]
        self._batches.append(batch)
        await asyncio.gather(*(keeper.begin() for keeper in batch))

    async def watch(self) -> None:
        """Wait for a process that keeps dying however often it is started: raises SetupError saying which."""
        tasks = [keeper.task for keeper in self._keepers() if keeper.task]
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()

    async def stop(self) -> None:
        """Stop everything, the last started first, so that the database outlives those who write to it."""
        while self._batches:
            batch = self._batches[-1]
            await asyncio.gather(*(keeper.end() for keeper in batch))
            self._batches.pop()

    def kill(self) -> None:
        """End everything at once, without asking."""
        for keeper in self._keepers():
            keeper.kill()

    def restart(self, *names: str) -> None:
        """Stop these processes; each is started again at once."""
        for keeper in self._keepers():
            if keeper.process.name in names:
                keeper.restart()

    def pid(self, name: str) -> int | None:
        """The process id of the process called `name`, while it runs."""
        return next((keeper.pid for keeper in self._keepers() if keeper.process.name == name), None)

    def _keepers(self) -> list["_Keeper"]:
        return [keeper for batch in self._batches for keeper in batch]


class _Keeper:
    """Keeps one process running."""

    def __init__(self, process: Process, sink: Sink) -> None:
        self.process = process
        self.task: asyncio.Task[None] | None = None
        self.pid: int | None = None
        self._sink = sink
        self._tail: deque[str] = deque(maxlen=LAST_LINES)
        self._stopping = False
        self._restarting = False

    async def begin(self) -> None:
        self.task = asyncio.create_task(self._keep())
        ready = asyncio.create_task(self._become_ready())
        await asyncio.wait({self.task, ready}, return_when=asyncio.FIRST_COMPLETED)
        if self.task.done():
            ready.cancel()
            self.task.result()
        else:
            await ready

    def restart(self) -> None:
        self._restarting = True
        if self.pid is not None:
            _signal(self.pid, self.process.stop)

    def kill(self) -> None:
        self._stopping = True
        if self.pid is not None:
            _signal(self.pid, signal.SIGKILL)

    async def end(self) -> None:
        self._stopping = True
        if self.task is None:
            return
        if self.pid is None:
            self.task.cancel()
        else:
            _signal(self.pid, self.process.stop)
            await asyncio.wait({self.task}, timeout=self.process.grace)
            self.kill()
        await asyncio.wait({self.task})

    async def _become_ready(self) -> None:
        if self.process.ready is None:
            return
        try:
            async with asyncio.timeout(READY_WITHIN):
                while not await self.process.ready():  # noqa: ASYNC110 - another process gives no event
                    await asyncio.sleep(READY_POLL)
        except TimeoutError:
            late = f"{self.process.name} did not get ready within {READY_WITHIN:.0f} seconds."
            raise SetupError(late + self._last_words()) from None

    async def _keep(self) -> None:
        deaths = 0
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            status = await self._run_once()
            if self._stopping:
                return
            if self._restarting:
                self._restarting = False
                continue
            deaths = 1 if clock() - began > STEADY_AFTER else deaths + 1
            if deaths >= MOST_DEATHS:
                raise SetupError(
                    f"{self.process.name} keeps stopping ({_meaning(status)}).{self._last_words()}"
                )
            pause = FIRST_PAUSE * 2 ** (deaths - 1)
            self._sink(self.process.name, f"stopped ({_meaning(status)}); starting it again in {pause:g} s")
            await asyncio.sleep(pause)

    async def _run_once(self) -> int:
        child = await self._spawn()
        self.pid = child.pid
        if self._stopping:
            _signal(child.pid, self.process.stop)
        forwarding = asyncio.create_task(self._forward(child.stdout))
        try:
            status = await child.wait()
        finally:
            # What the process had started itself goes with it, and so does its end of the pipe.
            _signal(child.pid, signal.SIGKILL)
            self.pid = None
        await asyncio.wait({forwarding}, timeout=1)
        forwarding.cancel()
        return status

    async def _spawn(self) -> asyncio.subprocess.Process:
        process = self.process
        supervisor = os.getpid()

        def before_exec() -> None:
            if _libc is not None:
                _libc.prctl(PR_SET_PDEATHSIG, process.orphan)
                if os.getppid() != supervisor:
                    os._exit(1)

        try:
            return await asyncio.create_subprocess_exec(
                *process.command,
                env={**os.environ, **process.env} if process.inherits else dict(process.env),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                limit=LONGEST_LINE,
                start_new_session=True,
                preexec_fn=before_exec,
                **account(process.user),
            )
        except OSError as error:
            raise SetupError(f"{process.name} cannot be started: {error}.") from error

    async def _forward(self, stream: asyncio.StreamReader | None) -> None:
        with self.process.log.open("a") if self.process.log else nullcontext() as log:
            async for line in _lines(stream):
                self._tail.append(line)
                if log is None:
                    self._sink(self.process.name, line)
                else:
                    print(line, file=log, flush=True)

    def _last_words(self) -> str:
        return "".join(f"\n    {line}" for line in self._tail)


def account(user: str | None) -> dict[str, Any]:
    """The arguments that make a subprocess run as `user` with no more than that user's own group."""
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


async def _lines(stream: asyncio.StreamReader | None) -> AsyncIterator[str]:
    while stream is not None:
        try:
            line = await stream.readline()
        except ValueError:
            continue  # longer than LONGEST_LINE: asyncio has thrown it away
        if not line:
            return
        yield line.decode(errors="replace").rstrip()


def _signal(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _meaning(status: int) -> str:
    if status < 0:
        return f"ended by {signal.Signals(-status).name}"
    return f"exit status {status}"
