"""The store of files, in a folder and in a bucket: streams, replaces, deletes, and never shows half a file."""

import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import obstore
import pytest
from obstore.store import LocalStore, ObjectStore

from core.config import SettingsError
from core.crypto import Keyring
from core.errors import NotFound
from core.files.store import UNKNOWN, FileStore, TooLarge, object_store
from tests.core.files.stores import CREDENTIALS, s3_server

CLINIC = uuid4()
MAX_BYTES = 8_000_000
RING = Keyring(bytes(32))


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture(params=["folder", "bucket"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    if request.param == "folder":
        return object_store("", "", tmp_path / "blobs")
    return object_store(request.getfixturevalue("bucket"), CREDENTIALS, tmp_path)


@pytest.fixture
def store(objects: ObjectStore) -> FileStore:
    return FileStore(objects, RING, MAX_BYTES)


async def content(store: FileStore, file_id: object) -> bytes:
    return b"".join([piece async for piece in store.read(CLINIC, file_id)])  # type: ignore[arg-type]  # a UUID


async def names(objects: ObjectStore) -> list[str]:
    return [each["path"] async for batch in obstore.list(objects, str(CLINIC)) for each in batch]


async def flowing(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 300_000):
        yield data[start : start + 300_000]


async def test_a_file_streams_in_and_out_and_is_sealed_meanwhile(
    store: FileStore, objects: ObjectStore
) -> None:
    """Larger than one part of an upload to a bucket."""
    plain = b"%PDF-1.7 the patient's name" + os.urandom(6_000_000)
    file_id = uuid4()
    written = await store.write(CLINIC, file_id, flowing(plain))
    assert (written.size, written.sha256) == (len(plain), hashlib.sha256(plain).digest())
    assert written.media_type == "application/pdf"
    pieces = [len(piece) async for piece in store.read(CLINIC, file_id)]
    assert len(pieces) > 50 and max(pieces) < 100_000, "nobody holds all of it"
    assert await content(store, file_id) == plain
    found = await obstore.get_async(objects, f"{CLINIC}/{file_id}")
    assert b"the patient's name" not in bytes(await found.bytes_async())


async def test_a_file_is_replaced_whole_and_deleted_as_often_as_one_likes(store: FileStore) -> None:
    file_id = uuid4()
    await store.write(CLINIC, file_id, b"first")
    await store.write(CLINIC, file_id, b"second")
    assert await content(store, file_id) == b"second"
    for _ in range(2):
        await store.delete(CLINIC, file_id)
        with pytest.raises(NotFound):
            await content(store, file_id)


async def test_a_source_that_breaks_off_leaves_what_was_there(store: FileStore, objects: ObjectStore) -> None:
    file_id = uuid4()
    await store.write(CLINIC, file_id, b"first")

    async def broken() -> AsyncIterator[bytes]:
        yield os.urandom(6_000_000)
        raise KeyError

    for whose in (file_id, uuid4()):
        with pytest.raises(KeyError):
            await store.write(CLINIC, whose, broken())
    assert await content(store, file_id) == b"first"
    assert f"{CLINIC}/{file_id}" in await names(objects)
    assert len([name for name in await names(objects) if "#" in name]) == 0


async def test_more_than_is_allowed_is_not_kept(store: FileStore, objects: ObjectStore) -> None:
    before = await names(objects)
    with pytest.raises(TooLarge):
        await store.write(CLINIC, uuid4(), flowing(bytes(MAX_BYTES + 1)))
    assert await names(objects) == before


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), "image/png"),
        (b"<html><script>alert(1)</script></html>", "text/html"),
        (b"no known kind of file", UNKNOWN),
        (b"", UNKNOWN),
    ],
)
async def test_what_a_file_is_shows_in_its_content(tmp_path: Path, head: bytes, media_type: str) -> None:
    store = FileStore(LocalStore(tmp_path), RING, MAX_BYTES)
    assert (await store.write(CLINIC, uuid4(), head)).media_type == media_type


@pytest.mark.parametrize(
    ("address", "credentials", "said"),
    [
        ("ftp://host/bucket", CREDENTIALS, "must be s3"),
        ("s3+https://host", CREDENTIALS, "must be s3"),
        ("s3+https://host/bucket?days=1", CREDENTIALS, "must be s3"),
        ("s3+https://key:secret@host/bucket", CREDENTIALS, "holds a secret"),
        ("s3+https://host/bucket", "", "KEY_ID:SECRET"),
    ],
)
def test_what_cannot_be_used_is_said_at_the_start(
    tmp_path: Path, address: str, credentials: str, said: str
) -> None:
    with pytest.raises(SettingsError, match=said) as refused:
        object_store(address, credentials, tmp_path)
    assert "secret@" not in str(refused.value)
