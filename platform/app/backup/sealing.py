"""The file around a backup: a header that anybody may read, and chunks that only the clinic's key opens.

    magic, length of the header (4 bytes, big-endian), header (JSON), chunk, chunk, ..., last chunk

Each chunk is AES-256-GCM under a key of this file's own, which the header holds sealed to the secret key. The nonce is
the chunk's number and whether it is the last, so that none can be swapped, left out or cut off; the header is
authenticated with every chunk (the STREAM construction: Hoang, Reyhanitabar, Rogaway, Vizár, 2015).
"""

import base64
import hashlib
import os
from pathlib import Path
from typing import Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.process.progress import SetupError
from core.crypto import CannotOpen, Keyring

MAGIC = b"carethread backup\n"
FORMAT = 1
CHUNK = 1 << 20
_TAG = 16
_LONGEST_HEADER = 1 << 16


class Header(msgspec.Struct, kw_only=True):
    """What can be read without a key; it names nobody. ``key`` and ``audit_key`` are ids of keys, not keys."""

    format: int = FORMAT
    id: str
    at: str
    version: str
    revision: str
    postgres: int
    """The major version of the server that was dumped."""
    key: str
    audit_key: str
    sealed_key: str
    """The key of this file, sealed to the secret key, as base64."""


def new_file_key(keyring: Keyring, backup_id: str) -> tuple[bytes, str]:
    """A key for one file: itself, and sealed."""
    key = os.urandom(32)
    return key, base64.b64encode(keyring.seal(key, _context(backup_id))).decode()


class Writable(Protocol):
    def write(self, data: bytes) -> int: ...


class Sealer:
    """A file to write a backup's content to. ``close`` makes it whole: what was not closed does not open."""

    def __init__(self, out: Writable, header: Header, key: bytes) -> None:
        head = _head(header)
        out.write(head)
        self._out = out
        self._aead = AESGCM(key)
        self._head = hashlib.sha256(head).digest()
        self._held = bytearray()
        self._number = 0

    def write(self, data: bytes) -> int:
        self._held += data
        # One byte more than a chunk shows that it is not the last.
        while len(self._held) > CHUNK:
            self._put(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]
        return len(data)

    def close(self) -> None:
        self._put(bytes(self._held), last=True)

    def _put(self, plain: bytes, *, last: bool) -> None:
        self._out.write(self._aead.encrypt(_nonce(self._number, last), plain, self._head))
        self._number += 1


class Opener:
    """Reads back what a Sealer wrote. Raises SetupError, naming the file, for whatever is not as it was written."""

    def __init__(self, file: Path, keyring: Keyring) -> None:
        self.header, head = read_header(file)
        self._file = file
        self._source = file.open("rb")
        self._source.seek(len(head))
        self._head = hashlib.sha256(head).digest()
        self._aead = AESGCM(_file_key(file, self.header, keyring))
        self._number = 0
        self._next = self._source.read(CHUNK + _TAG)
        self._plain = memoryview(b"")
        self._ended = False

    def read(self, size: int) -> bytes:
        while not self._plain and not self._ended:
            self._plain = memoryview(self._open_next())
        taken, self._plain = self._plain[:size], self._plain[size:]
        return bytes(taken)

    def close(self) -> None:
        self._source.close()

    def _open_next(self) -> bytes:
        sealed, self._next = self._next, self._source.read(CHUNK + _TAG)
        self._ended = not self._next
        try:
            plain = self._aead.decrypt(_nonce(self._number, self._ended), sealed, self._head)
        except InvalidTag:
            raise SetupError(self._why(sealed)) from None
        self._number += 1
        return plain

    def _why(self, sealed: bytes) -> str:
        if self._ended and (len(sealed) < _TAG or self._opens_as_inner(sealed)):
            return f"{self._file} is cut off: its end is missing."
        place = self._number * (CHUNK + _TAG)
        return (
            f"{self._file} is damaged or was changed: what follows byte {place} of its content does not hold."
        )

    def _opens_as_inner(self, sealed: bytes) -> bool:
        try:
            self._aead.decrypt(_nonce(self._number, False), sealed, self._head)
        except InvalidTag:
            return False
        return True


def read_header(file: Path) -> tuple[Header, bytes]:
    """The header and its bytes. Raises SetupError when this is no backup, or a newer kind of one."""
    try:
        with file.open("rb") as source:
            begin = source.read(len(MAGIC) + 4)
            length = int.from_bytes(begin[len(MAGIC) :], "big")
            if begin[: len(MAGIC)] != MAGIC or not 0 < length <= _LONGEST_HEADER:
                raise SetupError(f"{file} is no backup of Carethread.")
            body = source.read(length)
    except OSError as error:
        raise SetupError(f"{file} cannot be read: {error.strerror}.") from error
    try:
        header = msgspec.json.decode(body, type=Header)
    except msgspec.MsgspecError:
        raise SetupError(f"{file} is damaged: its beginning cannot be read.") from None
    if header.format > FORMAT:
        raise SetupError(
            f"{file} was made by a newer Carethread ({header.version}): restore it with that one."
        )
    return header, begin + body


def is_backup(file: Path) -> bool:
    """Whether a file begins as a backup does."""
    with file.open("rb") as source:
        return source.read(len(MAGIC)) == MAGIC


def _file_key(file: Path, header: Header, keyring: Keyring) -> bytes:
    if header.key not in keyring.ids:
        raise SetupError(
            f"{file} was sealed to the secret key {header.key}, which is not here (here: {', '.join(keyring.ids)}). "
            "Give the clinic's keys with --keys, or set CARETHREAD_SECRET_KEY and CARETHREAD_PREVIOUS_SECRET_KEYS."
        )
    try:
        return keyring.open(base64.b64decode(header.sealed_key), _context(header.id))
    except (CannotOpen, ValueError):
        raise SetupError(f"{file} is damaged or was changed: its own key does not open.") from None


def _head(header: Header) -> bytes:
    body = msgspec.json.encode(header)
    return MAGIC + len(body).to_bytes(4, "big") + body


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _context(backup_id: str) -> str:
    return f"backup:{backup_id}"
