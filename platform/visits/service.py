"""The verbs of a visit's life. Each changes one visit that its caller has locked (`repository.for_update`),
and tells what happened (`telling.tell`). None commits.

Verbs that the state does not allow raise Conflict `visit_moved_on` with the `status` that it is in.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.exc import IntegrityError

from core.db import WriteSession
from core.errors import Conflict, Forbidden, Invalid
from core.ids import new_id
from identity import clinics
from identity.clinic_settings import parse as parse_settings
from identity.names import name_of
from visits import booking, calls, events, repository
from visits.access import check_has_visit
from visits.domain import (
    AttemptEnd,
    IllegalMove,
    Priority,
    VisitKind,
    VisitStatus,
    flag,
    may_check_in,
    place_after_absence,
    place_in_time,
    raised,
)
from visits.models import Visit
from visits.reasons import REASONS
from visits.telling import tell
from visits.where import licensed


async def request(
    write: WriteSession, patient_id: UUID, reason_code: str, wish: booking.Wish | None = None
) -> Visit:
    """Open a visit, in intake. With a wish for a time it is booked, else on demand.

    Raises Invalid for a reason that this clinic does not offer, Conflict `visit_already_open` (with its
    visit_id) for a second one on demand, `too_many_booked` for a patient, and what `booking.take` raises.
    """
    clinic = await clinics.current(write)
    if reason_code not in REASONS or reason_code in parse_settings(clinic.settings).reasons_off:
        raise Invalid({"reason_code": "reason_not_offered"})
    slot = await booking.take(write, clinic, patient_id, wish) if wish else None
    if slot and write.actor.is_patient:
        await booking.check_few(write, patient_id)
    visit = Visit(
        id=new_id(),
        patient_id=patient_id,
        reason_code=reason_code,
        kind=VisitKind.BOOKED if slot else VisitKind.ON_DEMAND,
        status=VisitStatus.INTAKE,
        slot_id=slot.id if slot else None,
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
    await tell(write, visit, events.VisitRequested)
    return visit


def attach_intake_summary(visit: Visit, summary: dict[str, Any]) -> None:
    """Keep what the patient said, in the words that the clinician and the note use."""
    visit.intake_summary = summary


async def make_ready(
    write: WriteSession, visit: Visit, location: dict[str, str], callback_phone: str
) -> None:
    """Intake is complete: into the waiting room, or, long before a booked time, ready to check in later.

    `location` is `where.Location` as JSON, `callback_phone` E.164; intake has checked both.
    """
    if visit.status is not VisitStatus.INTAKE:
        raise Conflict("visit_moved_on", status=visit.status.value)
    visit.intake_done_at = write.now()
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
        await tell(write, visit, events.VisitReady)


async def raise_priority(write: WriteSession, visit: Visit, flags: Mapping[str, Priority]) -> None:
    """Add red flags by their rules' codes, at any time; the clinic's screens hear of new ones at once."""
    known = {each["code"] for each in visit.red_flags}
    new = {code: priority for code, priority in flags.items() if code not in known}
    if new:
        now = write.now()
        made = [flag(code, priority, now) for code, priority in new.items()]
        visit.red_flags = [*visit.red_flags, *msgspec.to_builtins(made)]
        visit.priority = raised(visit.priority, new.values())
        await tell(write, visit, events.VisitFlagged)


async def leave(write: WriteSession, visit: Visit) -> None:
    """The patient steps out of the waiting room; the place is kept for a while (domain.AWAY_GRACE)."""
    _move(visit, VisitStatus.LEFT)
    visit.left_at = write.now()
    await tell(write, visit, events.VisitLeft)


async def come_back(write: WriteSession, visit: Visit) -> None:
    """Back in the waiting room: at the same place after a short absence."""
    if visit.status is not VisitStatus.LEFT or visit.queued_at is None or visit.left_at is None:
        raise Conflict("visit_moved_on", status=visit.status.value)
    _move(visit, VisitStatus.WAITING)
    visit.queued_at = place_after_absence(visit.queued_at, visit.left_at, write.now())
    visit.left_at = None
    await tell(write, visit, events.VisitReturned)


async def say_running_late(write: WriteSession, visit: Visit, minutes: int) -> None:
    """Tell the patient that it will take about so many minutes more."""
    if visit.status not in (VisitStatus.INTAKE, VisitStatus.WAITING, VisitStatus.LEFT):
        raise Conflict("visit_moved_on", status=visit.status.value)
    visit.running_late_minutes, visit.running_late_at = minutes, write.now()
    await tell(write, visit, events.VisitRunningLate)


async def admit(write: WriteSession, visit: Visit, licence_reason: str | None = None) -> None:
    """The acting clinician takes the visit. Doing so twice is doing so once.

    Raises Conflict `visit_already_admitted` (`by`: the name) when another clinician was quicker, and
    Forbidden `not_licensed_there` (`state`) when the patient is where the actor holds no licence, unless a
    reason is given, which goes into the audit.
    """
    me = write.actor.own_account
    if visit.status is VisitStatus.ADMITTED:
        if visit.clinician_id == me:
            return
        raise Conflict("visit_already_admitted", by=await name_of(write, visit.clinician_id))
    covered = licensed(await repository.licences_of(write, me), visit.location)
    if not covered and not licence_reason:
        raise Forbidden("not_licensed_there", state=(visit.location or {}).get("state", ""))
    _move(visit, VisitStatus.ADMITTED)
    visit.clinician_id, visit.admitted_at = me, write.now()
    visit.running_late_minutes = visit.running_late_at = None
    await tell(write, visit, events.VisitAdmitted, reason=None if covered else licence_reason)


async def put_back(write: WriteSession, visit: Visit) -> None:
    """Give the patient back to the waiting room, to the place they had.

    The clinician who has the visit may, and the rest of the care team while that clinician is not in the call:
    their shift or their connection may have ended, and nobody would see the patient. Raises Conflict
    `clinician_in_call` (`by`: the name).
    """
    await _check_may_put_back(write, visit)
    _move(visit, VisitStatus.WAITING)
    await calls.end_all(write, visit, AttemptEnd.REMOVED)
    slot = await repository.slot_of(write, visit)
    visit.clinician_id, visit.admitted_at = slot.clinician_id if slot else None, None
    await tell(write, visit, events.VisitPutBack)


async def _check_may_put_back(write: WriteSession, visit: Visit) -> None:
    clinician_id = visit.clinician_id
    if clinician_id is None or clinician_id == write.actor.own_account:
        return
    if visit.status is VisitStatus.ADMITTED and await repository.open_attempt(write, visit.id, clinician_id):
        raise Conflict("clinician_in_call", by=await name_of(write, clinician_id))


async def finish(write: WriteSession, visit: Visit) -> None:
    """End the visit: the only verb that does. A call that goes on is ended with it."""
    check_has_visit(write.actor, visit)
    _move(visit, VisitStatus.FINISHED)
    visit.finished_at = write.now()
    await calls.end_all(write, visit, AttemptEnd.VISIT_OVER)
    await tell(write, visit, events.VisitFinished)


async def cancel(write: WriteSession, visit: Visit, reason: str | None = None) -> None:
    """Call the visit off before it has begun; a booked time is free again."""
    _move(visit, VisitStatus.CANCELLED)
    await _release(write, visit)
    await tell(write, visit, events.VisitCancelled, reason=reason)


async def mark_no_show(write: WriteSession, visit: Visit) -> None:
    """The patient did not come, or is not there any more."""
    if visit.status is VisitStatus.ADMITTED:
        check_has_visit(write.actor, visit)
    _move(visit, VisitStatus.NO_SHOW)
    await calls.end_all(write, visit, AttemptEnd.VISIT_OVER)
    await tell(write, visit, events.VisitNoShow)


async def reschedule(write: WriteSession, visit: Visit, wish: booking.Wish) -> None:
    """Move a booked visit that has not begun to another time; the answers given so far stay."""
    if visit.status is not VisitStatus.INTAKE or visit.kind is not VisitKind.BOOKED:
        raise Conflict("visit_moved_on", status=visit.status.value)
    await _release(write, visit)
    await write.flush()
    slot = await booking.take(write, await clinics.current(write), visit.patient_id, wish)
    visit.slot_id, visit.clinician_id = slot.id, slot.clinician_id
    visit.running_late_minutes = visit.running_late_at = None
    await tell(write, visit, events.VisitRescheduled)


async def _release(write: WriteSession, visit: Visit) -> None:
    slot = await repository.slot_of(write, visit)
    if slot is not None:
        booking.release(write, slot)


def _move(visit: Visit, to: VisitStatus) -> None:
    try:
        visit.move(to)
    except IllegalMove as refusal:
        raise Conflict("visit_moved_on", status=refusal.current.value) from refusal
