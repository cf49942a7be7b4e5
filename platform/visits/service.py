"""The verbs of a visit's life: requested, ready, admitted, put back, finished, called off. None commits.

Each changes one visit that its caller has locked (`repository.for_update`), and tells what happened
(`announce.announce_step`).

Verbs that the state does not allow raise Conflict `visit_moved_on` with the `status` that it is in.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace
from sqlalchemy.exc import IntegrityError

from core.database.session import WriteSession
from core.errors import Conflict, Forbidden
from core.ids import new_id
from core.rules.rulebook import Decision
from identity.patients import service as patients
from identity.person.names import name_of
from identity.related import adults
from identity.related.adults import Adult
from visits import repository
from visits.access import check_has_visit
from visits.announce import announce_step, publish_change
from visits.booking import service as booking
from visits.calls import service as calls
from visits.domain import (
    EMERGENCY_NOTED,
    EMERGENCY_ONCE,
    OPEN_STATUSES,
    PHONED_ONCE,
    AttemptEnd,
    IllegalMove,
    Priority,
    RedFlag,
    VisitKind,
    VisitStatus,
    explained,
    flag,
    may_check_in,
    place_after_absence,
    place_in_time,
    raised,
)
from visits.location import licensed
from visits.models import Visit
from visits.people import service as people
from visits.phone import repository as phone
from visits.timeline import StepKind
from visits.visit_types import repository as types
from visits.visit_types import service as visit_types


async def request(
    write: WriteSession, patient_id: UUID, reason_code: str, wanted: booking.RequestedTime | None = None
) -> Visit:
    """Open a visit, in intake. With `wanted` it is booked for that time, else it is on demand.

    Raises Invalid for a reason that this clinic does not offer to this patient, Conflict `visit_already_open` (with its
    visit_id) for a second one on demand, `too_many_booked` for a patient, and what `booking.take` raises.
    """
    visit_type = await visit_types.offered_to(write, await patients.get(write, patient_id), reason_code)
    slot = await booking.take(write, patient_id, visit_type, wanted) if wanted else None
    if slot and write.actor.is_patient:
        await booking.check_few(write, patient_id)
    visit = Visit(
        id=new_id(),
        patient_id=patient_id,
        reason_code=reason_code,
        kind=VisitKind.BOOKED if slot else VisitKind.ON_DEMAND,
        status=VisitStatus.INTAKE,
        slot_id=slot.id if slot else None,
        location_id=slot.location_id if slot else None,
        clinician_id=slot.clinician_id if slot else None,
        requested_at=write.now(),
    )
    try:
        async with write.savepoint():
            write.add(visit)
            await write.flush()
    except IntegrityError as error:
        already = await repository.open_on_demand(write, patient_id)
        if already is None:
            raise
        raise Conflict("visit_already_open", visit_id=str(already.id)) from error
    await announce_step(write, visit, StepKind.REQUESTED)
    return visit


def attach_intake_summary(visit: Visit, summary: dict[str, Any]) -> None:
    """Keep what the patient said, in the words that the clinician and the note use."""
    visit.intake_summary = summary


async def make_ready(
    write: WriteSession, visit: Visit, location: dict[str, str], callback_phone: str
) -> None:
    """Intake is complete: into the waiting room, or, long before a booked time, ready to check in later.

    A patient in danger who was admitted out of the intake may still finish it: the visit stays admitted, and what
    was confirmed at the call counts. `location` is `where.Location` as JSON, `callback_phone` as
    `identity.person.contacts.parse_dialed` has it; intake has checked both.
    """
    if visit.status not in (VisitStatus.INTAKE, VisitStatus.ADMITTED) or visit.intake_done_at is not None:
        raise Conflict("visit_moved_on", status=visit.status.value)
    visit.intake_done_at = write.now()
    if visit.status is VisitStatus.INTAKE:
        visit.location, visit.callback_phone = location, callback_phone
    await check_in(write, visit)


async def check_in(write: WriteSession, visit: Visit) -> None:
    """Let a patient whose intake is complete sit down, if it is time. Nothing happens if it is not."""
    if visit.status is not VisitStatus.INTAKE or visit.intake_done_at is None:
        return
    slot = await repository.slot_of(write, visit)
    starts_at, now = slot.starts_at if slot else None, write.now()
    if may_check_in(starts_at, now):
        _move(visit, VisitStatus.WAITING)
        visit.ready_at, visit.queued_at = now, place_in_time(starts_at, now)
        await announce_step(write, visit, StepKind.READY)


async def raise_priority(
    write: WriteSession, visit: Visit, flags: Sequence[tuple[Decision, Priority]]
) -> None:
    """Add red flags by what rules decided, at any time; the clinic's screens hear of new ones at once.

    A flag whose answers had been changed and raise it again is no longer marked, and is told again.
    """
    known = {each.code: each for each in flags_of(visit)}
    new = [each for each in flags if each[0].rule not in known]
    again = [each.rule for each, _ in flags if each.rule in known and known[each.rule].changed_at is not None]
    if not new and not again:
        return
    made = [flag(decision, priority, write.now()) for decision, priority in new]
    kept = [replace(each, changed_at=None) if code in again else each for code, each in known.items()]
    visit.red_flags = msgspec.to_builtins(explained(kept, [each for each, _ in flags]) + made)
    visit.priority = raised(visit.priority, [priority for _, priority in new])
    await announce_step(write, visit, StepKind.FLAGGED)


async def mark_flags_changed(write: WriteSession, visit: Visit, since: Mapping[str, datetime]) -> None:
    """The answers no longer raise these flags: they stay, and so does the priority, marked with `since` when."""
    kept = flags_of(visit)
    marked = [
        replace(each, changed_at=since[each.code]) if each.code in since and not each.changed_at else each
        for each in kept
    ]
    if marked != kept:
        visit.red_flags = msgspec.to_builtins(marked)
        await announce_step(write, visit, StepKind.FLAG_CHANGED)


def keep_reasons(write: WriteSession, visit: Visit, decisions: Sequence[Decision]) -> None:
    """Flags that still hold say why as the answers are now, which may be for another reason than at first."""
    known = flags_of(visit)
    kept = explained(known, decisions)
    if kept != known:
        visit.red_flags = msgspec.to_builtins(kept)
        publish_change(write, visit)


def flags_of(visit: Visit) -> list[RedFlag]:
    """The red flags raised so far, in the order in which they were."""
    return msgspec.convert(visit.red_flags, list[RedFlag])


def keep_reachable(
    write: WriteSession, visit: Visit, location: dict[str, str] | None, callback_phone: str | None
) -> None:
    """Publish where a patient with a red flag is and how to call them, as far as is known. None keeps what was."""
    known = visit.location, visit.callback_phone
    newest = location or visit.location, callback_phone or visit.callback_phone
    if newest != known:
        visit.location, visit.callback_phone = newest
        publish_change(write, visit)


async def name_adult(write: WriteSession, visit: Visit, adult: Adult) -> None:
    """An adult is named who is with the child, before the visit or anew while it is open. Saying the same again is
    saying nothing."""
    if visit.status not in OPEN_STATUSES:
        raise Conflict("visit_moved_on", status=visit.status.value)
    newest = msgspec.to_builtins(adult)
    if visit.adult != newest:
        visit.adult = newest
        await announce_step(write, visit, StepKind.ADULT_NAMED)


async def require_adult(write: WriteSession, visit: Visit, callback_phone: str) -> None:
    """A child joins no call before it is known which adult is with them. Whoever acts for the child is with them.

    Nobody in danger waits for it, nor who comes back into a call. Raises Conflict `adult_missing`.
    """
    if visit.adult is not None or visit.red_flags or not await adults.is_child(write, visit.patient_id):
        return
    acting = adults.own(await adults.beside(write, visit.patient_id), write.actor)
    if acting is not None:
        await name_adult(write, visit, adults.adult_of(acting, callback_phone))
    elif not await repository.was_in_call(write, visit.id, write.actor.own_account):
        raise Conflict("adult_missing")


async def note_phoned(write: WriteSession, visit: Visit) -> None:
    """Somebody of the clinic calls the patient now. A double click is one call (domain.PHONED_ONCE)."""
    if visit.status not in OPEN_STATUSES:
        raise Conflict("visit_moved_on", status=visit.status.value)
    if not await repository.has_done(write, visit.id, StepKind.PHONED, since=write.now() - PHONED_ONCE):
        await announce_step(write, visit, StepKind.PHONED)


async def note_emergency(write: WriteSession, visit: Visit) -> None:
    """Emergency services were called for the patient, in the visit or up to EMERGENCY_NOTED after it. Who says so again
    within a minute says the same (domain.EMERGENCY_ONCE). Raises Conflict `visit_moved_on`."""
    just_over = visit.finished_at is not None and write.now() - visit.finished_at <= EMERGENCY_NOTED
    if visit.status not in OPEN_STATUSES and not just_over:
        raise Conflict("visit_moved_on", status=visit.status.value)
    since = write.now() - EMERGENCY_ONCE
    if not await repository.has_done(write, visit.id, StepKind.EMERGENCY_CALLED, since=since):
        await announce_step(write, visit, StepKind.EMERGENCY_CALLED)


async def leave(write: WriteSession, visit: Visit) -> None:
    """The patient steps out of the waiting room; the place is kept for a while (domain.AWAY_GRACE)."""
    _move(visit, VisitStatus.LEFT)
    visit.left_at = write.now()
    await announce_step(write, visit, StepKind.LEFT)


async def come_back(write: WriteSession, visit: Visit) -> None:
    """Back in the waiting room: at the same place after a short absence."""
    if visit.status is not VisitStatus.LEFT or visit.queued_at is None or visit.left_at is None:
        raise Conflict("visit_moved_on", status=visit.status.value)
    _move(visit, VisitStatus.WAITING)
    visit.queued_at = place_after_absence(visit.queued_at, visit.left_at, write.now())
    visit.left_at = None
    await announce_step(write, visit, StepKind.RETURNED)


async def say_running_late(write: WriteSession, visit: Visit, minutes: int) -> None:
    """Tell the patient that it will take about so many minutes more."""
    if visit.status not in (VisitStatus.INTAKE, VisitStatus.WAITING, VisitStatus.LEFT):
        raise Conflict("visit_moved_on", status=visit.status.value)
    visit.running_late_minutes, visit.running_late_at = minutes, write.now()
    await announce_step(write, visit, StepKind.RUNNING_LATE)


async def admit(write: WriteSession, visit: Visit, licence_reason: str | None = None) -> None:
    """The acting clinician takes the visit. Doing so twice is doing so once.

    A patient with a red flag need not be in the waiting room (domain.ONLY_FLAGGED).
    Raises Conflict `visit_already_admitted` (`by`: the name) when another clinician was quicker, and
    Forbidden `not_licensed_there` (`state`) when the patient is where the actor holds no licence, unless a
    reason is given, which goes into the audit.
    """
    me = write.actor.own_account
    if visit.status is VisitStatus.ADMITTED:
        if visit.clinician_id == me:
            return
        raise Conflict("visit_already_admitted", by=await name_of(write, visit.clinician_id))
    _check(visit, VisitStatus.ADMITTED)
    covered = licensed(await repository.licences_of(write, me), visit.location)
    if not covered and not licence_reason:
        raise Forbidden("not_licensed_there", state=(visit.location or {}).get("state", ""))
    _move(visit, VisitStatus.ADMITTED)
    visit.clinician_id, visit.admitted_at, visit.left_at = me, write.now(), None
    visit.running_late_minutes = visit.running_late_at = None
    await announce_step(write, visit, StepKind.ADMITTED, reason=None if covered else licence_reason)


async def put_back(write: WriteSession, visit: Visit) -> None:
    """Give the patient back to where they came from: the waiting room, to the place they had, or the intake.

    The clinician who has the visit may, and the rest of the care team while that clinician is not in the call:
    their shift or their connection may have ended, and nobody would see the patient. Raises Conflict
    `clinician_in_call` (`by`: the name).
    """
    if visit.status is not VisitStatus.ADMITTED:
        raise Conflict("visit_moved_on", status=visit.status.value)
    await _check_may_put_back(write, visit)
    _move(visit, VisitStatus.WAITING if visit.queued_at else VisitStatus.INTAKE)
    await calls.end_all(write, visit, AttemptEnd.REMOVED)
    await people.put_back(write, visit)
    slot = await repository.slot_of(write, visit)
    visit.clinician_id, visit.admitted_at = slot.clinician_id if slot else None, None
    await announce_step(write, visit, StepKind.PUT_BACK)
    await check_in(write, visit)


async def _check_may_put_back(write: WriteSession, visit: Visit) -> None:
    clinician_id = visit.clinician_id
    if clinician_id is None or clinician_id == write.actor.own_account:
        return
    in_call = await repository.open_attempt(write, visit.id, clinician_id) is not None
    if in_call or await phone.is_on_phone(write, visit.id, clinician_id):
        raise Conflict("clinician_in_call", by=await name_of(write, clinician_id))


async def finish(write: WriteSession, visit: Visit) -> None:
    """End the visit: the only verb that does. A call that goes on is ended with it."""
    check_has_visit(write.actor, visit)
    _move(visit, VisitStatus.FINISHED)
    visit.finished_at = write.now()
    await calls.end_all(write, visit, AttemptEnd.VISIT_OVER)
    await people.end_all(write, visit)
    await announce_step(write, visit, StepKind.FINISHED)


async def cancel(write: WriteSession, visit: Visit, reason: str | None = None) -> None:
    """Call the visit off before it has begun; a booked time is free again."""
    _move(visit, VisitStatus.CANCELLED)
    await people.end_all(write, visit)
    await _release(write, visit)
    await announce_step(write, visit, StepKind.CANCELLED, reason=reason)


async def mark_no_show(write: WriteSession, visit: Visit) -> None:
    """The patient did not come, or is not there any more."""
    if visit.status is VisitStatus.ADMITTED:
        check_has_visit(write.actor, visit)
    _move(visit, VisitStatus.NO_SHOW)
    await calls.end_all(write, visit, AttemptEnd.VISIT_OVER)
    await people.end_all(write, visit)
    await announce_step(write, visit, StepKind.NO_SHOW)


async def reschedule(write: WriteSession, visit: Visit, wanted: booking.RequestedTime) -> None:
    """Move a booked visit that has not begun to another time; the answers given so far stay."""
    if visit.status is not VisitStatus.INTAKE or visit.kind is not VisitKind.BOOKED:
        raise Conflict("visit_moved_on", status=visit.status.value)
    await _release(write, visit)
    await write.flush()
    visit_type = await types.by_code(write, visit.reason_code)
    slot = await booking.take(write, visit.patient_id, visit_type, wanted)
    visit.slot_id, visit.clinician_id, visit.location_id = slot.id, slot.clinician_id, slot.location_id
    visit.running_late_minutes = visit.running_late_at = None
    await announce_step(write, visit, StepKind.RESCHEDULED)


async def _release(write: WriteSession, visit: Visit) -> None:
    slot = await repository.slot_of(write, visit)
    if slot is not None:
        booking.release(write, slot)


def _move(visit: Visit, to: VisitStatus) -> None:
    _check(visit, to)
    visit.move(to)


def _check(visit: Visit, to: VisitStatus) -> None:
    """Raise Conflict `visit_moved_on` where the move is not allowed."""
    try:
        visit.check_move(to)
    except IllegalMove as refusal:
        raise Conflict("visit_moved_on", status=refusal.current.value) from refusal
