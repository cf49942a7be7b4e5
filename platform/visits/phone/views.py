"""What screens show of a visit's telephone calls. A patient is never shown a clinician's number."""

from collections.abc import Sequence
from uuid import UUID

from core.database.session import ReadSession
from visits.models import Visit
from visits.phone import account, numbers, repository
from visits.phone.domain import Side, modality
from visits.phone.models import PhoneCall, PhoneLeg
from visits.phone.schemas import PhoneCallOut, PhoneLegOut, PhoneOut


async def phone(read: ReadSession, visit: Visit) -> PhoneOut:
    """Everything about the visit's telephone calls that the reader may see."""
    staff = not read.actor.is_patient
    theirs = await repository.patients_number(read, visit)
    mine = await repository.last_own_number(read, read.actor.own_account) if staff else None
    calls = await calls_of(read, visit.id, with_own=staff)
    return PhoneOut(
        available=account.is_available(read.services.settings),
        asked_at=await repository.asked_at(read, visit.id),
        patient_number=numbers.masked(theirs),
        own_number=numbers.masked(mine),
        modality=modality(
            video=await repository.had_video(read, visit.id),
            phone=any(each.connected_at for each in calls),
        ),
        calls=calls,
    )


async def calls_of(read: ReadSession, visit_id: UUID, *, with_own: bool) -> list[PhoneCallOut]:
    """The visit's calls in order; `with_own` shows the last digits of the clinician's number."""
    calls = await repository.calls_of(read, visit_id)
    legs = await repository.legs_of(read, *(call.id for call in calls)) if calls else []
    return [_call(read, call, [leg for leg in legs if leg.call_id == call.id], with_own) for call in calls]


def _call(read: ReadSession, call: PhoneCall, legs: Sequence[PhoneLeg], with_own: bool) -> PhoneCallOut:
    newest = {leg.side: leg for leg in legs}
    return PhoneCallOut(
        id=call.id,
        started_at=call.created_at,
        connected_at=call.connected_at,
        ended_at=call.ended_at,
        end_cause=call.end_cause,
        legs=[_leg(read, newest[side], with_own) for side in Side if side in newest],
    )


def _leg(read: ReadSession, leg: PhoneLeg, with_own: bool) -> PhoneLegOut:
    shown = with_own or leg.side is Side.PATIENT
    return PhoneLegOut(
        side=leg.side,
        status=leg.status,
        number=numbers.masked(numbers.number_of(read, leg)) if shown else None,
        failure=leg.failure,
        joined=leg.joined_at is not None,
    )
