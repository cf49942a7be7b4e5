"""The verbs of a telephone call: asked for, begun, rung again, heard of, ended. None commits, none ends the visit.

Each acts on a visit that its caller has locked (`visits.repository.for_update`), so webhooks, buttons and the worker
come one after the other.
"""

from core.database.session import WriteSession
from core.errors import Conflict
from core.events import outbox
from core.ids import new_id
from identity.limits import PHONE_LEGS, Limiter
from visits import repository as visits
from visits.access import check_has_visit
from visits.announce import announce_phone, publish_change
from visits.domain import VisitStatus
from visits.models import Visit
from visits.phone import account, numbers, repository
from visits.phone.domain import (
    ASKED_ONCE,
    CallEnd,
    LegStatus,
    Side,
    is_connected,
    why_over,
)
from visits.phone.events import PhoneLegGivenUp, PhoneLegQueued
from visits.phone.models import PhoneCall, PhoneLeg
from visits.phone.schemas import Begin, Ring
from visits.timeline import StepKind


async def ask(write: WriteSession, visit: Visit) -> None:
    """The patient asks to go on by telephone. A double tap asks once. Raises Conflict `visit_moved_on`."""
    _check_admitted(visit)
    asked = await visits.has_done(write, visit.id, StepKind.PHONE_ASKED, since=write.now() - ASKED_ONCE)
    if not asked and await repository.open_call(write, visit.id) is None:
        await announce_phone(write, visit, StepKind.PHONE_ASKED)


async def begin(write: WriteSession, visit: Visit, wanted: Begin) -> None:
    """Ring both. While a call goes on, beginning one again changes nothing.

    Raises Forbidden `not_your_visit`, Conflict `visit_moved_on` or `phone_unavailable`, Invalid by field, TooMany.
    """
    _check_may(write, visit)
    if await repository.open_call(write, visit.id) is not None:
        return
    patient = await repository.patients_number(write, visit)
    own = await repository.last_own_number(write, write.actor.own_account)
    to_patient = numbers.checked(write, "patient_number", wanted.patient_number, patient)
    to_own = numbers.checked(write, "own_number", wanted.own_number, own)
    call = PhoneCall(id=new_id(), visit_id=visit.id, clinician_id=write.actor.own_account)
    write.add(call)
    await write.flush()
    await announce_phone(write, visit, StepKind.PHONE_STARTED, call.id)
    await _queue(write, call, Side.CLINICIAN, to_own)
    await _queue(write, call, Side.PATIENT, to_patient)


async def ring(write: WriteSession, visit: Visit, wanted: Ring) -> None:
    """Ring one side again, at the same number or another one. Whose telephone rings already is not rung twice.

    Raises Conflict `phone_call_over` besides what `begin` raises.
    """
    _check_may(write, visit)
    call = await repository.open_call(write, visit.id)
    if call is None:
        raise Conflict("phone_call_over")
    mine = [leg for leg in await repository.legs_of(write, call.id) if leg.side is wanted.side]
    if any(leg.state.is_open for leg in mine):
        return
    last = numbers.number_of(write, mine[-1]) if mine else None
    await _queue(write, call, wanted.side, numbers.checked(write, "number", wanted.number, last))
    publish_change(write, visit)


async def hang_up(write: WriteSession, visit: Visit) -> None:
    """The clinician hangs up for both. Raises Forbidden `not_your_visit`."""
    check_has_visit(write.actor, visit)
    await end(write, visit, CallEnd.BACK_TO_VIDEO)


async def end(write: WriteSession, visit: Visit, cause: CallEnd) -> None:
    """End the telephone call that goes on, if one does: every telephone is hung up."""
    call = await repository.open_call(write, visit.id)
    if call is not None:
        await _close(write, visit, call, cause)


async def hear(
    write: WriteSession,
    visit: Visit,
    leg: PhoneLeg,
    call: PhoneCall,
    said: LegStatus,
    failure: str | None = None,
) -> None:
    """Take what twilio says of a leg, and draw the consequences for the call. Said again it changes nothing."""
    if not leg.hear(said, write.now()):
        return
    if leg.status is LegStatus.FAILED:
        leg.failure = leg.failure or failure or "refused"
    await write.flush()
    if call.ended_at is not None:
        return
    states = [each.state for each in await repository.legs_of(write, call.id)]
    if call.connected_at is None and is_connected(states):
        call.connected_at = write.now()
        await announce_phone(write, visit, StepKind.PHONE_CONNECTED, call.id)
    cause = why_over(states, connected=call.connected_at is not None)
    if cause is not None:
        await _close(write, visit, call, cause)
    publish_change(write, visit)


def _check_admitted(visit: Visit) -> None:
    if visit.status is not VisitStatus.ADMITTED:
        raise Conflict("visit_moved_on", status=visit.status.value)


def _check_may(write: WriteSession, visit: Visit) -> None:
    _check_admitted(visit)
    check_has_visit(write.actor, visit)
    if not account.is_available(write.services.settings):
        raise Conflict("phone_unavailable")


async def _queue(write: WriteSession, call: PhoneCall, side: Side, number: str) -> None:
    await Limiter(write.services).spend(PHONE_LEGS, write.actor.own_account)
    leg_id = new_id()
    leg = PhoneLeg(id=leg_id, call_id=call.id, side=side, number=numbers.seal(write, leg_id, number))
    leg.status, leg.tries = LegStatus.QUEUED, 0
    write.add(leg)
    await write.flush()
    await outbox.add(write, PhoneLegQueued(leg_id=leg_id))


async def give_up(write: WriteSession, leg: PhoneLeg) -> None:
    """Have a telephone hung up."""
    await outbox.add(write, PhoneLegGivenUp(leg_id=leg.id))


async def _close(write: WriteSession, visit: Visit, call: PhoneCall, cause: CallEnd) -> None:
    call.ended_at, call.end_cause = write.now(), cause
    for leg in await repository.legs_of(write, call.id):
        if leg.state.is_open:
            leg.hear(LegStatus.COMPLETED if leg.joined_at else LegStatus.CANCELED, write.now())
            await give_up(write, leg)
    await announce_phone(write, visit, StepKind.PHONE_ENDED, call.id)
