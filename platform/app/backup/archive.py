"""What lies in a backup: a tar of the dump in pieces, the files, and at its end the manifest.

The dump comes in pieces because its size is known only at its end, and a tar names sizes first. Nothing of it is ever
on a disk in the clear.
"""

import hashlib
import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import msgspec

from app.backup.sealing import Opener, Sealer
from app.process.progress import SetupError
from core.crypto import Keyring

MANIFEST = "manifest.json"
DATABASE = "database"
ANCHORS = "audit-anchors"
FILES = "files/"
PIECE = 4 << 20


class Member(msgspec.Struct):
    """Bytes and SHA-256 of a member."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, kw_only=True):
    """What the backup claims to hold. ``rows`` counts each table, ``audit_head`` is 'batch:chain' ('' without seals).

    ``sealed_with`` are the ids of the keys with which something in it is sealed, and ``keys`` those that were at hand.
    """

    at: str
    version: str
    revision: str
    postgres: str
    rows: dict[str, int]
    members: dict[str, Member]
    audit_head: str
    keys: list[str]
    sealed_with: list[str]


class Packer:
    """Writes the members one after the other, and keeps what the manifest says of them."""

    def __init__(self, sealer: Sealer) -> None:
        self.members: dict[str, Member] = {}
        self._sealer = sealer
        self._tar = tarfile.open(mode="w|", fileobj=cast("IO[bytes]", sealer), bufsize=1 << 20)
        self._hash = hashlib.sha256()
        self._pieces = self._size = 0

    def piece(self, data: bytes) -> int:
        """The next piece of the dump; how much there is of it so far."""
        self._pieces += 1
        self._put(f"{DATABASE}/{self._pieces:08}", data)
        self._hash.update(data)
        self._size += len(data)
        return self._size

    def file(self, name: str, data: bytes) -> None:
        self._put(name, data)
        self.members[name] = Member(len(data), hashlib.sha256(data).hexdigest())

    def finish(self, manifest: Manifest) -> None:
        self.members[DATABASE] = Member(self._size, self._hash.hexdigest())
        manifest.members = self.members
        self._put(MANIFEST, msgspec.json.encode(manifest))
        self._tar.close()
        self._sealer.close()

    def _put(self, name: str, data: bytes) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = len(data), 0o600
        self._tar.addfile(entry, io.BytesIO(data))


@dataclass(frozen=True)
class Entry:
    """One thing in the tar, in the clear: `name` as in the manifest, DATABASE for each piece of the dump."""

    name: str
    data: bytes


def entries(file: Path, keyring: Keyring) -> Iterator[Entry]:
    """What lies in a backup, in its order, each chunk authenticated before it is given. Raises SetupError."""
    opener = Opener(file, keyring)
    try:
        with tarfile.open(mode="r|", fileobj=cast("IO[bytes]", opener), bufsize=1 << 20) as tar:
            for entry in tar:
                content = tar.extractfile(entry)
                name = DATABASE if entry.name.startswith(f"{DATABASE}/") else entry.name
                yield Entry(name, content.read() if content else b"")
        while opener.read(1 << 20):
            pass  # to the end: that it is there is what shows that nothing is cut off
    except tarfile.TarError as error:
        raise SetupError(f"{file} cannot be read: {error}.") from error
    finally:
        opener.close()


class Checker:
    """Looks at every entry and holds them against the manifest at their end."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._found: dict[str, tuple[int, str]] = {}
        self._dump = hashlib.sha256()
        self.dumped = 0
        self._manifest: Manifest | None = None

    def see(self, entry: Entry) -> None:
        if entry.name == DATABASE:
            self._dump.update(entry.data)
            self.dumped += len(entry.data)
        elif entry.name == MANIFEST:
            self._manifest = msgspec.json.decode(entry.data, type=Manifest)
        else:
            self._found[entry.name] = len(entry.data), hashlib.sha256(entry.data).hexdigest()

    def manifest(self) -> Manifest:
        """The manifest, once everything was seen. Raises SetupError where something differs from it."""
        if self._manifest is None:
            raise SetupError(f"{self._file} is not whole: it has no manifest.")
        found = {**self._found, DATABASE: (self.dumped, self._dump.hexdigest())}
        claimed = {name: (each.size, each.sha256) for name, each in self._manifest.members.items()}
        for name in sorted(found.keys() | claimed.keys()):
            if found.get(name) != claimed.get(name):
                raise SetupError(f"{self._file} is not whole: {name} is not what the manifest says.")
        return self._manifest
