"""Live events get their numbers at the end of the transaction, under the clinic's counter row: they have no gaps and
appear in order."""

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core import json


class LiveEvent(msgspec.Struct, frozen=True):
    """One live event: its topic ('queue.changed'), its audiences, and ids."""

    clinic_id: UUID
    topic: str
    audience: tuple[str, ...]
    ids: dict[str, str]


_STORE = text("""
    INSERT INTO live_event (clinic_id, seq, topic, audience, ids, created_at)
    SELECT :clinic, :before + place, event->>'topic',
           chart_audience(ARRAY(SELECT jsonb_array_elements_text(event->'audience')),
                          (event->'ids'->>'patient_id')::uuid), event->'ids', :at
    FROM jsonb_array_elements(cast(:events AS jsonb)) WITH ORDINALITY AS batch (event, place)
""")


async def append(session: AsyncSession, at: datetime, events: list[LiveEvent]) -> None:
    """Number and store events, just before the commit: the counter's row lock orders the clinic's commits."""
    by_clinic: dict[UUID, dict[bytes, LiveEvent]] = {}
    for event in events:
        by_clinic.setdefault(event.clinic_id, {}).setdefault(json.canonical(event), event)
    for clinic_id, once in by_clinic.items():
        batch = list(once.values())
        last: int = (
            await session.execute(
                text(
                    "INSERT INTO live_counter (clinic_id, seq) VALUES (:clinic, :count) "
                    "ON CONFLICT (clinic_id) DO UPDATE SET seq = live_counter.seq + :count RETURNING seq"
                ),
                {"clinic": clinic_id, "count": len(batch)},
            )
        ).scalar_one()
        values = {"clinic": clinic_id, "before": last - len(batch), "at": at}
        await session.execute(_STORE, {**values, "events": json.encode_text(batch)})
