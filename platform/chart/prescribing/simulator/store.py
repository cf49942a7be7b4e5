"""What the pharmacy simulator remembers: an append-only file of JSON lines, so that it survives being killed.

A message that comes again is known by its MessageID, gets the answer it got before, and is counted.
"""

import os
import threading
from datetime import datetime
from pathlib import Path

import msgspec


class Received(msgspec.Struct, kw_only=True):
    """One prescription as the pharmacy has it. ``answer`` is the XML given at once; ``verify`` the XML to be sent
    afterwards (None where the answer was an Error, or where the pharmacy keeps silent); ``times`` how often it came.
    """

    message_id: str
    at: datetime
    pharmacy: str
    summary: str
    answer: bytes
    verify: bytes | None = None
    verified: bool = False
    times: int = 1


class _Line(msgspec.Struct, omit_defaults=True):
    """One line of the file: the message itself, or what happened to one."""

    received: Received | None = None
    again: str | None = None
    verified: str | None = None


class Store:
    """The messages of one file, in the order in which they came."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._messages: dict[str, Received] = {}
        # What is in here names patients: others on this machine may not look.
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._read()

    def _read(self) -> None:
        """What earlier runs wrote. A last line that a crash tore is cut off: it was never acknowledged."""
        if not self._path.exists():
            return
        whole = 0
        data = self._path.read_bytes()
        for line in data.splitlines(keepends=True):
            try:
                entry = msgspec.json.decode(line, type=_Line)
            except msgspec.MsgspecError:
                break
            self._apply(entry)
            whole += len(line)
        if whole < len(data):
            os.truncate(self._path, whole)

    def _apply(self, line: _Line) -> None:
        if line.received:
            self._messages[line.received.message_id] = line.received
        if line.again:
            self._messages[line.again].times += 1
        if line.verified:
            self._messages[line.verified].verified = True

    def _append(self, line: _Line) -> None:
        """On disk before anyone is told."""
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(line) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._apply(line)

    def take(self, message: Received) -> Received:
        """Keep a message that is new, count one that is not; either way, what is kept under its id."""
        with self._lock:
            if message.message_id in self._messages:
                self._append(_Line(again=message.message_id))
            else:
                self._append(_Line(received=message))
            return self._messages[message.message_id]

    def get(self, message_id: str) -> Received | None:
        return self._messages.get(message_id)

    def mark_verified(self, message_id: str) -> None:
        """The clinic has taken the Verify."""
        with self._lock:
            self._append(_Line(verified=message_id))

    def all(self) -> list[Received]:
        """Every message, the latest first."""
        return list(reversed(self._messages.values()))

    def unverified(self) -> list[Received]:
        """Those whose Verify has not reached the clinic yet."""
        return [message for message in self._messages.values() if message.verify and not message.verified]
