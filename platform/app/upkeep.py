"""Regular work that belongs to no slice: sealing and anchoring the audit, and forgetting what is no longer needed."""

from datetime import timedelta

from sqlalchemy import text

from core import live
from core.audit.anchors.publishing import anchor
from core.audit.seal import seal
from core.files.sweeping import SWEEP
from core.guard.refusals import sum_up
from core.services import Services
from core.slices import Cron

_KEEP_KEYS = timedelta(days=2)
_KEEP_DELIVERED = timedelta(days=7)


async def _seal(services: Services) -> None:
    await seal(services)


async def _forget(services: Services) -> None:
    """Old live events, idempotency keys and delivered events."""
    now = services.clock.now()
    async with services.system.begin() as connection:
        for statement, keep in (
            ("DELETE FROM live_event WHERE created_at < :before", live.KEEP),
            ("DELETE FROM idempotency_key WHERE created_at < :before", _KEEP_KEYS),
            ("DELETE FROM inbox WHERE done_at < :before", _KEEP_DELIVERED),
            ("DELETE FROM outbox WHERE done_at < :before", _KEEP_DELIVERED - timedelta(days=1)),
        ):
            await connection.execute(text(statement), {"before": now - keep})


UPKEEP = [
    Cron("refusals.sum_up", 300, sum_up),
    Cron("audit.seal", 3, _seal),
    Cron("audit.anchor", 3, anchor),
    SWEEP,
    Cron("upkeep.forget", 3600, _forget),
]
