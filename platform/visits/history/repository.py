"""Queries of the connection history."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select, text
from sqlalchemy.dialects.postgresql import insert

from core.database.session import ReadSession, WriteSession
from visits.history.domain import MAX_ROWS, NEVER_JOINED, WORST
from visits.history.models import CallDrop, CallFailure, CallMark, CallSample
from visits.models import CallAttempt

_SUMMED = text("""
    SELECT count(DISTINCT a.visit_id) AS visits, count(*) AS attempts,
           (SELECT count(*) FROM call_drop d WHERE d.clinic_id = :clinic AND d.at >= :since) AS drops,
           (SELECT count(*) FROM call_mark m WHERE m.clinic_id = :clinic AND m.at >= :since) AS marks
      FROM call_attempt a WHERE a.clinic_id = :clinic AND a.requested_at >= :since
""")

_FAILURES = text("""
    SELECT reason, browser, count(*) AS count FROM (
        SELECT f.reason, f.browser FROM call_failure f WHERE f.clinic_id = :clinic AND f.at >= :since
        UNION ALL
        SELECT a.end_cause, a.browser FROM call_attempt a
         WHERE a.clinic_id = :clinic AND a.requested_at >= :since AND a.end_cause = :never_joined
           AND NOT EXISTS (SELECT FROM call_failure f WHERE f.attempt_id = a.id)
    ) AS failed GROUP BY reason, browser ORDER BY count DESC, reason, browser
""")

# A mark is a person's word and weighs most; then what kept somebody out, then drops, then what was measured.
_WORST = text("""
    WITH attempt AS (
        SELECT a.id, a.visit_id, a.requested_at FROM call_attempt a
         WHERE a.clinic_id = :clinic AND a.requested_at >= :since
    ), measured AS (
        -- By their time too, which has an index: a short period does not walk the samples of all ninety days.
        SELECT a.visit_id, avg(s.loss) AS loss, avg(s.round_trip_ms) AS round_trip, bool_or(s.path = 'relay') AS relayed
          FROM attempt a JOIN call_sample s ON s.attempt_id = a.id
         WHERE s.at >= :since GROUP BY a.visit_id
    ), dropped AS (
        SELECT a.visit_id, count(*) AS count FROM attempt a JOIN call_drop d ON d.attempt_id = a.id GROUP BY a.visit_id
    ), marked AS (
        SELECT a.visit_id, count(*) AS count FROM attempt a JOIN call_mark m ON m.attempt_id = a.id GROUP BY a.visit_id
    ), failed AS (
        SELECT f.visit_id, count(*) AS count, min(f.at) AS at FROM call_failure f
         WHERE f.clinic_id = :clinic AND f.at >= :since GROUP BY f.visit_id
    ), called AS (
        SELECT visit_id, min(requested_at) AS at FROM attempt GROUP BY visit_id
    ), scored AS (
        SELECT visit_id, coalesce(c.at, f.at) AS at, coalesce(d.count, 0) AS drops, coalesce(k.count, 0) AS marks,
               coalesce(f.count, 0) AS failures, m.loss, m.round_trip, coalesce(m.relayed, false) AS relayed
          FROM called c FULL JOIN failed f USING (visit_id) LEFT JOIN measured m USING (visit_id)
          LEFT JOIN dropped d USING (visit_id) LEFT JOIN marked k USING (visit_id)
    )
    SELECT visit_id, at, drops, marks, failures, loss, round(round_trip)::int AS round_trip_ms, relayed FROM scored
     WHERE marks + drops + failures > 0 OR loss > 0.03 OR round_trip > 300
     ORDER BY 10 * marks + 5 * failures + 2 * drops + 20 * coalesce(loss, 0) + coalesce(round_trip, 0) / 200 DESC,
              at DESC, visit_id
     LIMIT :most
""")


async def participants(read: ReadSession, visit_id: UUID) -> set[UUID]:
    """The accounts of everybody who had a ticket for a call of this visit."""
    return set(await read.scalars(select(CallAttempt.account_id).where(CallAttempt.visit_id == visit_id)))


async def add_samples(write: WriteSession, rows: Sequence[dict[str, Any]]) -> None:
    """Keep samples; of those of one tick, the first."""
    if rows:
        await write.execute(insert(CallSample).on_conflict_do_nothing(), rows)


async def add_drops(write: WriteSession, rows: Sequence[dict[str, Any]]) -> None:
    """Keep drops, each once."""
    if rows:
        await write.execute(insert(CallDrop).on_conflict_do_nothing(), rows)


async def add_failure(write: WriteSession, row: dict[str, Any]) -> None:
    """Keep a failure, unless the same was said in this minute."""
    await write.execute(insert(CallFailure).values(row).on_conflict_do_nothing())


async def put_mark(write: WriteSession, row: dict[str, Any]) -> None:
    """Keep a mark, or the newer reason of one that is there."""
    statement = insert(CallMark).values(row)
    await write.execute(
        statement.on_conflict_do_update(index_elements=["attempt_id"], set_={"reason": row["reason"]})
    )


async def attempts_of(read: ReadSession, visit_id: UUID) -> Sequence[CallAttempt]:
    """Every attempt at the visit's calls, in order."""
    query = select(CallAttempt).where(CallAttempt.visit_id == visit_id)
    return list(await read.scalars(query.order_by(CallAttempt.requested_at, CallAttempt.id)))


async def samples_of(read: ReadSession, attempts: Sequence[UUID]) -> Sequence[CallSample]:
    """What these attempts measured, in order."""
    query = select(CallSample).where(CallSample.attempt_id.in_(attempts))
    return list(await read.scalars(query.order_by(CallSample.at, CallSample.id).limit(MAX_ROWS)))


async def drops_of(read: ReadSession, attempts: Sequence[UUID]) -> Sequence[CallDrop]:
    """Where these attempts dropped, in order."""
    query = select(CallDrop).where(CallDrop.attempt_id.in_(attempts)).order_by(CallDrop.at, CallDrop.id)
    return list(await read.scalars(query))


async def marks_of(read: ReadSession, attempts: Sequence[UUID]) -> Sequence[CallMark]:
    """Which of these attempts somebody found bad."""
    query = select(CallMark).where(CallMark.attempt_id.in_(attempts)).order_by(CallMark.at, CallMark.id)
    return list(await read.scalars(query))


async def failures_of(read: ReadSession, visit_id: UUID) -> Sequence[CallFailure]:
    """What kept people from the visit's calls, in order."""
    query = select(CallFailure).where(CallFailure.visit_id == visit_id)
    return list(await read.scalars(query.order_by(CallFailure.at, CallFailure.id)))


async def summed(read: ReadSession, since: datetime) -> Row[Any]:
    """The clinic's visits with calls, attempts, drops and marks since then."""
    return (await read.execute(_SUMMED, {"clinic": read.clinic_id, "since": since})).one()


async def failures_since(read: ReadSession, since: datetime) -> Sequence[Row[Any]]:
    """(reason, browser, count) of what kept people from calls, the most frequent first."""
    values = {"clinic": read.clinic_id, "since": since, "never_joined": NEVER_JOINED}
    return (await read.execute(_FAILURES, values)).all()


async def worst_since(read: ReadSession, since: datetime) -> Sequence[Row[Any]]:
    """The visits whose calls went worst. Visits without trouble are not among them."""
    return (await read.execute(_WORST, {"clinic": read.clinic_id, "since": since, "most": WORST})).all()
