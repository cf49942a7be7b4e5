"""One mutant and its tests, in a process of their own."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType

import pytest

from tests.mutants.kept import TOO_LONG
from tests.mutants.mutations import Mutant

_FORK = multiprocessing.get_context("fork")
ALONE = "--noconftest"
"""How a file of tests is run that knows no database."""
LOG = Path("build/mutants.log")
"""What the tests of the last mutant printed."""


@dataclass(frozen=True)
class Run:
    """What the tests said: the first that failed, '' if none did. `passed` is false as well where none could run."""

    passed: bool
    by: str


def watched(target: Callable[[Connection], int], seconds: float) -> Run:
    """Fork, and see what becomes of it. The target tells by its pipe which test fails, and gives its exit code."""
    ours, theirs = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=_child, args=(target, theirs))
    process.start()
    theirs.close()
    process.join(seconds)
    assert process.pid is not None
    in_time = process.exitcode is not None
    _end_group(process.pid)
    process.join()
    if not in_time:
        return Run(passed=False, by=TOO_LONG)
    if process.exitcode == 0:
        return Run(passed=True, by="")
    try:
        return Run(passed=False, by=ours.recv())
    except EOFError:
        return Run(passed=False, by="cannot be imported")


def _child(target: Callable[[Connection], int], pipe: Connection) -> None:
    os.setpgrp()
    code = target(pipe)
    sys.stdout.flush()
    os._exit(code)


def _end_group(pid: int) -> None:
    """What a test has started goes with it."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def run_anew(mutant: Mutant, tests: Sequence[str], first: Sequence[str], seconds: float) -> Run:
    """Import everything of ours with the mutant in its place, and run the tests, those of `first` before the others."""

    def target(pipe: Connection) -> int:
        to_log()
        sys.meta_path.insert(0, _Finder(mutant))
        return int(pytest.main(options(tests), plugins=[Telling(pipe, first)]))

    return watched(target, seconds)


def alone(mutant: Mutant, file: str, first: Sequence[str], seconds: float) -> Run:
    """Import what one file of tests needs and no more, with the mutant in its place, and run that file by itself.

    For rules that know no database this is a matter of a second, since nothing else of ours is imported.
    """

    def target(pipe: Connection) -> int:
        to_log()
        sys.meta_path.insert(0, _Finder(mutant))
        return int(pytest.main(options([ALONE, file]), plugins=[Telling(pipe, first)]))

    return watched(target, seconds)


def options(tests: Sequence[str]) -> list[str]:
    return ["-x", "-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", *tests]


def to_log() -> None:
    out = os.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)


class Telling:
    """Has what killed others run first, and says which test fails."""

    def __init__(self, pipe: Connection, first: Sequence[str]) -> None:
        self._pipe = pipe
        self._first = first

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        sort(items, self._first)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._pipe.send(report.nodeid)


def sort(items: list[pytest.Item], first: Sequence[str]) -> None:
    rank = {name: rank for rank, name in enumerate(first)}
    items.sort(key=lambda item: rank.get(item.nodeid, len(rank)))


class _Finder:
    """Finds the mutant where its module is imported."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        self._name = ".".join(mutant.module.with_suffix("").parts[1:])

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name != self._name:
            return None
        file = str(self._mutant.module)
        return spec_from_file_location(name, file, loader=_Loader(name, file, self._mutant))


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, mutant: Mutant) -> None:
        super().__init__(name, path)
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._mutant.tree(), self.path, "exec")
