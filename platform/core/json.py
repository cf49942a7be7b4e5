"""JSON as we write it: msgspec, with keys in order where bytes are hashed."""

from typing import Any

import msgspec

_encoder = msgspec.json.Encoder()
_canonical = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder()


def encode(value: object) -> bytes:
    return _encoder.encode(value)


def encode_text(value: object) -> str:
    return _encoder.encode(value).decode()


def canonical(value: object) -> bytes:
    """The same bytes for equal values: for hashes and signatures."""
    return _canonical.encode(value)


def decode(data: bytes | str) -> Any:
    return _decoder.decode(data)
