"""Files of patients (PDFs, later attachments), encrypted before they leave the process.

The store behind is obstore's: a folder here, S3 or another by changing one line in ``open_blobs``.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import obstore
from obstore.store import LocalStore, ObjectStore

from core.crypto import Keyring
from core.errors import NotFound
from core.ids import new_id
from core.open_transactions import require_none


class Blobs:
    """Encrypted bytes by clinic and id. Written whole or not at all (the store renames into place)."""

    def __init__(self, store: ObjectStore, keyring: Keyring) -> None:
        self._store = store
        self._keyring = keyring

    async def put(self, clinic_id: UUID, data: bytes) -> UUID:
        """Keep the bytes; their id."""
        require_none("writing a file")
        blob_id = new_id()
        path = _path(clinic_id, blob_id)
        await obstore.put_async(self._store, path, self._keyring.seal(data, path))
        return blob_id

    async def stream(self, clinic_id: UUID, blob_id: UUID) -> AsyncIterator[bytes]:
        """The bytes in pieces. Raises what ``get`` does."""
        yield await self.get(clinic_id, blob_id)

    async def get(self, clinic_id: UUID, blob_id: UUID) -> bytes:
        """The bytes. Raises NotFound, and core.crypto.CannotOpen if they were tampered with."""
        require_none("reading a file")
        path = _path(clinic_id, blob_id)
        try:
            result = await obstore.get_async(self._store, path)
            sealed = bytes(await result.bytes_async())
        except FileNotFoundError:
            raise NotFound from None
        return self._keyring.open(sealed, path)


def _path(clinic_id: UUID, blob_id: UUID) -> str:
    return f"{clinic_id}/{blob_id}"


def open_blobs(folder: Path, keyring: Keyring) -> Blobs:
    """The store in a folder of this machine, made if missing, for nobody else's eyes."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Blobs(LocalStore(folder, mkdir=True), keyring)
