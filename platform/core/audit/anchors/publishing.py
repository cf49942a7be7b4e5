"""Tells every target each seal. Apart from sealing, which goes on whatever becomes of a target.

How far each target got stands in ``audit_anchor``: what could not be told, or was cut off by a crash, is told at the
next try. A seal told twice does no harm.
"""

import asyncio
from collections.abc import Sequence

from sqlalchemy import text

from core.audit.anchors.anchor import Head
from core.audit.anchors.target import CannotAnchor, Target
from core.logs import Log
from core.open_transactions import require_none
from core.services import Services

log = Log("audit")

MAX_BATCHES = 1000
"""How many seals a target is told at once. Beyond that only the newest: each vouches for all before it."""
_WITHIN_SECONDS = 30.0

_FORGET = text("DELETE FROM audit_anchor WHERE target <> ALL (:targets)")
_REACHED = text("""
    SELECT a.batch, a.failures, a.failing_since,
           a.batch > 0 AND NOT EXISTS (
               SELECT FROM audit_seal s WHERE s.batch = a.batch AND s.chain = a.chain) AS cut
      FROM audit_anchor a WHERE a.target = :target
""")
_NEXT = text(
    "SELECT batch, chain, sealed_at, signature FROM audit_seal WHERE batch > :after ORDER BY batch DESC LIMIT :most"
)
_TOLD = text("""
    INSERT INTO audit_anchor AS a (target, since, batch, chain, anchored_at)
    VALUES (:target, :now, :batch, :chain, :now)
    ON CONFLICT (target) DO UPDATE SET batch = :batch, chain = :chain, anchored_at = :now, failing_since = NULL,
        error = NULL WHERE a.batch <= :batch
""")
_FAILED = text("""
    INSERT INTO audit_anchor AS a (target, since, failures, failing_since, error)
    VALUES (:target, :now, 1, :now, :error)
    ON CONFLICT (target) DO UPDATE SET failures = a.failures + 1, failing_since = coalesce(a.failing_since, :now),
        error = :error
    RETURNING failures, failing_since
""")


async def anchor(services: Services) -> None:
    """Tell every target the seals that it has not got. One that fails holds up no other."""
    async with services.system.begin() as connection:
        await connection.execute(_FORGET, {"targets": [target.name for target in services.anchors]})
    await asyncio.gather(*(_catch_up(services, target) for target in services.anchors))


async def _catch_up(services: Services, target: Target) -> None:
    async with services.system.connect() as connection:
        reached = (await connection.execute(_REACHED, {"target": target.name})).one_or_none()
        after = reached.batch if reached else 0
        newest_first = (await connection.execute(_NEXT, {"after": after, "most": MAX_BATCHES})).all()
    if reached and reached.cut:
        # The seals are not those that the target was told. What it holds is evidence: nothing is added to it.
        return await _failed(services, target, "chain_changed")
    if not newest_first:
        return
    heads = [Head(*row) for row in reversed(newest_first)]
    try:
        await _publish(services, target, heads)
    except (OSError, TimeoutError, CannotAnchor) as error:
        return await _failed(services, target, _code(error))
    newest = heads[-1]
    async with services.system.begin() as connection:
        values = {"target": target.name, "batch": newest.batch, "chain": newest.chain}
        await connection.execute(_TOLD, {**values, "now": services.clock.now()})
    if reached and reached.failing_since:
        log.info("audit_anchored_again", source=target.name, batch=newest.batch, count=len(heads))


async def _publish(services: Services, target: Target, heads: Sequence[Head]) -> None:
    require_none("telling a place of anchors")
    async with asyncio.timeout(_WITHIN_SECONDS):
        await asyncio.to_thread(target.publish, heads, services.clock.now())


async def _failed(services: Services, target: Target, code: str) -> None:
    """Count it for the figures and ``/health/ready``. It is logged when it begins, and then ever less often."""
    async with services.system.begin() as connection:
        values = {"target": target.name, "now": services.clock.now(), "error": code}
        row = (await connection.execute(_FAILED, values)).one()
    began = row.failing_since == values["now"]
    if began or row.failures & (row.failures - 1) == 0:
        log.error("audit_anchor_failed", source=target.name, code=code, attempts=row.failures)


def _code(error: Exception) -> str:
    return str(error) if isinstance(error, CannotAnchor) else type(error).__name__
