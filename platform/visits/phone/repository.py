"""Queries of telephone calls. Whoever asks has been let to the visit before."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from core.database.session import ReadSession, WriteSession
from identity.models import Account, Patient
from visits.models import CallAttempt, Visit, VisitStep
from visits.phone import numbers
from visits.phone.domain import Side
from visits.phone.models import PhoneCall, PhoneLeg
from visits.timeline import StepKind


async def calls_of(read: ReadSession, visit_id: UUID) -> Sequence[PhoneCall]:
    """The telephone calls of a visit, the first one first."""
    query = select(PhoneCall).where(PhoneCall.visit_id == visit_id)
    return list(await read.scalars(query.order_by(PhoneCall.created_at, PhoneCall.id)))


async def open_call(read: ReadSession, visit_id: UUID) -> PhoneCall | None:
    """The telephone call of a visit that goes on."""
    query = select(PhoneCall).where(PhoneCall.visit_id == visit_id, PhoneCall.ended_at.is_(None))
    found: PhoneCall | None = await read.one_or_none(query)
    return found


async def is_on_phone(read: ReadSession, visit_id: UUID, account_id: UUID) -> bool:
    """Whether this clinician is in a telephone call of the visit."""
    call = await open_call(read, visit_id)
    return call is not None and call.clinician_id == account_id


async def open_calls_by(read: ReadSession, account_id: UUID) -> list[UUID]:
    """The visits in which this clinician has a telephone call that goes on."""
    query = select(PhoneCall.visit_id).where(
        PhoneCall.clinician_id == account_id, PhoneCall.ended_at.is_(None)
    )
    return list(await read.scalars(query))


async def legs_of(read: ReadSession, *calls: UUID) -> Sequence[PhoneLeg]:
    """The legs of these calls, the first one first."""
    query = select(PhoneLeg).where(PhoneLeg.call_id.in_(calls))
    return list(await read.scalars(query.order_by(PhoneLeg.created_at, PhoneLeg.id)))


async def visit_of_leg(read: ReadSession, leg_id: UUID) -> UUID | None:
    """The visit in which a telephone is rung, None for no such leg in this clinic."""
    query = select(PhoneCall.visit_id).join(PhoneLeg, PhoneLeg.call_id == PhoneCall.id)
    found: UUID | None = await read.one_or_none(query.where(PhoneLeg.id == leg_id))
    return found


async def leg(write: WriteSession, leg_id: UUID) -> tuple[PhoneLeg, PhoneCall]:
    """A leg and its call, of a visit that is locked."""
    query = select(PhoneLeg, PhoneCall).join(PhoneCall, PhoneCall.id == PhoneLeg.call_id)
    row = (await write.execute(query.where(PhoneLeg.id == leg_id))).one()
    return row.PhoneLeg, row.PhoneCall


async def others_with(read: ReadSession, leg_id: UUID, sids: Sequence[str]) -> set[str]:
    """Which of twilio's calls are other legs of ours."""
    query = select(PhoneLeg.call_sid).where(PhoneLeg.call_sid.in_(sids), PhoneLeg.id != leg_id)
    return set(await read.scalars(query)) if sids else set()


async def last_own_number(read: ReadSession, account_id: UUID) -> str | None:
    """The number at which a clinician was rung last, or else the one of their account."""
    query = (
        select(PhoneLeg)
        .join(PhoneCall, PhoneCall.id == PhoneLeg.call_id)
        .where(
            PhoneCall.clinician_id == account_id,
            PhoneLeg.side == Side.CLINICIAN,
            PhoneLeg.number.is_not(None),
        )
        .order_by(PhoneLeg.created_at.desc(), PhoneLeg.id.desc())
        .limit(1)
    )
    last: PhoneLeg | None = await read.one_or_none(query)
    number = numbers.number_of(read, last) if last else None
    if number is not None:
        return number
    own: str | None = await read.one_or_none(select(Account.phone).where(Account.id == account_id))
    return own


async def patients_number(read: ReadSession, visit: Visit) -> str | None:
    """Where the patient is called back in this visit, or else their own number."""
    if visit.callback_phone:
        return visit.callback_phone
    found: str | None = await read.one_or_none(select(Patient.phone).where(Patient.id == visit.patient_id))
    return found


async def asked_at(read: ReadSession, visit_id: UUID) -> datetime | None:
    """When the patient last asked to go on by telephone, unless a call was begun since then."""
    asked = (
        select(VisitStep.at)
        .where(VisitStep.visit_id == visit_id, VisitStep.kind == StepKind.PHONE_ASKED)
        .order_by(VisitStep.at.desc())
        .limit(1)
    )
    at: datetime | None = await read.one_or_none(asked)
    begun: datetime | None = await read.scalar(
        select(func.max(PhoneCall.created_at)).where(PhoneCall.visit_id == visit_id)
    )
    return None if at is None or (begun is not None and begun >= at) else at


async def had_video(read: ReadSession, visit_id: UUID) -> bool:
    """Whether the patient was connected in the visit's video call."""
    query = select(CallAttempt.id).where(
        CallAttempt.visit_id == visit_id,
        CallAttempt.role == "patient",
        CallAttempt.connected_at.is_not(None),
    )
    return await read.scalar(query.limit(1)) is not None
