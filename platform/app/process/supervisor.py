"""Keeps a set of processes running: starts them, forwards what they say, restarts what dies, stops them all.

What dies after its start is never given up: it is tried again with growing pauses while the others run on. Only
a start that cannot succeed is an error.

Nothing outlives the supervisor. Each process is in a session of its own, so that Ctrl-C at the terminal reaches
only the supervisor and the processes are stopped in order; and on Linux the kernel ends them when the
supervisor itself is killed.
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
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.process.progress import SetupError

PR_SET_PDEATHSIG = 1
READY_WITHIN = 60.0
READY_POLL = 0.05
# So many deaths in a row before a process was ever ready mean that it cannot be started, and so does the exit
# status of one whose settings cannot be used: trying again is no help.
FIRST_TRIES = 5
UNUSABLE = os.EX_CONFIG
LAST_LINES = 5
LONGEST_LINE = 1 << 20

# Loaded before any fork: between fork and exec nothing may take a lock that another thread held.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

Ready = Callable[[], Awaitable[bool]]
Sink = Callable[[str, str], None]
Changed = Callable[[], None]


@dataclass(frozen=True)
class Pace:
    """How soon what died is started again, in seconds: after `first`, then twice as long each time, at most
    `longest`. What has run for `steady` counts as well again."""

    first: float = 0.25
    longest: float = 30.0
    steady: float = 30.0

    def pause(self, deaths: int) -> float:
        return min(self.first * 2.0 ** min(deaths - 1, 30), self.longest)


@dataclass(frozen=True)
class State:
    """How a process is: its `pid` while it runs, how often in a row it stopped by itself, how it stopped last
    ('' for never), and when it is started again, while it waits for that."""

    name: str
    pid: int | None
    deaths: int
    last: str
    next_try: datetime | None


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
    """Runs processes until told to stop. `sink(name, line)` gets each line that one of them writes, and `changed()`
    is called when the state of one has changed."""

    def __init__(self, sink: Sink, changed: Changed = lambda: None, pace: Pace | None = None) -> None:
        self._sink = sink
        self._changed = changed
        self._pace = pace or Pace()
        self._batches: list[list[_Keeper]] = []

    async def start(self, *processes: Process) -> None:
        """Start these together and return when all are ready. Raises SetupError with the reason when one of
        them cannot be brought up."""
        batch = [_Keeper(process, self._sink, self._changed, self._pace) for process in processes]
        self._batches.append(batch)
        await asyncio.gather(*(keeper.begin() for keeper in batch))
        for keeper in batch:
            keeper.is_up()

    async def watch(self) -> None:
        """Start again what dies, for ever."""
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
        """Stop these processes; each is started again at once, also one that waits for its next try."""
        for keeper in self._keepers():
            if keeper.process.name in names:
                keeper.restart()

    def pid(self, name: str) -> int | None:
        """The process id of the process called `name`, while it runs."""
        return next((keeper.pid for keeper in self._keepers() if keeper.process.name == name), None)

    def states(self) -> list[State]:
        """How each process is, in the order in which they were started."""
        return [keeper.state() for keeper in self._keepers()]

    def _keepers(self) -> list["_Keeper"]:
        return [keeper for batch in self._batches for keeper in batch]


class _Keeper:
    """Keeps one process running."""

    def __init__(self, process: Process, sink: Sink, changed: Changed, pace: Pace) -> None:
        self.process = process
        self.task: asyncio.Task[None] | None = None
        self.pid: int | None = None
        self._sink = sink
        self._changed = changed
        self._pace = pace
        self._tail: deque[str] = deque(maxlen=LAST_LINES)
        self._deaths = 0
        self._last = ""
        self._next_try: datetime | None = None
        self._up = self._stopping = self._killing = False
        self._hurry = asyncio.Event()

    async def begin(self) -> None:
        self.task = asyncio.create_task(self._keep())
        ready = asyncio.create_task(self._become_ready())
        try:
            await asyncio.wait({self.task, ready}, return_when=asyncio.FIRST_COMPLETED)
            if self.task.done():
                self.task.result()
            else:
                await ready
        finally:
            ready.cancel()

    def is_up(self) -> None:
        """From here on it is kept, whatever becomes of it. Raises SetupError if it has been given up before."""
        self._up = True
        if self.task is not None and self.task.done():
            self.task.result()

    def state(self) -> State:
        return State(self.process.name, self.pid, self._deaths, self._last, self._next_try)

    def restart(self) -> None:
        self._hurry.set()
        if self.pid is not None:
            _signal(self.pid, self.process.stop)
            asyncio.get_running_loop().call_later(self.process.grace, self._kill_if, self.pid)

    def kill(self) -> None:
        self._stopping = self._killing = True
        self._kill_if(self.pid)

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

    def _kill_if(self, pid: int | None) -> None:
        if pid is not None and pid == self.pid:
            _signal(pid, signal.SIGKILL)

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
        while True:
            status = await self._run_once()
            if self._stopping:
                return
            if self._hurry.is_set():
                self._hurry.clear()
                self._deaths = 0
                continue
            self._deaths += 1
            self._last = _meaning(status)
            if not self._up and (status == UNUSABLE or self._deaths >= FIRST_TRIES):
                raise SetupError(f"{self.process.name} cannot be started ({self._last}).{self._last_words()}")
            await self._pause()

    async def _pause(self) -> None:
        """Wait for the next try, or for somebody in a hurry."""
        pause = self._pace.pause(self._deaths)
        often = f", {self._deaths} times in a row" if self._deaths > 1 else ""
        where = f" ({self.process.log} has its words)" if self.process.log else ""
        self._say(f"stopped ({self._last}){often}; starting it again in {pause:g} s{where}")
        self._next_try = datetime.now(UTC) + timedelta(seconds=pause)
        self._changed()
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._hurry.wait()
        self._hurry.clear()
        self._next_try = None

    async def _run_once(self) -> int:
        """Run it to its end: its exit status, negative for a signal."""
        try:
            child = await self._spawn()
        except OSError as error:
            return self._not_spawned(error)
        self.pid = child.pid
        self._changed()
        if self._stopping:
            _signal(child.pid, signal.SIGKILL if self._killing else self.process.stop)
        steady = asyncio.get_running_loop().call_later(self._pace.steady, self._hold)
        forwarding = asyncio.create_task(self._forward(child.stdout))
        try:
            status = await child.wait()
        finally:
            # What the process had started itself goes with it, and so does its end of the pipe.
            _signal(child.pid, signal.SIGKILL)
            self.pid = None
            steady.cancel()
        try:
            await asyncio.wait({forwarding}, timeout=1)
        finally:
            forwarding.cancel()
        return status

    def _not_spawned(self, error: OSError) -> int:
        """A machine without memory or processes left gets better; what was never there does not."""
        if not self._up:
            raise SetupError(f"{self.process.name} cannot be started: {error}.") from error
        self._say(f"cannot be started: {error}")
        return 1

    def _hold(self) -> None:
        if self._deaths:
            self._deaths = 0
            self._say(f"runs steadily again, for {self._pace.steady:g} s now")
            self._changed()

    def _say(self, line: str) -> None:
        with suppress(OSError):  # nobody reads the terminal any more
            self._sink(self.process.name, line)

    async def _spawn(self) -> asyncio.subprocess.Process:
        process = self.process
        supervisor = os.getpid()

        def before_exec() -> None:
            if _libc is not None:
                _libc.prctl(PR_SET_PDEATHSIG, process.orphan)
                if os.getppid() != supervisor:
                    os._exit(1)

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

    async def _forward(self, stream: asyncio.StreamReader | None) -> None:
        with self.process.log.open("a") if self.process.log else nullcontext() as log:
            async for line in _lines(stream):
                self._tail.append(line)
                if log is None:
                    self._say(line)
                    continue
                with suppress(
                    OSError
                ):  # a full disk: reading on is what keeps the process from standing still
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
