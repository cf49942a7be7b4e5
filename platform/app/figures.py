"""What the whole installation has to show for itself, asked of the database each time somebody looks.

Every process of the API gives the same figures. Without a database there are none: a gap is honest, and
``/health/ready`` says why.
"""

import asyncio

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.services import Services

_WITHIN_SECONDS = 2.0

FIGURES = {
    "carethread_outbox_undelivered": "Events that were committed and not yet delivered",
    "carethread_outbox_oldest_seconds": "Age of the oldest of these",
    "carethread_outbox_failing": "Those of these whose last delivery failed: they are tried again",
    "carethread_outbox_given_up": "Events that were given up after too many tries",
    "carethread_notices_failed": "Text messages and e-mails of the last day that no carrier took",
    "carethread_prescriptions_unsent": "Prescriptions that are signed and not yet with a pharmacy",
    "carethread_prescriptions_oldest_seconds": "Time since the oldest of these was signed",
    "carethread_visits_waiting": "Patients in waiting rooms",
    "carethread_visits_oldest_seconds": "How long the one who has waited longest has waited",
    "carethread_calls_open": "People in a call, or on the way into one",
    "carethread_audit_unsealed_seconds": "Age of the oldest audit record without a seal",
}
_ASK = text("""
    WITH open AS (SELECT created_at, last_error FROM outbox WHERE done_at IS NULL AND failed_at IS NULL),
        unsent AS (SELECT signed_at FROM prescription WHERE status IN ('signed', 'sending')),
        waiting AS (SELECT ready_at FROM visit WHERE status = 'waiting'),
        sealed AS (SELECT coalesce(max(to_xid::text::bigint), 0) AS xid FROM audit_seal)
    SELECT
        (SELECT count(*) FROM open) AS carethread_outbox_undelivered,
        (SELECT extract(epoch FROM :now - min(created_at)) FROM open) AS carethread_outbox_oldest_seconds,
        (SELECT count(last_error) FROM open) AS carethread_outbox_failing,
        (SELECT count(*) FROM outbox WHERE failed_at IS NOT NULL) AS carethread_outbox_given_up,
        (SELECT count(*) FROM notification
            WHERE status = 'failed' AND sent_at > :now - interval '1 day') AS carethread_notices_failed,
        (SELECT count(*) FROM unsent) AS carethread_prescriptions_unsent,
        (SELECT extract(epoch FROM :now - min(signed_at)) FROM unsent) AS carethread_prescriptions_oldest_seconds,
        (SELECT count(*) FROM waiting) AS carethread_visits_waiting,
        (SELECT extract(epoch FROM :now - min(ready_at)) FROM waiting) AS carethread_visits_oldest_seconds,
        (SELECT count(*) FROM call_attempt WHERE ended_at IS NULL) AS carethread_calls_open,
        (SELECT extract(epoch FROM :now - min(at)) FROM audit_event, sealed
            WHERE audit_event.xid >= sealed.xid::text::xid8) AS carethread_audit_unsealed_seconds
""")


async def exposition(services: Services) -> bytes:
    """The figures in Prometheus' text format; nothing while the database does not answer."""
    try:
        async with asyncio.timeout(_WITHIN_SECONDS), services.system.connect() as connection:
            row = (await connection.execute(_ASK, {"now": services.clock.now()})).mappings().one()
    except (SQLAlchemyError, OSError, TimeoutError):
        return b""
    registry = CollectorRegistry()
    for name, meaning in FIGURES.items():
        Gauge(name, meaning, registry=registry).set(max(float(row[name] or 0), 0))
    return generate_latest(registry)
