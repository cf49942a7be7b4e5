"""The store of files: a folder of this machine, or a bucket that speaks S3. Everything in it is sealed."""

import asyncio
import hashlib
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

import obstore
import puremagic
from obstore.store import LocalStore, ObjectStore, S3Store

from core.config import Settings, SettingsError
from core.crypto import Keyring
from core.errors import NotFound
from core.files.sealing import seal, unseal
from core.open_transactions import require_none

WRITE_SECONDS = 600.0
"""Longer than any file takes. A write that was begun before that is over, one way or the other."""
_HEAD = 4096
"""What a file is shows within so many bytes."""
UNKNOWN = "application/octet-stream"
_OPTIONS = {"region"}
FOLDER = "blobs"
"""In the home, where no bucket is named."""


class TooLarge(Exception):
    """There was more of it than is allowed."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the plain bytes' size and SHA-256, and what they are by their content."""

    size: int
    sha256: bytes
    media_type: str


class FileStore:
    """Sealed bytes by clinic and id. Written whole or not at all (the store renames, or completes an upload)."""

    def __init__(self, store: ObjectStore, keyring: Keyring, most: int) -> None:
        self._store = store
        self._keyring = keyring
        self._most = most

    async def write(self, clinic_id: UUID, file_id: UUID, data: AsyncIterable[bytes] | bytes) -> Written:
        """Keep the bytes, sealed; what is there under this id is replaced. Raises TooLarge."""
        require_none("writing a file")
        path, seen = path_of(clinic_id, file_id), _Seen(self._most)
        sealed = seal(seen.passing(_pieces(data)), self._keyring, path)
        async with asyncio.timeout(WRITE_SECONDS):
            await obstore.put_async(self._store, path, sealed)
        return seen.written

    async def read(self, clinic_id: UUID, file_id: UUID) -> AsyncIterator[bytes]:
        """The bytes as a stream. Raises NotFound, and core.crypto.CannotOpen where they were changed."""
        require_none("reading a file")
        path = path_of(clinic_id, file_id)
        try:
            found = await obstore.get_async(self._store, path)
        except FileNotFoundError:
            raise NotFound from None
        async for piece in unseal((bytes(piece) async for piece in found.stream()), self._keyring, path):
            yield piece

    async def delete(self, clinic_id: UUID, file_id: UUID) -> None:
        """Delete the bytes; nothing if there are none."""
        require_none("deleting a file")
        try:
            await obstore.delete_async(self._store, path_of(clinic_id, file_id))
        except FileNotFoundError:
            return


class _Seen:
    """Looks at the plain bytes that pass."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._hash = hashlib.sha256()
        self._size = 0
        self._head = b""

    async def passing(self, plain: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        async for piece in plain:
            self._size += len(piece)
            if self._size > self._most:
                raise TooLarge
            self._hash.update(piece)
            if len(self._head) < _HEAD:
                self._head += piece[: _HEAD - len(self._head)]
            yield piece

    @property
    def written(self) -> Written:
        return Written(self._size, self._hash.digest(), media_type_of(self._head))


def media_type_of(head: bytes) -> str:
    """What a file is, by its first bytes, whatever it is called."""
    try:
        return puremagic.from_string(head, mime=True) or UNKNOWN
    except (puremagic.PureError, ValueError):
        return UNKNOWN


async def _pieces(data: AsyncIterable[bytes] | bytes) -> AsyncIterator[bytes]:
    if isinstance(data, bytes):
        yield data
        return
    async for piece in data:
        yield piece


def path_of(clinic_id: UUID, file_id: UUID) -> str:
    return f"{clinic_id}/{file_id}"


def open_files(settings: Settings, keyring: Keyring) -> FileStore:
    """The store that the settings name. Raises SettingsError."""
    store = object_store(settings.files_url, settings.files_credentials, settings.home_path / FOLDER)
    return FileStore(store, keyring, settings.file_bytes)


def object_store(address: str, credentials: str, folder: Path) -> ObjectStore:
    """Where the sealed bytes lie: without an address in the folder, which is made for nobody else's eyes.

    Raises SettingsError.
    """
    if address:
        return _bucket(address, credentials)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return LocalStore(folder, mkdir=True)


def _bucket(address: str, credentials: str) -> S3Store:
    """``s3+https://HOST/BUCKET/PREFIX?region=REGION``, with the bucket in the path, which every server understands."""
    url = urlsplit(address)
    bucket, _, prefix = unquote(url.path).strip("/").partition("/")
    options = {name: values[-1] for name, values in parse_qs(url.query).items()}
    key_id, _, secret = credentials.partition(":")
    if "@" in address:
        raise SettingsError(
            "CARETHREAD_FILES_URL holds a secret: it belongs in CARETHREAD_FILES_CREDENTIALS."
        )
    if (
        url.scheme not in ("s3+https", "s3+http")
        or not (url.hostname and bucket)
        or options.keys() - _OPTIONS
    ):
        raise SettingsError("CARETHREAD_FILES_URL must be s3+https://HOST/BUCKET/PREFIX?region=REGION.")
    if not (key_id and secret):
        raise SettingsError(
            "CARETHREAD_FILES_CREDENTIALS must be KEY_ID:SECRET for files in an object store."
        )
    return S3Store(
        bucket,
        prefix=prefix or None,
        endpoint=f"{url.scheme.removeprefix('s3+')}://{url.netloc}",
        region=options.get("region", "us-east-1"),
        access_key_id=key_id,
        secret_access_key=secret,
        virtual_hosted_style_request=False,
        client_options={"allow_http": url.scheme == "s3+http", "connect_timeout": "3s", "timeout": "30s"},
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=30)},
    )
