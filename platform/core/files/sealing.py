"""The sealed form of a file: chunks of AES-256-GCM, so that it is written and read as a stream.

    version (1 byte), id of the secret key (4), salt (32), chunk, chunk, ..., last chunk

Each file has a key of its own, made from the secret key, the salt and the place where the file belongs. A chunk's nonce
is its number and whether it is the last, so chunks cannot be swapped, left out, cut off or added (the STREAM
construction: Hoang, Reyhanitabar, Rogaway, Vizár, 2015). Version 1, which earlier releases wrote, is one sealed piece.
"""

import os
from collections.abc import AsyncIterable, AsyncIterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.crypto import CannotOpen, Keyring

VERSION = b"\x02"
EARLIER = b"\x01"
CHUNK = 1 << 16
_TAG = 16
_KEY_ID = 4
_SALT = 32
_HEAD = 1 + _KEY_ID + _SALT


async def seal(plain: AsyncIterable[bytes], keyring: Keyring, context: str) -> AsyncIterator[bytes]:
    """The sealed bytes of a stream; ``context`` ties them to where they belong."""
    salt = os.urandom(_SALT)
    key_id, key = keyring.file_key(salt, context)
    yield VERSION + key_id + salt
    aead, number, held = AESGCM(key), 0, bytearray()
    async for piece in plain:
        held += piece
        # One byte more than a chunk shows that it is not the last.
        while len(held) > CHUNK:
            yield aead.encrypt(_nonce(number, last=False), bytes(held[:CHUNK]), None)
            del held[:CHUNK]
            number += 1
    yield aead.encrypt(_nonce(number, last=True), bytes(held), None)


async def unseal(sealed: AsyncIterable[bytes], keyring: Keyring, context: str) -> AsyncIterator[bytes]:
    """The plain bytes of a stream, each chunk proven before it is given. Raises CannotOpen.

    That the end is missing shows at the end only: whoever reads must not take what came for the whole before that.
    """
    source = _Source(sealed)
    head = await source.take(1)
    if head == EARLIER:
        yield keyring.open(head + await source.rest(), context)
        return
    head += await source.take(_HEAD - 1)
    if head[:1] != VERSION or len(head) < _HEAD:
        raise CannotOpen
    aead = AESGCM(keyring.file_key_of(head[1 : 1 + _KEY_ID], head[1 + _KEY_ID :], context))
    number, last = 0, False
    while not last:
        chunk = await source.take(CHUNK + _TAG)
        last = await source.ended()
        try:
            plain = aead.decrypt(_nonce(number, last=last), chunk, None)
        except InvalidTag:
            raise CannotOpen from None
        number += 1
        if plain:
            yield plain


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class _Source:
    """A stream to take so many bytes of."""

    def __init__(self, pieces: AsyncIterable[bytes]) -> None:
        self._pieces = aiter(pieces)
        self._held = bytearray()

    async def take(self, size: int) -> bytes:
        """So many bytes, fewer at the end."""
        while len(self._held) < size and await self._more():
            pass
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken

    async def rest(self) -> bytes:
        while await self._more():
            pass
        return bytes(self._held)

    async def ended(self) -> bool:
        while not self._held:
            if not await self._more():
                return True
        return False

    async def _more(self) -> bool:
        piece = await anext(self._pieces, None)
        if piece is None:
            return False
        self._held += piece
        return True
