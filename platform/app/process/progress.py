"""What the person at the terminal sees while Carethread sets itself up: one line a step, with its time.

Standard library only: the set-up script uses this before any package is installed.
"""

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

WIDTH = 36


class SetupError(Exception):
    """Something that the person who started this has to know, as one clear sentence."""


class Step:
    """A step under way. `note` shows what it is at; `skip` says why there was nothing to do, `found` what came out."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self.outcome: str | None = None
        self.result = ""
        self._show = show

    def skip(self, why: str = "unchanged") -> None:
        self.outcome = why

    def found(self, what: str) -> None:
        self.result = f", {what}"

    def note(self, what: str) -> None:
        self._show(what)


class Progress:
    """Prints steps to a terminal, or plainly into a log."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out or sys.stderr
        self._live = self._out.isatty()

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Show that `name` has begun, and how it ended: `1.2 s`, what `skip` said, or a failure."""
        began = time.monotonic()
        step = Step(lambda what: self._note(name, what))
        self._write(f"  … {name}", end="" if self._live else "\n")
        try:
            yield step
        except BaseException:
            self._finish("✗", name, "failed")
            raise
        self._finish("✓", name, step.outcome or f"{time.monotonic() - began:.1f} s{step.result}")

    def say(self, text: str) -> None:
        self._write(text, end="\n")

    def _note(self, name: str, what: str) -> None:
        if self._live:
            room = shutil.get_terminal_size().columns - WIDTH - 6
            self._write(f"\r\x1b[2K  … {name:<{WIDTH}}{what[:room]}", end="")

    def _finish(self, mark: str, name: str, outcome: str) -> None:
        start = "\r\x1b[2K" if self._live else ""
        self._write(f"{start}  {mark} {name:<{WIDTH}}{outcome}", end="\n")

    def _write(self, text: str, *, end: str) -> None:
        print(text, end=end, file=self._out, flush=True)
