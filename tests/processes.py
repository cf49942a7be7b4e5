"""What tests ask of processes."""

import time
from collections.abc import Iterable
from contextlib import suppress

import psutil

from tests.patience import PATIENCE


def is_over(process: psutil.Process) -> bool:
    """Gone, or dead and only waiting for the machine's init to notice."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_until_over(processes: Iterable[psutil.Process]) -> None:
    """Wait until each is over. Raises AssertionError. `psutil.wait_procs` waits for zombies too, which may stay."""
    left, until = list(processes), time.monotonic() + PATIENCE
    while left := [each for each in left if not is_over(each)]:
        assert time.monotonic() < until, f"still there: {left}"
        time.sleep(0.02)


def parts(supervisor: int, name: str) -> list[psutil.Process]:
    """The processes that are `carethread <name>` now, of the supervisor with this process id."""
    return [child for child in psutil.Process(supervisor).children() if _part(child) == name]


def _part(process: psutil.Process) -> str | None:
    """None for what is gone, or is something else."""
    with suppress(psutil.Error, IndexError):
        return str(process.cmdline()[3])
    return None
