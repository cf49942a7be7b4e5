"""JSON as we read and write it: msgspec, with keys in order where bytes are hashed.

A number with a point or an exponent is a `Decimal`, never a float, so that `1.10` and `12345678901234567.89` keep their
digits on their way through.
"""

import sys
from decimal import Decimal
from typing import Any

import msgspec

_encoder = msgspec.json.Encoder(decimal_format="number")
_canonical = msgspec.json.Encoder(decimal_format="number", order="deterministic")
_sorted = msgspec.json.Encoder(decimal_format="number", order="sorted")
_decoder = msgspec.json.Decoder(float_hook=Decimal)


def _of_size(digits: str) -> Decimal:
    number = Decimal(digits)
    if number.adjusted() >= sys.float_info.max_10_exp:
        raise OverflowError("a number is out of range")
    return number


_body_decoder = msgspec.json.Decoder(float_hook=_of_size)


def encode(value: object) -> bytes:
    return _encoder.encode(value)


def encode_text(value: object) -> str:
    return _encoder.encode(value).decode()


def canonical(value: object) -> bytes:
    """The same bytes for equal values: for hashes and signatures."""
    return _canonical.encode(value)


def document(value: msgspec.Struct) -> bytes:
    """The bytes of a document that is signed: as `canonical`, with the fields of structs in order too."""
    return _sorted.encode(value)


def decode(data: bytes | str) -> Any:
    return _decoder.decode(data)


def decode_body(data: bytes | str) -> Any:
    """What a client sends. Raises msgspec.DecodeError, also for a number that is larger than every float."""
    try:
        return _body_decoder.decode(data)
    except OverflowError as error:
        raise msgspec.DecodeError(str(error)) from error


def plain(value: object) -> Any:
    """Structs as dicts, lists and plain values, as a JSON column takes them; a `Decimal` stays one."""
    return msgspec.to_builtins(value, builtin_types=(Decimal,))
