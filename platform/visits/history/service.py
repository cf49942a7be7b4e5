"""Keeping what pages tell of their calls. Nothing here touches the visit or the call itself; none commits."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from core import audit
from core.database.session import WriteSession
from core.errors import Conflict, FieldError, Invalid
from core.ids import new_id
from identity.limits import CALL_FAILURES, CALL_HISTORY, Limiter
from visits import repository as visits
from visits.access import check_has_visit
from visits.domain import VisitStatus
from visits.history import repository
from visits.history.access import own_attempt
from visits.history.domain import AHEAD, LATE, TICK
from visits.history.schemas import Batch, DropIn, Failure, Mark, SampleIn
from visits.models import CallAttempt, Visit


async def record(write: WriteSession, visit_id: UUID, batch: Batch) -> None:
    """Keep a batch of one's own attempt. Raises NotFound, Conflict `call_over`, Invalid by field, TooMany.

    Not audited: a page that measures itself sees nothing of anybody, and would fill the audit.
    """
    attempt = await own_attempt(write, visit_id, batch.attempt_id)
    await Limiter(write.services).spend(CALL_HISTORY, write.actor.own_account)
    _check_recent(attempt, write.now())
    _check_moments(batch, attempt, write.now())
    await _check_participants(write, visit_id, batch.samples)
    await keep(write, attempt, _within(attempt, batch))


async def keep(write: WriteSession, attempt: CallAttempt, batch: Batch) -> None:
    """Keep a batch that was checked; what is there already stays as it is."""
    await repository.add_samples(write, [_sample(write, attempt, each) for each in batch.samples])
    await repository.add_drops(write, [_drop(write, attempt, each) for each in batch.drops])


async def mark(write: WriteSession, visit_id: UUID, said: Mark) -> None:
    """Somebody found the call bad. Raises NotFound, Conflict `call_over`, TooMany."""
    attempt = await own_attempt(write, visit_id, said.attempt_id)
    await Limiter(write.services).spend(CALL_FAILURES, write.actor.own_account)
    _check_recent(attempt, write.now())
    row = _row(write, attempt_id=attempt.id, at=write.now(), reason=said.reason)
    await repository.put_mark(write, row)
    patients = await visits.patients_of(write, [visit_id])
    await audit.log(
        write,
        "call.mark",
        patient_id=patients.get(visit_id),
        entity=("visit", visit_id),
        detail={"attempt_id": str(attempt.id), "reason": said.reason.value},
    )


async def fail(write: WriteSession, visit_id: UUID, failure: Failure, browser: str | None) -> None:
    """Something kept the actor from the call. Raises NotFound, Restricted, Forbidden, Conflict `visit_moved_on`,
    TooMany."""
    visit = await visits.get_visible(write, visit_id)
    if not write.actor.is_patient:
        check_has_visit(write.actor, visit)
    if failure.attempt_id is not None:
        await own_attempt(write, visit_id, failure.attempt_id)
    await Limiter(write.services).spend(CALL_FAILURES, write.actor.own_account)
    _check_at_call(visit, write.now())
    row = _row(
        write,
        visit_id=visit_id,
        attempt_id=failure.attempt_id,
        account_id=write.actor.own_account,
        role="patient" if write.actor.is_patient else "clinician",
        at=write.now().replace(second=0, microsecond=0),
        reason=failure.reason,
        browser=browser,
    )
    await repository.add_failure(write, row)


def _check_recent(attempt: CallAttempt, now: datetime) -> None:
    if attempt.ended_at is not None and now - attempt.ended_at > LATE:
        raise Conflict("call_over")


def _check_at_call(visit: Visit, now: datetime) -> None:
    just_over = visit.finished_at is not None and now - visit.finished_at <= LATE
    if visit.status is not VisitStatus.ADMITTED and not just_over:
        raise Conflict("visit_moved_on", status=visit.status.value)


def _check_moments(batch: Batch, attempt: CallAttempt, now: datetime) -> None:
    """Nothing was measured in the future."""
    latest = now + AHEAD - attempt.requested_at
    wrong = [*_later("samples", batch.samples, latest), *_later("drops", batch.drops, latest)]
    if wrong:
        raise Invalid(wrong)


def _later(name: str, sent: Iterable[SampleIn | DropIn], latest: timedelta) -> Iterable[FieldError]:
    for number, each in enumerate(sent):
        lasted = each.lasted_ms if isinstance(each, DropIn) else 0
        if timedelta(milliseconds=each.at_ms + lasted) > latest:
            yield FieldError(f"{name}.{number}.at_ms", "in_the_future")


def _within(attempt: CallAttempt, batch: Batch) -> Batch:
    """What belongs to the attempt. A page that was cut off goes on for a while after its attempt was given up."""
    if attempt.ended_at is None:
        return batch
    end = (attempt.ended_at + AHEAD - attempt.requested_at) // timedelta(milliseconds=1)
    drops = [
        msgspec.structs.replace(each, lasted_ms=min(each.lasted_ms, end - each.at_ms))
        for each in batch.drops
        if each.at_ms <= end
    ]
    samples = [each for each in batch.samples if each.at_ms <= end]
    return msgspec.structs.replace(batch, samples=samples, drops=drops)


async def _check_participants(write: WriteSession, visit_id: UUID, samples: Iterable[SampleIn]) -> None:
    there = await repository.participants(write, visit_id) - {write.actor.own_account}
    wrong = [
        FieldError(f"samples.{number}.participant_id", "not_in_the_call")
        for number, each in enumerate(samples)
        if each.participant_id not in there
    ]
    if wrong:
        raise Invalid(wrong)


def _sample(write: WriteSession, attempt: CallAttempt, sample: SampleIn) -> dict[str, Any]:
    values = msgspec.structs.asdict(sample)
    return _row(write, attempt_id=attempt.id, **_moment(attempt, values.pop("at_ms")), **values)


def _drop(write: WriteSession, attempt: CallAttempt, drop: DropIn) -> dict[str, Any]:
    values = msgspec.structs.asdict(drop)
    return _row(write, attempt_id=attempt.id, **_moment(attempt, values.pop("at_ms")), **values)


def _moment(attempt: CallAttempt, at_ms: int) -> dict[str, Any]:
    since = timedelta(milliseconds=at_ms)
    return {"at": attempt.requested_at + since, "tick": since // TICK}


def _row(write: WriteSession, **values: Any) -> dict[str, Any]:
    return {"id": new_id(), "clinic_id": write.clinic_id, "created_at": write.now(), **values}
