"""Seals the audit trail: batches of rows are hashed, chained and signed within seconds of being written.

A batch covers a range of transaction ids that can no longer gain rows, so whoever changes, removes, inserts or
reorders a row afterwards, even as the database's superuser, breaks a digest that ``verify`` names. Removing the
newest seals themselves, or making all anew with the key, shows against a copy of the chain's value that is kept outside
(``core.audit.anchors``).
"""

import hashlib
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from core import json
from core.audit.anchors.anchor import Anchor
from core.audit.dates import Dates
from core.crypto import Signer
from core.logs import Log
from core.services import Services

log = Log("audit")

_LOCK = 7_210_046
_GENESIS = bytes(32)
_COLUMNS = (
    "seq, xid::text AS xid, clinic_id, at, account_id, roles, session_id, request_id, action, entity_type, "
    "entity_id, patient_id, reason, detail"
)
# Columns that came later. A digest covers them by name where they are set, so what was sealed before they existed
# still verifies, and setting or emptying one in a sealed row breaks its digest.
_LATER = ("patients", "sought")
_LAST = text("SELECT batch, to_xid::text AS to_xid, chain FROM audit_seal ORDER BY batch DESC LIMIT 1")
_HORIZON = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
_ROWS = text(
    f"SELECT {', '.join((_COLUMNS, *_LATER))} FROM audit_event WHERE xid >= cast(:from_xid AS text)::xid8 "  # noqa: S608  constants only
    "AND xid < cast(:to_xid AS text)::xid8 ORDER BY seq"
)
_SEAL = text(
    "INSERT INTO audit_seal (batch, from_xid, to_xid, seqs, digests, chain, signature, sealed_at) VALUES "
    "(:batch, cast(:from_xid AS text)::xid8, cast(:to_xid AS text)::xid8, :seqs, :digests, :chain, :signature, :at)"
)
_SEALS = text(
    "SELECT batch, from_xid::text AS from_xid, to_xid::text AS to_xid, seqs, digests, chain, signature, sealed_at "
    "FROM audit_seal WHERE batch > :after ORDER BY batch LIMIT 200"
)


class AuditReport(msgspec.Struct):
    """What ``verify`` found: how many rows are sealed, how many still wait, and the first bad row if any.

    ``head`` is the chain's value after the last batch that was good, as ``batch:chain``. ``misdated`` has a sentence
    for each row whose time cannot be when it was written.
    """

    sealed: int
    waiting: int
    batches: int
    problem: str | None = None
    row: int | None = None
    head: str = ""
    waiting_since: datetime | None = None
    misdated: list[str] = []


def _digest(row: Row[Any]) -> bytes:
    first = list(row[: -len(_LATER)])
    later = {name: value for name, value in row._mapping.items() if name in _LATER and value is not None}
    return hashlib.sha256(json.canonical([*first, later] if later else first)).digest()


def _chain(previous: bytes, batch: int, seqs: list[int], digests: bytes, sealed_at: datetime | None) -> bytes:
    """Earlier versions left out the time. No other time, and no leaving it out, gives the same value."""
    head = json.canonical([batch, seqs, sealed_at] if sealed_at else [batch, seqs])
    return hashlib.sha256(previous + head + digests).digest()


async def seal(services: Services) -> int:
    """Seal all rows of transactions that are over; how many. One sealer at a time, others return 0."""
    async with services.system.begin() as connection:
        if not await connection.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": _LOCK}):
            return 0
        last = (await connection.execute(_LAST)).one_or_none()
        from_xid = last.to_xid if last else "0"
        to_xid = await connection.scalar(_HORIZON)
        rows = (await connection.execute(_ROWS, {"from_xid": from_xid, "to_xid": to_xid})).all()
        if not rows:
            return 0
        batch = last.batch + 1 if last else 1
        seqs = [row.seq for row in rows]
        digests = b"".join(_digest(row) for row in rows)
        sealed_at = services.clock.now()
        chain = _chain(last.chain if last else _GENESIS, batch, seqs, digests, sealed_at)
        await connection.execute(
            _SEAL,
            {
                "batch": batch,
                "from_xid": from_xid,
                "to_xid": to_xid,
                "seqs": seqs,
                "digests": digests,
                "chain": chain,
                "signature": services.audit_signer.sign(chain),
                "at": sealed_at,
            },
        )
    log.info("audit_sealed", batch=batch, rows=len(rows), code=chain.hex())
    return len(rows)


