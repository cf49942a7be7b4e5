"""Sealing (AES-256-GCM) and signing (Ed25519), with keys that can be rotated."""

import os

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.config import NotGiven

_VERSION = b"\x01"
_NONCE = 12
_KEY_ID = 4


class CannotOpen(Exception):
    """The bytes were not sealed by us, or for another context, or the key is gone."""


def derive(secret: bytes, purpose: str) -> bytes:
    """A 32-byte key of its own for one purpose (HKDF-SHA256), so that one secret need not serve two uses."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)


class Keyring:
    """Seals with the first key and opens with any: put the new key first to rotate."""

    def __init__(self, secret: bytes, *previous: bytes) -> None:
        self._keys = {
            derive(key, "carethread/key-id")[:_KEY_ID]: AESGCM(derive(key, "carethread/seal"))
            for key in (secret, *previous)
        }
        self._current = next(iter(self._keys))
        self._file_keys = {
            derive(key, "carethread/key-id")[:_KEY_ID]: derive(key, "carethread/files")
            for key in (secret, *previous)
        }
        self._signer = Signer(*(derive(key, "carethread/sign") for key in (secret, *previous)))

    @property
    def ids(self) -> list[str]:
        """What tells the keys apart, for people and for what is sealed; the current one first."""
        return [key_id.hex() for key_id in self._keys]

    @property
    def signer(self) -> "Signer":
        """Signs notes and prescriptions."""
        return self._signer

    def file_key(self, salt: bytes, context: str) -> tuple[bytes, bytes]:
        """The id of the current key, and a key for one file alone."""
        return self._current, self.file_key_of(self._current, salt, context)

    def file_key_of(self, key_id: bytes, salt: bytes, context: str) -> bytes:
        """The key of a file that was sealed with the key of this id. Raises CannotOpen."""
        secret = self._file_keys.get(key_id)
        if secret is None:
            raise CannotOpen
        return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=context.encode()).derive(secret)

    def seal(self, plaintext: bytes, context: str) -> bytes:
        """Encrypted and authenticated bytes; ``context`` ties them to where they belong ('account:<id>:totp')."""
        nonce = os.urandom(_NONCE)
        sealed = self._keys[self._current].encrypt(nonce, plaintext, context.encode())
        return _VERSION + self._current + nonce + sealed

    def open(self, sealed: bytes, context: str) -> bytes:
        """What was sealed. Raises CannotOpen."""
        head = 1 + _KEY_ID
        key = self._keys.get(sealed[1:head])
        if sealed[:1] != _VERSION or key is None:
            raise CannotOpen
        try:
            return key.decrypt(sealed[head : head + _NONCE], sealed[head + _NONCE :], context.encode())
        except InvalidTag:
            raise CannotOpen from None


class Signer:
    """Ed25519 signatures from a 32-byte seed; those of previous seeds are still known as ours."""

    def __init__(self, seed: bytes, *previous: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._known = [Ed25519PrivateKey.from_private_bytes(each).public_key() for each in (seed, *previous)]

    def sign(self, data: bytes) -> bytes:
        return self._key.sign(data)

    def verify(self, signature: bytes, data: bytes) -> bool:
        return any(_signed_by(key, signature, data) for key in self._known)


class NoSigner(Signer):
    """In the place of a key that this process is not given. Using it raises SettingsError."""

    def __init__(self, name: str) -> None:
        self._name = name

    def sign(self, data: bytes) -> bytes:
        raise NotGiven(self._name)

    def verify(self, signature: bytes, data: bytes) -> bool:
        raise NotGiven(self._name)


def _signed_by(key: Ed25519PublicKey, signature: bytes, data: bytes) -> bool:
    try:
        key.verify(signature, data)
    except InvalidSignature:
        return False
    return True
