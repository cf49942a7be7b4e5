"""An authenticator made of software: what a phone or a security key answers, byte for byte (W3C WebAuthn)."""

import hashlib
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

_PRESENT, _VERIFIED, _ATTESTED = 0x01, 0x04, 0x40


@dataclass
class SoftAuthenticator:
    """One passkey on one device. `verifies` says whether it asks for a fingerprint or PIN."""

    origin: str
    verifies: bool = True
    count: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: dict[str, Any], *, key: Any = None, **attestation: Any) -> dict[str, Any]:
        """The answer to `navigator.credentials.create`; with another `key` or `attestation` as no device gives it."""
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        given = cbor2.dumps(cose if key is None else key)
        attested = b"".join(
            (bytes(16), len(self.credential_id).to_bytes(2, "big"), self.credential_id, given)
        )
        data = self._authenticator_data(options["rp"]["id"], _ATTESTED) + attested
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data} | attestation)
        client_data = self._client_data("webauthn.create", options["challenge"])
        return self._credential(
            clientDataJSON=_text(client_data), attestationObject=_text(made), transports=["internal"]
        )

    def get(self, options: dict[str, Any], *, origin: str | None = None) -> dict[str, Any]:
        """The answer to `navigator.credentials.get`; with another `origin` as a phishing site would get it."""
        self.count += 1
        data = self._authenticator_data(options["rpId"], 0)
        client_data = self._client_data("webauthn.get", options["challenge"], origin)
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return self._credential(
            clientDataJSON=_text(client_data), authenticatorData=_text(data), signature=_text(signature)
        )

    def _authenticator_data(self, rp_id: str, flags: int) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.verifies else 0)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: str, origin: str | None = None) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin or self.origin}).encode()

    def _credential(self, **response: object) -> dict[str, Any]:
        name = _text(self.credential_id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response}


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
