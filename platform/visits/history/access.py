"""Whose connection histories a person may write and see. The route's permission has been checked before.

A page writes of its own attempt alone, whoever else is in the call. Support staff see when which roles were in a call
and how it went, and neither who the patient is nor anything of the chart. A restricted chart closes it all the same:
a coordinator can tell whose visit it is.
"""

from uuid import UUID

from sqlalchemy import select

from core.database.session import ReadSession
from identity.permissions import Permission
from identity.readable import Kind, fetch
from visits.models import CallAttempt, Visit

SUPPORTED = Kind(Visit, frozenset({Permission.CALL_SUPPORT}), Visit.patient_id)


async def own_attempt(read: ReadSession, visit_id: UUID, attempt_id: UUID) -> CallAttempt:
    """The actor's own attempt in this visit. Raises NotFound."""
    found: CallAttempt = await read.one_or_not_found(
        select(CallAttempt).where(
            CallAttempt.id == attempt_id,
            CallAttempt.visit_id == visit_id,
            CallAttempt.account_id == read.actor.own_account,
        )
    )
    return found


async def supported_visit(read: ReadSession, visit_id: UUID) -> Visit:
    """The visit, for support staff. Raises NotFound, Restricted."""
    return await fetch(read, SUPPORTED, visit_id)
