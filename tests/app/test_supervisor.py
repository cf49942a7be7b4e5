"""The supervisor: what dies comes back, what is stopped is gone, and nothing outlives it."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from app.progress import SetupError
from app.supervisor import Process, Supervisor
from tests.patience import PATIENCE
from tests.processes import is_over

pytestmark = pytest.mark.whole

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPER


class Said:
    """What the processes said, and a way to wait for it."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self._more = asyncio.Condition()

    def __call__(self, name: str, line: str) -> None:
        self.lines.append((name, line))
        asyncio.get_running_loop().create_task(self._tell())

    async def _tell(self) -> None:
        async with self._more:
            self._more.notify_all()

    async def times(self, name: str, line: str, count: int) -> None:
        """Wait until `name` has said `line` that often."""
        async with asyncio.timeout(PATIENCE), self._more:
            await self._more.wait_for(lambda: self.lines.count((name, line)) >= count)


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
async def supervisor(said: Said) -> AsyncIterator[Supervisor]:
    made = Supervisor(said)
    yield made
    await made.stop()


def python(name: str, code: str, **options: object) -> Process:
    return Process(name=name, command=(sys.executable, "-c", textwrap.dedent(code)), **options)  # type: ignore[arg-type]  # the caller's business


async def test_what_is_killed_is_started_again(supervisor: Supervisor, said: Said) -> None:
    await supervisor.start(python("sleeper", SLEEPER))
    await said.times("sleeper", "up", 1)
    first = supervisor.pid("sleeper")
    assert first is not None
    os.kill(first, signal.SIGKILL)

    await said.times("sleeper", "up", 2)

    assert supervisor.pid("sleeper") not in (None, first)
    assert any("ended by SIGKILL" in line for _, line in said.lines)


async def test_what_keeps_dying_is_given_up_with_its_last_words(supervisor: Supervisor) -> None:
    await supervisor.start(python("broken", "import sys; sys.exit('no such table: visit')"))

    with pytest.raises(SetupError) as given_up:
        await supervisor.watch()

    assert str(given_up.value) == "broken keeps stopping (exit status 1)." + "\n    no such table: visit" * 5


async def test_a_program_that_is_missing_is_said_in_one_sentence(supervisor: Supervisor) -> None:
    with pytest.raises(SetupError, match=r"^ghost cannot be started: .*No such file.*\.$"):
        await supervisor.start(Process(name="ghost", command=("/nowhere/ghost",)))
        await supervisor.watch()


async def test_ready_means_ready(supervisor: Supervisor, tmp_path: Path) -> None:
    flag = tmp_path / "ready"

    async def ready() -> bool:
        return flag.exists()

    code = f"import pathlib, time; pathlib.Path({str(flag)!r}).touch(); time.sleep(600)"
    await supervisor.start(python("slow", code, ready=ready))

    assert flag.exists()


async def test_stopping_ends_the_last_started_first(supervisor: Supervisor, said: Said) -> None:
    telling = """
        import os, signal, sys, time
        # No print: the signal may come while 'up' is still being flushed, and a buffer takes no second writer.
        signal.signal(signal.SIGTERM, lambda *_: (os.write(1, b'bye\\n'), sys.exit()))
        print('up', flush=True)
        time.sleep(600)
    """
    await supervisor.start(python("database", telling))
    await supervisor.start(python("api", telling))
    await said.times("database", "up", 1)
    await said.times("api", "up", 1)

    await supervisor.stop()

    assert [line for line in said.lines if line[1] == "bye"] == [("api", "bye"), ("database", "bye")]


async def test_one_that_will_not_stop_is_killed(supervisor: Supervisor, said: Said) -> None:
    await supervisor.start(python("stubborn", STUBBORN, grace=0.2))
    await said.times("stubborn", "up", 1)
    pid = supervisor.pid("stubborn")
    assert pid is not None

    await supervisor.stop()

    assert not psutil.pid_exists(pid)


async def test_what_a_process_started_goes_with_it(supervisor: Supervisor, said: Said) -> None:
    code = f"""
        import subprocess, sys, time
        print(subprocess.Popen([sys.executable, '-c', {STUBBORN!r}], stdout=subprocess.DEVNULL).pid, flush=True)
        print('up', flush=True)
        time.sleep(600)
    """
    await supervisor.start(python("parent", code))
    await said.times("parent", "up", 1)
    grandchild = psutil.Process(int(said.lines[0][1]))

    await supervisor.stop()

    psutil.wait_procs([grandchild], timeout=PATIENCE)
    assert is_over(grandchild)


@pytest.mark.parametrize("code", [SLEEPER, STUBBORN])
def test_nothing_outlives_a_supervisor_that_is_killed(code: str) -> None:
    program = f"""
        import asyncio, sys
        from app.supervisor import Process, Supervisor
        async def main():
            supervisor = Supervisor(lambda name, line: None)
            await supervisor.start(Process(name='child', command=(sys.executable, '-c', {code!r})))
            while supervisor.pid('child') is None:
                await asyncio.sleep(0.01)
            print(supervisor.pid('child'), flush=True)
            await supervisor.watch()
        asyncio.run(main())
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True
    ) as killed:
        assert killed.stdout is not None
        child = psutil.Process(int(killed.stdout.readline()))
        killed.kill()

    psutil.wait_procs([child], timeout=PATIENCE)
    assert is_over(child)
