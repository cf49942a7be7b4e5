"""How the supervisor shows what its processes say: one column with the process's name, coloured on a terminal."""

import json
import sys
from typing import TextIO

COLOURS = (36, 33, 35, 32, 34, 96)
RED, DIM, RESET = "\x1b[31m", "\x1b[2m", "\x1b[0m"
# Every line of our own logs has these; the rest is what the line is about.
FRAME = {"at", "level", "logger", "event"}


class Console:
    """Writes lines to the terminal, each under the name of who said it."""

    def __init__(self, names: list[str], out: TextIO | None = None) -> None:
        self._out = out or sys.stdout
        self._width = max(map(len, names), default=0)
        self._tty = self._out.isatty()
        self._colours = {name: COLOURS[place % len(COLOURS)] for place, name in enumerate(names)}

    def line(self, name: str, text: str) -> None:
        level, words = readable(text)
        label = f"{name:<{self._width}}"
        if self._tty:
            label = f"\x1b[{self._colours.get(name, COLOURS[-1])}m{label}{RESET}"
            words = {"error": f"{RED}{words}{RESET}", "info": f"{DIM}{words}{RESET}"}.get(level, words)
        print(f"{label}  {words}", file=self._out, flush=True)


def readable(text: str) -> tuple[str, str]:
    """The level and the words of a line: our JSON logs become `event name=value ...`, other lines stay."""
    if not text.startswith("{"):
        return "", text
    try:
        fields = json.loads(text)
        level, event = str(fields["level"]), str(fields.get("event") or fields["logger"])
    except (ValueError, KeyError):
        return "", text
    if trace := fields.pop("trace", None):
        fields["at_frame"] = trace[-1]
    pairs = [f"{name}={value}" for name, value in fields.items() if name not in FRAME]
    return level, " ".join([level, event, *pairs])
