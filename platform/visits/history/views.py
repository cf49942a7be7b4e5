"""What support staff see of calls: roles, times and figures. No name, no patient, no address."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from core.database.session import ReadSession
from visits.history import repository
from visits.history.domain import SHOWN, badness, thinned
from visits.history.models import CallSample
from visits.history.schemas import (
    AttemptOut,
    ConnectionOut,
    DropOut,
    FailureCount,
    FailureOut,
    Health,
    MarkOut,
    SampleOut,
    WorstVisit,
)
from visits.models import CallAttempt, Visit


async def connection(read: ReadSession, visit: Visit) -> ConnectionOut:
    """How the calls of a visit went."""
    attempts = await repository.attempts_of(read, visit.id)
    ids = [attempt.id for attempt in attempts]
    kept = await repository.samples_of(read, ids)
    samples = _shown(kept)
    roles = {attempt.account_id: attempt.role for attempt in attempts}
    drops, marks = await repository.drops_of(read, ids), await repository.marks_of(read, ids)
    failures = await repository.failures_of(read, visit.id)
    return ConnectionOut(
        visit_id=visit.id,
        status=visit.status,
        admitted_at=visit.admitted_at,
        finished_at=visit.finished_at,
        attempts=[_attempt(each) for each in attempts],
        samples=[_sample(each, roles) for each in samples],
        thinned=len(samples) < len(kept),
        drops=[
            DropOut(each.attempt_id, each.at, each.lasted_ms, each.cause, each.recovered) for each in drops
        ],
        failures=[FailureOut(each.at, each.role, each.reason, each.browser) for each in failures],
        marks=[MarkOut(each.attempt_id, each.at, each.reason) for each in marks],
    )


async def health(read: ReadSession, days: int) -> Health:
    """The clinic's calls of the last days."""
    since = read.now() - timedelta(days=days)
    summed = await repository.summed(read, since)
    failures = [FailureCount(**row._mapping) for row in await repository.failures_since(read, since)]
    worst = [WorstVisit(**row._mapping) for row in await repository.worst_since(read, since)]
    return Health(
        days=days,
        visits=summed.visits,
        attempts=summed.attempts,
        drops=summed.drops,
        marks=summed.marks,
        failed=sum(each.count for each in failures),
        failures=failures,
        worst=worst,
    )


def _shown(samples: Sequence[CallSample]) -> list[CallSample]:
    """At most `SHOWN` of each page and other person, in order of time."""
    lines: dict[tuple[UUID, UUID], list[CallSample]] = defaultdict(list)
    for each in samples:
        lines[each.attempt_id, each.participant_id].append(each)
    chosen = (each for line in lines.values() for each in thinned(line, SHOWN, _badness))
    return sorted(chosen, key=lambda each: each.at)


def _badness(sample: CallSample) -> float:
    return badness(sample.loss, sample.round_trip_ms, sample.fps)


def _attempt(attempt: CallAttempt) -> AttemptOut:
    return AttemptOut(
        id=attempt.id,
        role=attempt.role,
        browser=attempt.browser,
        requested_at=attempt.requested_at,
        joined_at=attempt.joined_at,
        connected_at=attempt.connected_at,
        ended_at=attempt.ended_at,
        end_cause=attempt.end_cause,
    )


def _sample(sample: CallSample, roles: Mapping[UUID, str]) -> SampleOut:
    return SampleOut(
        attempt_id=sample.attempt_id,
        from_role=roles[sample.participant_id],
        at=sample.at,
        path=sample.path,
        transport=sample.transport,
        loss=sample.loss,
        jitter_ms=sample.jitter_ms,
        round_trip_ms=sample.round_trip_ms,
        received_kbps=sample.received_kbps,
        sent_kbps=sample.sent_kbps,
        width=sample.width,
        height=sample.height,
        fps=sample.fps,
    )
