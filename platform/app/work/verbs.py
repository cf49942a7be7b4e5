"""What the operator may do with stuck work: try it again at once, or set it aside for good.

A prescription is only tried again: whoever prescribed it may cancel it, and nobody else lets it drop.
"""

from typing import Literal
from uuid import UUID

from sqlalchemy import TextClause, text

from chart.prescribing.writing.signing import WAKE as PRESCRIPTIONS
from core import audit, live
from core.actor import Role
from core.database.session import WriteSession
from core.errors import NotFound
from core.events.outbox import WAKE as EVENTS
from messaging.notices.notify import WAKE as NOTICES

Kind = Literal["event", "notice", "prescription"]

# A notice goes on at its second try, so its carrier is asked first whether it has it already.
_AGAIN: dict[Kind, tuple[str, TextClause]] = {
    "event": (
        EVENTS,
        text(
            "UPDATE outbox SET failed_at = NULL, attempts = 0, available_at = :now, leased_until = NULL "
            "WHERE id = :id AND done_at IS NULL RETURNING id"
        ),
    ),
    "notice": (
        NOTICES,
        text(
            "UPDATE notification SET status = 'queued', tries = least(tries, 1), failure = NULL, next_try_at = :now "
            "WHERE id = :id AND (status = 'failed' OR (status IN ('queued', 'sending') "
            "AND (leased_until IS NULL OR leased_until <= :now))) AND set_aside_at IS NULL RETURNING id"
        ),
    ),
    "prescription": (
        PRESCRIPTIONS,
        text(
            "UPDATE prescription SET next_try_at = :now WHERE id = :id AND status IN ('signed', 'sending') "
            "RETURNING id"
        ),
    ),
}
_ASIDE: dict[Kind, TextClause] = {
    "event": text(
        "UPDATE outbox SET done_at = :now, failed_at = NULL, leased_until = NULL "
        "WHERE id = :id AND done_at IS NULL RETURNING id"
    ),
    "notice": text(
        "UPDATE notification SET set_aside_at = :now, status = 'failed', failure = coalesce(failure, 'set_aside'), "
        "leased_until = NULL WHERE id = :id AND status IN ('queued', 'sending', 'failed') AND set_aside_at IS NULL "
        "RETURNING id"
    ),
}


async def try_again(write: WriteSession, kind: Kind, item_id: UUID) -> None:
    """Raises NotFound if it is done, or being worked on."""
    channel, statement = _AGAIN[kind]
    await _change(write, statement, item_id)
    write.wake(channel)
    await audit.log(write, "work.retry", entity=(kind, item_id))


async def set_aside(write: WriteSession, kind: Kind, item_id: UUID) -> None:
    """It is not tried any more. Raises NotFound if it is done."""
    await _change(write, _ASIDE[kind], item_id)
    if kind == "event":
        write.wake(EVENTS)  # the next event of its key may go
    await audit.log(write, "work.set_aside", entity=(kind, item_id))


async def _change(write: WriteSession, statement: TextClause, item_id: UUID) -> None:
    if await write.scalar(statement, {"id": item_id, "now": write.now()}) is None:
        raise NotFound
    live.publish(write, "work.changed", [live.role(Role.ADMIN)])
