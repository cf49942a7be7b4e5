"""Checks all that was signed: notes, addenda and prescriptions against their fingerprints, signatures and the audit."""

from typing import Any

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from chart import signatures
from core import json
from core.crypto import Signer

# The plain columns of a prescription are held to its document by a trigger; those of a note are one, `content`.
_SIGNED = text("""
    SELECT 'note' AS kind, 'note' AS of, id, id AS covers, document, sha256, signature, signed_at, signed_by, content
      FROM note WHERE status = 'signed'
    UNION ALL
    SELECT 'addendum', 'note', id, note_id, convert_to(text, 'UTF8'), sha256, signature, signed_at, author_id, NULL
      FROM note_addendum
    UNION ALL
    SELECT 'prescription', 'prescription', id, id, document, sha256, signature, signed_at, prescriber_id, NULL
      FROM prescription WHERE signed_at IS NOT NULL
""")
_GONE = text("""
    SELECT e.entity_type AS kind, e.entity_id AS id FROM audit_event e
      LEFT JOIN note n ON n.id = e.entity_id AND n.status = 'signed'
      LEFT JOIN prescription p ON p.id = e.entity_id AND p.signed_at IS NOT NULL
     WHERE e.action IN ('note.sign', 'prescription.signed')
       AND coalesce(n.sha256, p.sha256, '') <> e.detail->>'sha256'
    UNION
    SELECT 'note', e.entity_id FROM audit_event e WHERE e.action = 'note.addend' GROUP BY e.entity_id
    HAVING count(*) > (SELECT count(*) FROM note_addendum a WHERE a.note_id = e.entity_id)
""")


class SignatureReport(msgspec.Struct):
    """How many signed documents were read, and what is wrong with which: ``note <id> was changed``."""

    signed: int = 0
    problems: list[str] = []


async def verify(connection: AsyncConnection, signer: Signer) -> SignatureReport:
    """Read every signed document of every clinic, and what the audit knows of signings. Names all that fail."""
    report = SignatureReport()
    changed = set()
    async for row in await connection.stream(_SIGNED):
        report.signed += 1
        if not _holds(row, signer):
            changed.add((row.kind, row.id))
            report.problems.append(f"{row.kind} {row.id} was changed")
    async for row in await connection.stream(_GONE):
        if (row.kind, row.id) not in changed:
            report.problems.append(f"{row.kind} {row.id} is not what the audit says was signed")
    return report


def _holds(row: Row[Any], signer: Signer) -> bool:
    """Whether the stored document, fingerprint and signature belong together, and a note still says the same."""
    if row.document is None or row.signature is None or row.signed_at is None:
        return False
    covered = signatures.statement(row.of, row.covers, row.sha256 or "", row.signed_at, row.signed_by)
    if not signatures.holds(signer, row.document, row.sha256, row.signature, covered):
        return False
    return row.kind != "note" or bool(json.decode(row.document)["content"] == row.content)
