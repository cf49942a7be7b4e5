"""The audit trail: who did or saw what, in the same transaction as the thing itself.

Rows are insert-only for the application's role. If the row cannot be written, neither is the change, and the
read fails. ``core.audit_seal`` chains and signs them.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text

from core import json
from core.db import ReadSession

_INSERT = text(
    "INSERT INTO audit_event (clinic_id, at, account_id, roles, session_id, request_id, action, entity_type, "
    "entity_id, patient_id, reason, detail) VALUES (:clinic, :at, :account, :roles, :session, :request, :action, "
    ":entity_type, :entity_id, :patient, :reason, cast(:detail AS jsonb))"
)


async def record(
    session: ReadSession,
    action: str,
    *,
    patient_id: UUID | None = None,
    entity: tuple[str, UUID] | None = None,
    detail: Mapping[str, str | int | bool] | None = None,
    reason: str | None = None,
) -> None:
    """Write one row: ``action`` as 'visit.admit' or 'chart.read', ids and codes in ``detail``, no health data."""
    await session.execute(_INSERT, parameters(session, action, patient_id, entity, detail, reason))


def parameters(
    session: ReadSession,
    action: str,
    patient_id: UUID | None = None,
    entity: tuple[str, UUID] | None = None,
    detail: Mapping[str, str | int | bool] | None = None,
    reason: str | None = None,
) -> dict[str, Any]:
    """The row's values, for hot reads that write it in the same statement as they read."""
    actor = session.actor_or_none
    return {
        "clinic": session.clinic_id,
        "at": session.now(),
        "account": actor.account_id if actor else None,
        "roles": sorted(actor.roles) if actor else [],
        "session": actor.session_id if actor else None,
        "request": session.request_id,
        "action": action,
        "entity_type": entity[0] if entity else None,
        "entity_id": entity[1] if entity else None,
        "patient": patient_id,
        "reason": reason,
        "detail": json.encode_text(detail or {}),
    }
