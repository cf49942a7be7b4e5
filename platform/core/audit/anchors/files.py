"""An append-only file as a target: worth most on another machine's disk, or with `chattr +a`."""

import os
from collections import deque
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from core.audit.anchors.anchor import Anchors, Head, read_lines
from core.crypto import Signer

_MOST = 100_000
"""Lines that are read of a file: a few days of the busiest clinic."""


class FileTarget:
    """One JSON line a seal, on the disk before ``publish`` returns."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def name(self) -> str:
        return self._path.as_uri()

    @property
    def reads_back(self) -> bool:
        return True

    def publish(self, heads: Sequence[Head], now: datetime) -> None:
        text = "".join(f"{head.line(now)}\n" for head in heads).encode()
        handle = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            # What a full disk cut off stays, because the file may only grow. The line is written again.
            if _is_cut(handle):
                text = b"\n" + text
            if os.write(handle, text) != len(text):
                raise OSError(f"{self._path} took a part of the lines only")
            os.fsync(handle)
        finally:
            os.close(handle)
        _keep_name(self._path.parent)

    def read(self, newest: int, signer: Signer) -> Anchors | None:
        return read_file(self._path, signer) if self._path.exists() else None


def read_file(path: Path, signer: Signer) -> Anchors:
    """The anchors in the newest lines of a file: they vouch for what is before them. Raises OSError."""
    with path.open(encoding="utf-8", errors="replace") as lines:
        return read_lines(deque(enumerate(lines, start=1), _MOST), str(path), signer)


def _is_cut(handle: int) -> bool:
    size = os.fstat(handle).st_size
    return size > 0 and os.pread(handle, 1, size - 1) != b"\n"


def _keep_name(folder: Path) -> None:
    """A new file's name is on the disk once its folder is."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
