"""A process that has imported a module and collected its tests, and is forked for each mutant of a function's body."""

import gc
import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, FunctionType

import pytest

from tests.mutants.child import Run, options, sort, to_log, watched
from tests.mutants.mutations import Mutant

_FORK = multiprocessing.get_context("fork")


class Host:
    """Runs the tests of one module, on the module as it is or with another body in one of its functions."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def run(self, mutant: Mutant | None, first: Sequence[str], seconds: float) -> Run:
        """The tests of `first` run before the others. Raises EOFError where they could not even be collected."""
        self._pipe.send((mutant, first, seconds))
        answer: Run = self._pipe.recv()
        return answer


@contextmanager
def host(module: Path, tests: Sequence[str], *flags: str) -> Iterator[Host]:
    ours, theirs = _FORK.Pipe()
    process = _FORK.Process(target=_serve, args=(module, [*flags, *tests], theirs, ours))
    process.start()
    theirs.close()
    try:
        yield Host(ours)
    finally:
        ours.close()
        process.join()


def _serve(module: Path, tests: Sequence[str], pipe: Connection, other_end: Connection) -> None:
    other_end.close()
    to_log()
    pytest.main(options(tests), plugins=[_Loop(module, pipe)])


class _Loop:
    """In the place of pytest's loop over the tests: each mutant is a fork that runs it."""

    def __init__(self, module: Path, pipe: Connection) -> None:
        self._module = module
        self._pipe = pipe

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        gc.unfreeze()
        functions = _functions_of(self._module)
        while True:
            try:
                mutant, first, seconds = self._pipe.recv()
            except EOFError:
                return True
            target = partial(_target, session, functions, mutant, first)
            self._pipe.send(watched(target, seconds))


def _target(
    session: pytest.Session,
    functions: Sequence[FunctionType],
    mutant: Mutant | None,
    first: Sequence[str],
    pipe: Connection,
) -> int:
    to_log()
    if mutant is not None:
        _give(functions, mutant)
    session.config.pluginmanager.register(_Telling(pipe))
    sort(session.items, first)
    return _run(session)


class _Telling:
    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._pipe.send(report.nodeid)


def _run(session: pytest.Session) -> int:
    """The tests until one fails. What the session holds is not given back: the process ends."""
    for index, item in enumerate(session.items):
        following = session.items[index + 1] if index + 1 < len(session.items) else item
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            return 1
    return 0


def _functions_of(module: Path) -> list[FunctionType]:
    """All that are alive, also those that a decorator keeps to itself."""
    file = module.resolve()
    return [
        each
        for each in gc.get_objects()
        if type(each) is FunctionType and Path(each.__code__.co_filename).resolve() == file
    ]


def _give(functions: Sequence[FunctionType], mutant: Mutant) -> None:
    """Each function its body in the mutant."""
    bodies = {_place(code): code for code in _within(compile(mutant.tree(), str(mutant.module), "exec"))}
    for function in functions:
        body = bodies.get(_place(function.__code__))
        if body is not None and body.co_freevars == function.__code__.co_freevars:
            function.__code__ = body


def _place(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


def _within(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _within(constant)
