"""The supervisor: what dies comes back, what is stopped is gone, and nothing outlives it."""

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from app.process.progress import SetupError
from app.process.supervisor import Pace, Process, Supervisor
from tests.patience import PATIENCE
from tests.processes import wait_until_over

pytestmark = pytest.mark.whole

SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
MISSET = "import sys; print('Set CARETHREAD_SECRET_KEY.', flush=True); sys.exit(78)"
BRISK = Pace(first=0.01, longest=0.05)
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
        await self.until(lambda: self.lines.count((name, line)) >= count)

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait until what was said makes it so."""
        async with asyncio.timeout(PATIENCE), self._more:
            await self._more.wait_for(true)


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
async def supervisor(said: Said) -> AsyncIterator[Supervisor]:
    made = Supervisor(said, pace=BRISK)
    yield made
    await made.stop()


async def never() -> bool:
    return False


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


async def test_what_dies_over_and_over_is_tried_again_for_ever_and_stops_nobody(
    supervisor: Supervisor, said: Said
) -> None:
    await supervisor.start(python("sleeper", SLEEPER))
    await said.times("sleeper", "up", 1)
    sleeper = supervisor.pid("sleeper")
    await supervisor.start(python("broken", "import sys; sys.exit('no such table: visit')"))
    watching = asyncio.create_task(supervisor.watch())

    await said.times("broken", "no such table: visit", 12)

    assert not watching.done()
    assert supervisor.pid("sleeper") == sleeper
    stops = [line for name, line in said.lines if name == "broken" and line.startswith("stopped")]
    assert stops[:4] == [
        "stopped (exit status 1); starting it again in 0.01 s",
        "stopped (exit status 1), 2 times in a row; starting it again in 0.02 s",
        "stopped (exit status 1), 3 times in a row; starting it again in 0.04 s",
        "stopped (exit status 1), 4 times in a row; starting it again in 0.05 s",
    ]
    assert {line.partition("; ")[2] for line in stops[3:]} == {"starting it again in 0.05 s"}, "a ceiling"
    watching.cancel()


async def test_how_each_process_is_can_be_asked(supervisor: Supervisor, said: Said) -> None:
    await supervisor.start(python("sleeper", SLEEPER), python("broken", "import sys; sys.exit(3)"))
    await said.until(lambda: any("2 times" in line for _, line in said.lines))

    sleeper, broken = supervisor.states()

    assert (sleeper.pid, sleeper.deaths, sleeper.next_try) == (supervisor.pid("sleeper"), 0, None)
    assert (broken.deaths, broken.last) == (2, "exit status 3")
    assert broken.pid is None and broken.next_try is not None


async def test_what_dies_at_times_is_steady_again_in_between(said: Said) -> None:
    """What has held for a while is as it was before: its next death counts as the first."""
    supervisor = Supervisor(said, pace=Pace(first=0.01, longest=0.05, steady=0.1))
    await supervisor.start(python("fitful", SLEEPER))
    for death in (1, 2):
        await said.times("fitful", "up", death)
        pid = supervisor.pid("fitful")
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await said.times("fitful", "runs steadily again, for 0.1 s now", death)

    assert supervisor.states()[0].deaths == 0
    assert not any("in a row" in line for _, line in said.lines)
    await supervisor.stop()


async def test_settings_that_cannot_be_used_stop_the_start_at_once(
    supervisor: Supervisor, said: Said
) -> None:
    with pytest.raises(SetupError) as told:
        await supervisor.start(python("broken", MISSET, ready=never))

    assert str(told.value) == "broken cannot be started (exit status 78).\n    Set CARETHREAD_SECRET_KEY."
    assert len(said.lines) == 1, "it was tried once"


async def test_what_dies_before_it_was_ever_ready_stops_the_start(supervisor: Supervisor) -> None:
    with pytest.raises(SetupError) as told:
        await supervisor.start(python("broken", "import sys; sys.exit('no such table: visit')", ready=never))

    last_words = "\n    no such table: visit" * 5
    assert str(told.value) == "broken cannot be started (exit status 1)." + last_words


async def test_a_program_that_is_missing_is_said_in_one_sentence(supervisor: Supervisor) -> None:
    with pytest.raises(SetupError, match=r"^ghost cannot be started: .*No such file.*\.$"):
        await supervisor.start(Process(name="ghost", command=("/nowhere/ghost",), ready=never))


async def test_a_program_that_goes_missing_later_is_tried_again(
    supervisor: Supervisor, said: Said, tmp_path: Path
) -> None:
    """As with a machine that has no memory or processes left."""
    program, away = tmp_path / "program", tmp_path / "away"
    program.write_text(f"#!{sys.executable}\n{SLEEPER}")
    program.chmod(0o755)
    await supervisor.start(Process(name="program", command=(str(program),)))
    await said.times("program", "up", 1)
    program.rename(away)
    pid = supervisor.pid("program")
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    await said.until(lambda: any(line.startswith("cannot be started") for _, line in said.lines))
    away.rename(program)

    await said.times("program", "up", 2)


@pytest.mark.parametrize("code", ["import sys; sys.exit(1)", "import time; time.sleep(600)"])
async def test_stopping_does_not_wait_for_the_next_try(said: Said, code: str) -> None:
    supervisor = Supervisor(said, pace=Pace(first=3600, longest=3600))
    await supervisor.start(python("patient", code))
    if pid := supervisor.pid("patient"):
        os.kill(pid, signal.SIGKILL)
    await said.until(lambda: any("starting it again in 3600 s" in line for _, line in said.lines))

    async with asyncio.timeout(PATIENCE):
        await supervisor.stop()


async def test_a_restart_does_not_wait_for_the_next_try(said: Said, tmp_path: Path) -> None:
    """As when a developer mends the file because of which it does not start."""
    supervisor = Supervisor(said, pace=Pace(first=3600, longest=3600))
    source = tmp_path / "source.py"
    source.write_text("import sys; sys.exit(1)")
    await supervisor.start(Process(name="api", command=(sys.executable, str(source))))
    await said.until(lambda: any("starting it again in 3600 s" in line for _, line in said.lines))
    source.write_text(SLEEPER)

    supervisor.restart("api")

    await said.times("api", "up", 1)
    await supervisor.stop()


async def test_a_restart_ends_what_will_not_stop(supervisor: Supervisor, said: Said) -> None:
    await supervisor.start(python("stubborn", STUBBORN, grace=0.2))
    await said.times("stubborn", "up", 1)

    supervisor.restart("stubborn")

    await said.times("stubborn", "up", 2)


async def test_asked_twice_it_waits_for_nobody(supervisor: Supervisor, said: Said) -> None:
    await supervisor.start(python("stubborn", STUBBORN, grace=3600))
    await said.times("stubborn", "up", 1)
    pid = supervisor.pid("stubborn")
    assert pid is not None
    stopping = asyncio.create_task(supervisor.stop())
    await asyncio.wait({stopping}, timeout=0)

    supervisor.kill()

    async with asyncio.timeout(PATIENCE):
        await stopping
    assert not psutil.pid_exists(pid)


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

    wait_until_over([grandchild])


@pytest.mark.parametrize("code", [SLEEPER, STUBBORN])
def test_nothing_outlives_a_supervisor_that_is_killed(code: str) -> None:
    program = f"""
        import asyncio, sys
        from app.process.supervisor import Process, Supervisor
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

    wait_until_over([child])
