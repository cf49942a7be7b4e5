"""One mutant and its tests, in a process of their own."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType

import pytest

from tests.mutants.mutations import Mutant

_FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Run:
    """What the tests said: the first that failed, '' if none did. `passed` is false as well where none could run."""

    passed: bool
    by: str


def run(
    mutant: Mutant | None, tests: Sequence[str], *, first: Sequence[str], seconds: float, log: Path
) -> Run:
    """Run the tests on the mutant, or on the module as it is, those of `first` before the others."""
    ours, theirs = _FORK.Pipe(duplex=False)
    process = _FORK.Process(target=_child, args=(theirs, mutant, tests, first, log))
    process.start()
    theirs.close()
    process.join(seconds)
    if process.is_alive():
        assert process.pid is not None
        os.killpg(process.pid, signal.SIGKILL)
        process.join()
        return Run(passed=False, by="takes too long")
    if process.exitcode == 0:
        return Run(passed=True, by="")
    try:
        return Run(passed=False, by=ours.recv())
    except EOFError:
        return Run(passed=False, by="cannot be imported")


def _child(
    pipe: Connection, mutant: Mutant | None, tests: Sequence[str], first: Sequence[str], log: Path
) -> None:
    os.setpgrp()
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    sys.path[:0] = ["platform", "."]
    if mutant is not None:
        sys.meta_path.insert(0, _Finder(mutant))
    code = pytest.main(
        ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests], plugins=[_Telling(pipe, first)]
    )
    sys.stdout.flush()
    os._exit(int(code))


class _Telling:
    """Has what killed others run first, and says which test fails."""

    def __init__(self, pipe: Connection, first: Sequence[str]) -> None:
        self._pipe = pipe
        self._rank = {name: rank for rank, name in enumerate(first)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: self._rank.get(item.nodeid, len(self._rank)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._pipe.send(report.nodeid)


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
