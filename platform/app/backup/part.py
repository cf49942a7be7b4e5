"""The file that is being written: private, under another name until it is whole, and gone if it does not become so."""

import fcntl
import os
import re
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from app.process.progress import SetupError

SUFFIX = ".backup"
PART = ".part"
_PART_OF = re.compile(r"(.+)\.[0-9a-f]{16}" + re.escape(PART))
_OURS = re.compile(r"carethread-[0-9]{8}T[0-9]{6}Z" + re.escape(SUFFIX))


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
    """A file beside `file`, gone at the end unless it was finished. What killed backups left goes too.

    Its name holds 64 random bits, so nothing of another program has it. Raises SetupError, also while another backup
    is being written to `file`.
    """
    try:
        path, handle = _begun(file)
    except OSError as error:
        raise SetupError(f"The backup cannot be written to {file.parent}: {error.strerror}.") from error
    try:
        out = os.fdopen(handle, "wb")
        yield Part(path, file, out)
    finally:
        path.unlink(missing_ok=True)
        with suppress(OSError):  # what a full disk did not take is told already
            out.close()


def _begun(file: Path) -> tuple[Path, int]:
    """A new part, locked. The folder is locked meanwhile: a part that is not locked yet is taken for no left one."""
    folder = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        for path in file.parent.iterdir():
            name = _PART_OF.fullmatch(path.name)
            if name is None or not (name[1] == file.name or _OURS.fullmatch(name[1])):
                continue
            if not _remove_left(path) and name[1] == file.name:
                raise SetupError(f"Another backup is being written to {file}: wait for its end.")
        path = file.with_name(f"{file.name}.{secrets.token_hex(8)}{PART}")
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
        return path, handle
    finally:
        os.close(folder)


def _remove_left(path: Path) -> bool:
    """Whether it is gone. Whoever writes a part holds its lock; one that nobody holds was left by a killed backup."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return True  # somebody else's, or gone: not in our way
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return True
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.unlink()
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True
