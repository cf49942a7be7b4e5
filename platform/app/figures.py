"""What the whole installation has to show for itself, asked of the database each time somebody looks.

Every process of the API gives the same figures. Without a database there are none: a gap is honest, and
``/health/ready`` says why.
"""

import asyncio

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core import json
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
    "carethread_audit_unanchored_seconds": "Age of the oldest seal that a place for anchors was not told",
    "carethread_audit_anchor_failures": "Tries to tell a place for anchors that failed, since it was set",
}
_ASK = text("SELECT installation_figures(:now)::text")
"""One JSON object, by the names above without their beginning (migration 0027)."""


async def exposition(services: Services) -> bytes:
    """The figures in Prometheus' text format; nothing while the database does not answer."""
    try:
        async with asyncio.timeout(_WITHIN_SECONDS), services.spare.connect() as connection:
            row = json.decode(await connection.scalar(_ASK, {"now": services.clock.now()}))
    except (SQLAlchemyError, OSError, TimeoutError):
        return b""
    registry = CollectorRegistry()
    for name, meaning in FIGURES.items():
        Gauge(name, meaning, registry=registry).set(max(float(row[name.removeprefix("carethread_")] or 0), 0))
    return generate_latest(registry)
