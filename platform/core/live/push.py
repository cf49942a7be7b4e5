"""Live push: what happened, numbered from PostgreSQL, told to the screens that may know.

Events hold ids only; a screen that hears one fetches again, and fetching is authorizing. Numbers are given at
the end of the transaction under the clinic's counter row, so they have no gaps and appear in order.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core import json
from core.actor import Actor, Role

if TYPE_CHECKING:
    from core.database.session import WriteSession

KEEP = timedelta(hours=24)


class LiveEvent(msgspec.Struct, frozen=True):
    """One live event: its topic ('queue.changed'), its audiences, and ids."""

    clinic_id: UUID
    topic: str
    audience: tuple[str, ...]
    ids: dict[str, str]


class LiveMessage(msgspec.Struct, frozen=True):
    """What a screen hears."""

    seq: int
    topic: str
    ids: dict[str, str]


def account(account_id: UUID) -> str:
    return f"account:{account_id}"


def patient(patient_id: UUID) -> str:
    return f"patient:{patient_id}"


def role(which: Role) -> str:
    return f"role:{which}"


def audiences_of(actor: Actor) -> frozenset[str]:
    """Every audience this person belongs to."""
    names = {role(each) for each in actor.roles}
    if actor.account_id:
        names.add(account(actor.account_id))
    if actor.patient_id:
        names.add(patient(actor.patient_id))
    return frozenset(names)


def publish(write: "WriteSession", topic: str, to: list[str], **ids: str) -> None:
    """Tell the audiences when this transaction commits. Ids only, never health data."""
    write.publish(LiveEvent(write.clinic_id, topic, tuple(to), ids))


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
