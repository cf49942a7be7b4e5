"""Stamps: a step is skipped while the hash of its inputs is the one that lies beside its result."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


class Stamp:
    """Says whether the inputs of a step are what they were when it last succeeded.

    An input is a file, a folder (the names and contents of all in it), or any value with a stable repr.
    """

    def __init__(self, file: Path, *inputs: object) -> None:
        self._file = file
        self._hash = digest(inputs)

    def is_current(self) -> bool:
        return self._file.exists() and self._file.read_text() == self._hash

    def write(self) -> None:
        self._file.write_text(self._hash)


def digest(inputs: Iterable[object]) -> str:
    total = hashlib.sha256()
    for value in inputs:
        if isinstance(value, Path):
            for file in _files(value):
                total.update(f"{file.relative_to(value.parent)}\0".encode())
                total.update(hashlib.sha256(file.read_bytes()).digest())
        else:
            total.update(f"{value!r}\0".encode())
    return total.hexdigest()


def _files(path: Path) -> list[Path]:
    return sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
