"""The file that is being written: private, under another name until it is whole, and gone if it does not become so."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from app.progress import SetupError

SUFFIX = ".backup"
PART = ".part"


class Part:
    """What can be written to it raises SetupError where the disk does not take it."""

    def __init__(self, path: Path, file: Path, out: BinaryIO) -> None:
        self.path = path
        self._file = file
        self._out = out

    def write(self, data: bytes) -> int:
        if self._out.closed:
            return len(data)  # an archive that is thrown away writes its end all the same
        with self._told():
            return self._out.write(data)

    def sync(self) -> None:
        """On the disk, not only on its way there."""
        with self._told():
            self._out.flush()
            os.fsync(self._out.fileno())

    def finish(self) -> None:
        """Give it its name, for good."""
        with self._told():
            self.sync()
            self.path.replace(self._file)
            handle = os.open(self._file.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise SetupError(
                f"The backup cannot be written to {self._file.parent}: {error.strerror}. Nothing of it was kept."
            ) from error


@contextmanager
def part_of(file: Path) -> Iterator[Part]:
    """A file beside `file`, gone at the end unless it was finished. What killed backups left goes too."""
    path = file.with_name(f"{file.name}{PART}")
    for left in {path, *file.parent.glob(f"carethread-*{SUFFIX}{PART}")}:
        _remove_left(left)
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        raise SetupError(f"Another backup is being written to {path}: wait for its end.") from None
    except OSError as error:
        raise SetupError(f"The backup cannot be written to {file.parent}: {error.strerror}.") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        out = os.fdopen(handle, "wb")
        yield Part(path, file, out)
    finally:
        path.unlink(missing_ok=True)
        with suppress(OSError):  # what a full disk did not take is told already
            out.close()


def _remove_left(path: Path) -> None:
    """Whoever writes a part holds its lock; one that nobody holds was left by a backup that was killed."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
        finally:
            os.close(handle)
