"""The audit trail: who did or saw what, in the same transaction as the thing itself.

Rows are insert-only for the application's role. If the row cannot be written, neither is the change, and the
read fails. ``core.audit.seal`` chains and signs them.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import text

from core import json
from core.actor import Actor

if TYPE_CHECKING:
    from core.database.session import ReadSession

_INSERT = text(
    "INSERT INTO audit_event (clinic_id, at, account_id, roles, session_id, request_id, action, entity_type, "
    "entity_id, patient_id, reason, detail, patients, sought) VALUES (:clinic, :at, :account, :roles, :session, "
    ":request, :action, :entity_type, :entity_id, :patient, :reason, cast(:detail AS jsonb), "
    "cast(:patients AS uuid[]), :sought)"
)


async def log(
    session: "ReadSession",
    action: str,
    *,
    patient_id: UUID | None = None,
    entity: tuple[str, UUID] | None = None,
    detail: Mapping[str, str | int | bool] | None = None,
    reason: str | None = None,
    patients: Iterable[UUID] = (),
    sought: Mapping[str, str] | None = None,
) -> None:
    """Write one row: ``action`` as 'visit.admit' or 'chart.read', ids and codes in ``detail``, no health data.

    ``patient_id`` is the one patient whom it is about, ``patients`` are all whom a list or a file showed.
    ``sought`` is what somebody typed to find them: it names people, so it is kept sealed (``looked_for``).
    """
    values = parameters(session, action, patient_id, entity, detail, reason)
    values["patients"] = sorted(set(patients)) or None
    values["sought"] = _sealed(session, sought)
    await session.execute(_INSERT, values)


def parameters(
    session: "ReadSession",
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
        "detail": json.encode_text({**(detail or {}), **_acting(actor)}),
    }


def _acting(actor: Actor | None) -> dict[str, str]:
    """For whom somebody acts who is not the patient, and what they are to them."""
    if actor is None or actor.relationship is None:
        return {}
    return {"acting_for": str(actor.patient_id), "relationship": actor.relationship}


def looked_for(session: "ReadSession", request_id: str, sought: bytes | None) -> dict[str, str]:
    """What was typed for a search, as its row keeps it. Raises CannotOpen when its key is gone."""
    if sought is None:
        return {}
    opened: dict[str, str] = json.decode(session.services.keyring.open(sought, _place(session, request_id)))
    return opened


def _sealed(session: "ReadSession", sought: Mapping[str, str] | None) -> bytes | None:
    typed = {name: value for name, value in (sought or {}).items() if value}
    if not typed:
        return None
    return session.services.keyring.seal(json.encode(typed), _place(session, session.request_id))


def _place(session: "ReadSession", request_id: str) -> str:
    """Where it belongs: moved to another request's row, it does not open."""
    return f"audit:{session.clinic_id}:{request_id}"