async def verify(
    connection: AsyncConnection,
    signer: Signer,
    *,
    now: datetime | None = None,
    expected: Sequence[Anchor] = (),
    since: Mapping[UUID, datetime | None] | None = None,
) -> AuditReport:
    """Check every seal, every row against it, and the chain against what it is ``expected`` to hold.

    Names the first bad row or seal. For what the times of rows can be, ``now`` says what time it is and ``since`` when
    each clinic was made, as `Dates` has it.
    """
    report, dates = AuditReport(sealed=0, waiting=0, batches=0), Dates(since or {})
    anchors = _by_batch(expected)
    previous, to_xid = _GENESIS, "0"
    async for stored in _seals(connection):
        place = report.batches + 1
        chain = _follows(previous, stored)
        if stored.batch != place or stored.from_xid != to_xid or chain is None:
            report.problem = f"seal {place} does not follow from the one before"
        elif not signer.verify(stored.signature, chain):
            report.problem = f"seal {place} has a wrong signature"
        elif other := next((each for each in anchors.pop(place, []) if each.chain != chain), None):
            report.problem = f"seal {place} is not the one that was made: {other.source} has {other.head}"
        else:
            rows = (await connection.execute(_ROWS, {"from_xid": to_xid, "to_xid": stored.to_xid})).all()
            if bad := _first_bad(list(stored.seqs), stored.digests, rows):
                report.row, report.problem = bad
        if report.problem or chain is None:
            report.misdated = dates.sentences
            return report
        dates.look_at(rows, place, stored.sealed_at)
        report.sealed += len(rows)
        report.batches, report.head = place, f"{place}:{chain.hex()}"
        previous, to_xid = chain, stored.to_xid
    if anchors:
        gone = anchors[max(anchors)][0]
        report.problem = (
            f"its end was cut off: it has {report.batches} batches, and {gone.source} has {gone.head}"
        )
    waiting = (await connection.execute(_ROWS, {"from_xid": to_xid, "to_xid": str(2**63)})).all()
    if now:
        dates.look_at_waiting(waiting, now)
    report.waiting = len(waiting)
    report.waiting_since = min((row.at for row in waiting), default=None)
    report.misdated = dates.sentences
    return report


def _by_batch(expected: Sequence[Anchor]) -> dict[int, list[Anchor]]:
    anchors: dict[int, list[Anchor]] = defaultdict(list)
    for each in expected:
        anchors[each.batch].append(each)
    return anchors


async def _seals(connection: AsyncConnection) -> AsyncIterator[Row[Any]]:
    """Every seal in order, a few at a time: a large clinic has millions."""
    after = -(2**63)
    while page := (await connection.execute(_SEALS, {"after": after})).all():
        for stored in page:
            yield stored
        after = page[-1].batch


def _follows(previous: bytes, stored: Row[Any]) -> bytes | None:
    """The chain's value after a seal; None if it is not what the seal says."""
    for sealed_at in (stored.sealed_at, None):
        chain = _chain(previous, stored.batch, list(stored.seqs), stored.digests, sealed_at)
        if chain == stored.chain:
            return chain
    return None


def _first_bad(seqs: list[int], digests: bytes, rows: Any) -> tuple[int, str] | None:
    found = {row.seq: row for row in rows}
    sealed = {seq: digests[place * 32 : place * 32 + 32] for place, seq in enumerate(seqs)}
    for seq in sorted(found.keys() | sealed.keys()):
        if seq not in found:
            return seq, f"row {seq} was removed"
        if seq not in sealed:
            return seq, f"row {seq} was inserted after the seal"
        if _digest(found[seq]) != sealed[seq]:
            return seq, f"row {seq} was changed"
    return None
