"""What signaling says of call attempts, read from a Redis stream into PostgreSQL.

Signaling appends attempt_id, visit_id, clinic_id, kind, cause and at to STREAM: kind is joined, connected,
left or dropped, `cause` a word of domain.AttemptEnd for the last two, `at` Unix seconds. Entries are taken by a
consumer group and acknowledged only after the commit, so each takes effect at least once; taking effect twice
changes nothing. If Redis loses the stream, `reconcile` closes what no entry will close any more.
"""

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
from redis.exceptions import ResponseError
from sqlalchemy import select, text

from core.database.session import WriteSession, system_unit
from core.errors import NotFound
from core.logs import Log
from core.open_transactions import require_none
from core.services import Services
from visits import repository
from visits.announce import publish_change
from visits.calls import service as calls
from visits.domain import OPEN_STATUSES, TICKET_GRACE, AttemptEnd
from visits.models import CallAttempt, Visit

log = Log("visits.calls")

STREAM = "carethread:call-events"
GROUP = "visits"
CONTROL = "carethread:call-control"
"""Where signaling reads whose call is over: `{visit_id, clinic_id}`."""
KEEP = 10_000
"""About how many entries of CONTROL are kept."""

_BLOCK_MS = 2000
_BATCH = 100
_ORPHANED_MS = 30_000

Entry = tuple[bytes, dict[bytes, bytes]]


class CallEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the stream."""

    attempt_id: UUID
    visit_id: UUID
    clinic_id: UUID
    kind: Literal["joined", "connected", "left", "dropped"]
    at: float
    cause: str = ""

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    @property
    def end(self) -> AttemptEnd:
        """Why it ended; a cause that we do not know counts as a lost connection."""
        try:
            return AttemptEnd(self.cause)
        except ValueError:
            return AttemptEnd.HANG_UP if self.kind == "left" else AttemptEnd.TIMEOUT


async def order(services: Services, clinic_id: UUID, visit_id: UUID, **ids: str) -> None:
    """Order signaling to end the call: for everybody, or for those whom `ids` names."""
    require_none("an order to signaling")
    fields = {"clinic_id": str(clinic_id), "visit_id": str(visit_id), **ids}
    await services.redis.xadd(CONTROL, fields, maxlen=KEEP)  # type: ignore[arg-type]  # a dict of str is one of its union


async def order_out(
    services: Services, clinic_id: UUID, visit_id: UUID, account_id: UUID, attempt_id: UUID
) -> None:
    """Order signaling to remove one person from the call and to refuse this attempt's ticket."""
    ids = {"participant_id": str(account_id), "attempt_id": str(attempt_id)}
    await order(services, clinic_id, visit_id, **ids)


async def consume(services: Services) -> None:
    """Read the stream for ever. An error ends it; the worker starts it again."""
    me = f"{socket.gethostname()}-{os.getpid()}"
    await _make_group(services)
    while True:
        await read_batch(services, me, _BLOCK_MS)


async def read_batch(services: Services, me: str, wait_ms: int | None = None) -> int:
    """Process the next batch of entries; how many there were. Waits for one up to `wait_ms`, if given."""
    entries = await _next(services, me, wait_ms)
    for entry in entries:
        await _take(services, entry)
    return len(entries)


async def _make_group(services: Services) -> None:
    with suppress(ResponseError):  # BUSYGROUP: it is there already
        await services.redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)


async def _next(services: Services, me: str, wait_ms: int | None) -> list[Entry]:
    """Entries that another worker took and did not finish, else new ones."""
    try:
        return await _read_group(services, me, wait_ms)
    except ResponseError:  # NOGROUP: Redis came back empty
        await _make_group(services)
        return await _read_group(services, me, wait_ms)


async def _read_group(services: Services, me: str, wait_ms: int | None) -> list[Entry]:
    orphaned = await services.redis.xautoclaim(
        STREAM, GROUP, me, min_idle_time=_ORPHANED_MS, start_id="0-0", count=_BATCH
    )
    if orphaned[1]:
        return list(orphaned[1])
    streams = await services.redis.xreadgroup(GROUP, me, {STREAM: ">"}, count=_BATCH, block=wait_ms)
    return [entry for _, entries in streams for entry in entries]


async def _take(services: Services, entry: Entry) -> None:
    entry_id, fields = entry
    try:
        event = read(fields)
    except msgspec.ValidationError as error:
        log.error("call_event_unreadable", error)
    else:
        async with system_unit(services, event.clinic_id) as unit:
            await apply(unit.write, event)
    await services.redis.xack(STREAM, GROUP, entry_id)


def read(fields: Mapping[bytes, bytes]) -> CallEvent:
    """An entry as an event. Raises msgspec.ValidationError."""
    plain: dict[str, Any] = {
        name.decode("utf-8", "replace"): value.decode("utf-8", "replace") for name, value in fields.items()
    }
    return msgspec.convert(plain, CallEvent, strict=False)


async def apply(write: WriteSession, event: CallEvent) -> None:
    """Apply an event. Only the first of its kind for an attempt counts, in whatever order they come."""
    try:
        visit = await repository.for_update(write, event.visit_id)
    except NotFound:
        return
    attempt: CallAttempt | None = await write.one_or_none(
        select(CallAttempt).where(CallAttempt.id == event.attempt_id, CallAttempt.visit_id == visit.id)
    )
    if attempt is None:
        return
    if event.kind in ("left", "dropped"):
        attempt.joined_at = attempt.joined_at or event.moment
        await calls.end_attempt(write, visit, attempt, event.end, event.moment)
        return
    attempt.joined_at = attempt.joined_at or event.moment
    if event.kind == "connected":
        attempt.connected_at = attempt.connected_at or event.moment
    publish_change(write, visit)


_STALE = text(
    "SELECT a.id, a.visit_id, a.clinic_id, v.status FROM call_attempt a JOIN visit v ON v.id = a.visit_id "
    "WHERE a.ended_at IS NULL AND ((a.joined_at IS NULL AND a.requested_at < :before) OR v.status <> ALL(:open))"
)


async def reconcile(services: Services) -> None:
    """Close attempts whose ticket was never used, and any that outlived their visit."""
    now = services.clock.now()
    async with services.system.connect() as connection:
        parameters = {"before": now - TICKET_GRACE, "open": sorted(OPEN_STATUSES)}
        stale = (await connection.execute(_STALE, parameters)).all()
    for row in stale:
        async with system_unit(services, row.clinic_id) as unit:
            visit = await repository.for_update(unit.write, row.visit_id)
            await _close(unit.write, visit, row.id)


async def _close(write: WriteSession, visit: Visit, attempt_id: UUID) -> None:
    attempt: CallAttempt | None = await write.one_or_none(
        select(CallAttempt).where(CallAttempt.id == attempt_id, CallAttempt.ended_at.is_(None))
    )
    if attempt is None:
        return
    if visit.status not in OPEN_STATUSES:
        await calls.end_attempt(write, visit, attempt, AttemptEnd.VISIT_OVER, write.now())
    elif attempt.joined_at is None:
        await calls.end_attempt(write, visit, attempt, AttemptEnd.NEVER_JOINED, write.now())
