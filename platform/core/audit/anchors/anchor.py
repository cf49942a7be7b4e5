"""An anchor: what somebody outside was told about one seal. One line of text, the same for every target."""

import re
from collections.abc import Iterable
from datetime import datetime

import msgspec

from core import json
from core.crypto import Signer

_HEAD = re.compile(r"([0-9]{1,18}):([0-9a-fA-F]{64})")


class Anchor(msgspec.Struct, frozen=True):
    """The chain's value after a batch. ``source`` says in words where the anchor was found."""

    batch: int
    chain: bytes
    source: str = ""

    @property
    def head(self) -> str:
        """``batch:chain``, the chain in hexadecimal."""
        return f"{self.batch}:{self.chain.hex()}"


class Head(msgspec.Struct, frozen=True):
    """A seal, as much of it as is anchored. The signature is the seal's own (Ed25519, over the chain's value)."""

    batch: int
    chain: bytes
    sealed_at: datetime
    signature: bytes

    def line(self, now: datetime) -> str:
        """One JSON object without a line break. The chain is one for all clinics, so it names none."""
        told = {
            "time": now,
            "batch": self.batch,
            "chain": self.chain.hex(),
            "sealed_at": self.sealed_at,
            "signature": self.signature.hex(),
        }
        return json.encode_text(told)


class _Line(msgspec.Struct):
    batch: int
    chain: str = ""
    signature: str = ""
    code: str = ""
    """The chain's value in the log line `audit_sealed` of the worker."""


class Anchors(msgspec.Struct):
    """What a source held: the anchors, lines that somebody changed, and lines that cannot be read."""

    found: list[Anchor] = []
    forged: list[str] = []
    unread: list[str] = []


def parse_head(text: str, source: str = "") -> Anchor | None:
    """An anchor from ``batch:chain``; None if the text is none."""
    match = _HEAD.fullmatch(text.strip())
    return Anchor(int(match[1]), bytes.fromhex(match[2]), source) if match else None


def read_lines(lines: Iterable[tuple[int, str]], name: str, signer: Signer) -> Anchors:
    """The anchors in numbered lines of text.

    A line is our JSON, alone or behind a syslog header, a log line `audit_sealed`, or ``batch:chain``. A signature that
    it carries is checked: without the audit key nobody changes a line unnoticed.
    """
    anchors = Anchors()
    for number, text in lines:
        source = f"line {number} of {name}"
        if not text.strip():
            continue
        anchor, signature = _read(text, source)
        if anchor is None:
            anchors.unread.append(source)
        elif signature is not None and not signer.verify(signature, anchor.chain):
            anchors.forged.append(source)
        else:
            anchors.found.append(anchor)
    return anchors


def _read(text: str, source: str) -> tuple[Anchor | None, bytes | None]:
    brace = text.find("{")
    if brace < 0:
        return parse_head(text, source), None
    try:
        line = msgspec.json.decode(text[brace:].strip(), type=_Line)
        signature = bytes.fromhex(line.signature) if line.signature else None
    except (msgspec.DecodeError, ValueError):
        return None, None
    return parse_head(f"{line.batch}:{line.chain or line.code}", source), signature
