"""Signed documents: their fingerprint, and what a signature over one covers. What is stored was made so: it stays."""

import hashlib
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from core import json
from core.crypto import Signer


def canonical(document: msgspec.Struct) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces: the same document always gives the same bytes."""
    return json.document(document)


def sha256(document: bytes) -> str:
    """Lower-case hexadecimal SHA-256."""
    return hashlib.sha256(document).hexdigest()


def statement(
    of: Literal["note", "prescription"], entity_id: UUID, digest: str, at: datetime, by: UUID | None
) -> bytes:
    """What the signature covers, as canonical JSON: which document, who signed, and when."""
    return json.canonical(
        {f"{of}_id": str(entity_id), "sha256": digest, "signed_at": at.isoformat(), "signed_by": str(by)}
    )


def holds(signer: Signer, document: bytes, digest: str | None, signature: bytes, covered: bytes) -> bool:
    """Whether a stored document, fingerprint and signature belong together."""
    return sha256(document) == digest and signer.verify(signature, covered)
