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
from visits.history import domain as call_history
from visits.phone import domain as phone

_KEEP_KEYS = timedelta(days=2)
_KEEP_DELIVERED = timedelta(days=7)

_NUMBERS = "UPDATE phone_leg SET number = NULL WHERE number IS NOT NULL AND created_at < :before"


async def _seal(services: Services) -> None:
    await seal(services)


async def _forget(services: Services) -> None:
    """Old live events, idempotency keys, delivered events, and how the calls and checks of long ago went."""
    now = services.clock.now()
    async with services.system.begin() as connection:
        for statement, keep in (
            ("DELETE FROM live_event WHERE created_at < :before", live.KEEP),
            ("DELETE FROM idempotency_key WHERE created_at < :before", _KEEP_KEYS),
            ("DELETE FROM inbox WHERE done_at < :before", _KEEP_DELIVERED),
            ("DELETE FROM outbox WHERE done_at < :before", _KEEP_DELIVERED - timedelta(days=1)),
            ("DELETE FROM call_sample WHERE at < :before", call_history.KEEP),
            ("DELETE FROM call_drop WHERE at < :before", call_history.KEEP),
            ("DELETE FROM call_failure WHERE at < :before", call_history.KEEP),
            ("DELETE FROM call_mark WHERE at < :before", call_history.KEEP),
            ("DELETE FROM visit_check WHERE at < :before", call_history.KEEP),
            (_NUMBERS, phone.KEEP_NUMBERS),
        ):
            await connection.execute(text(statement), {"before": now - keep})


UPKEEP = [
    Cron("refusals.sum_up", 300, sum_up),
    Cron("audit.seal", 3, _seal),
    Cron("audit.anchor", 3, anchor),
    SWEEP,
    Cron("upkeep.forget", 3600, _forget),
]
