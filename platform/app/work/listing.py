"""What is stuck: events, notices and prescriptions of the clinic, and regular work of the installation."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import RowMapping, text

from core.database.session import ReadSession

MAX_LISTED = 100
"""How many of a kind are listed, the oldest first; the counts are of all."""
LATE = timedelta(minutes=1)
"""What waits for longer has no worker, or one that cannot keep up."""
FAILED_NOTICES_FOR = timedelta(days=7)

# What had failed and what has waited too long. The count is of all of them, whatever the limit.
_EVENTS = text("""
    SELECT id, name, created_at AS since, attempts AS tries, last_error AS error, failed_at IS NOT NULL AS given_up,
           CASE WHEN failed_at IS NULL THEN available_at END AS next_try_at, count(*) OVER () AS total
      FROM outbox
     WHERE done_at IS NULL AND (failed_at IS NOT NULL OR last_error IS NOT NULL OR created_at < :late)
     ORDER BY seq LIMIT :most
""")
_NOTICES = text("""
    SELECT id, kind || '.' || channel AS name, created_at AS since, tries, failure AS error,
           status = 'failed' AS given_up, CASE WHEN status <> 'failed' THEN next_try_at END AS next_try_at,
           count(*) OVER () AS total
      FROM notification
     WHERE (status IN ('queued', 'sending') AND created_at < :late)
        OR (status = 'failed' AND set_aside_at IS NULL AND created_at > :failed_since)
     ORDER BY created_at, id LIMIT :most
""")
_PRESCRIPTIONS = text("""
    SELECT id, 'prescription.' || status AS name, signed_at AS since, tries, failure AS error, false AS given_up,
           next_try_at, count(*) OVER () AS total
      FROM prescription
     WHERE status IN ('signed', 'sending') AND signed_at < :late
     ORDER BY signed_at, id LIMIT :most
""")
_JOBS = text("""
    SELECT name, started_at AS began_at, last_error AS error FROM cron_run
     WHERE last_error IS NOT NULL ORDER BY name
""")


class StuckItem(msgspec.Struct, frozen=True):
    """One piece of work. `error` is a code, `next_try_at` null when it is not tried again by itself."""

    id: UUID
    name: str
    since: datetime
    tries: int
    error: str | None
    given_up: bool
    next_try_at: datetime | None


class StuckList(msgspec.Struct, frozen=True):
    """The oldest of a kind; `total` counts all of them."""

    total: int
    items: list[StuckItem]


class FailingJob(msgspec.Struct, frozen=True):
    """Regular work whose last run failed. It is run again by itself within a minute."""

    name: str
    began_at: datetime
    error: str


class StuckWork(msgspec.Struct, frozen=True):
    """Everything that is stuck, by kind."""

    events: StuckList
    notices: StuckList
    prescriptions: StuckList
    jobs: list[FailingJob]


async def stuck_work(read: ReadSession) -> StuckWork:
    now = read.now()
    values = {"late": now - LATE, "failed_since": now - FAILED_NOTICES_FOR, "most": MAX_LISTED}
    events, notices, prescriptions = [
        _list((await read.execute(query, values)).mappings().all())
        for query in (_EVENTS, _NOTICES, _PRESCRIPTIONS)
    ]
    jobs = [FailingJob(**row) for row in (await read.execute(_JOBS)).mappings()]
    return StuckWork(events, notices, prescriptions, jobs)


def _list(rows: Sequence[RowMapping]) -> StuckList:
    fields = StuckItem.__struct_fields__
    items = [StuckItem(**{name: row[name] for name in fields}) for row in rows]
    return StuckList(rows[0]["total"] if rows else 0, items)
