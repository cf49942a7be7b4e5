"""The worker's part of telephone calls: rings, hangs up, asks twilio after a leg that fell silent, and ends calls.

Twilio has no key by which it would place a call once. A call is therefore placed at most once unless its try was
broken off: then twilio is asked first whether it already rings that telephone.
"""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from core.database.session import WriteSession, system_unit
from core.events.outbox import (
    Delivery,
    Keep,
    Subscriber,
    name_of,
    nothing_to_keep,
    slow_subscriber,
    subscriber,
)
from core.logs import Log
from core.services import Services
from core.slices import Cron
from identity.domain import EndReason
from identity.events import SessionEnded
from visits import repository as visits
from visits.events import VisitEvent, VisitFinished, VisitNoShow, VisitPutBack
from visits.phone import account, numbers, repository, service
from visits.phone.domain import PLACED_WITHIN, SILENT_FOR, UNREACHABLE, CallEnd, LegStatus, heard
from visits.phone.events import PhoneLegGivenUp, PhoneLegQueued
from visits.phone.models import PhoneLeg
from visits.phone.ringing import Refused, Ringing, ringing_of, voice

log = Log("visits.phone")


class _Due(NamedTuple):
    ringing: Ringing
    first_try: bool
    late: bool
    leg: PhoneLeg


@slow_subscriber(PhoneLegQueued, "visits.phone.place")
async def place(services: Services, delivery: Delivery[PhoneLegQueued]) -> Keep:
    """Ring a telephone. One that was given up meanwhile, or is too late by now, is not rung."""
    leg_id = delivery.event.leg_id
    due = await _take(services, delivery.clinic_id, leg_id)
    if due is None:
        return nothing_to_keep
    try:
        sid = None if due.first_try else await _placed_before(services, delivery.clinic_id, due)
        if sid is None and due.late:
            return lambda write: _fail(write, leg_id, UNREACHABLE)
        sid = sid or await voice(services.settings).place(due.ringing)
    except Refused as refused:
        failure = str(refused)
        log.warning("phone_call_refused", code=failure)
        return lambda write: _fail(write, leg_id, failure)
    placed = sid
    return lambda write: _keep_sid(write, leg_id, placed)


async def _take(services: Services, clinic_id: UUID, leg_id: UUID) -> _Due | None:
    """The leg to ring, counted as tried; None if there is nothing to ring."""
    async with system_unit(services, clinic_id) as unit:
        leg, _ = await _locked(unit.write, leg_id)
        number = numbers.number_of(unit.read, leg)
        if not leg.state.is_open or leg.call_sid is not None or number is None:
            return None
        leg.tries += 1
        late = unit.write.now() - leg.created_at > PLACED_WITHIN
        ringing = ringing_of(services.settings, clinic_id, leg_id, number)
        return _Due(ringing, leg.tries == 1, late, leg)


async def _placed_before(services: Services, clinic_id: UUID, due: _Due) -> str | None:
    """Twilio's call that a broken-off try has placed, which no other leg of ours is."""
    found = await voice(services.settings).placed_before(due.ringing.number, due.leg.created_at)
    async with system_unit(services, clinic_id) as unit:
        others = await repository.others_with(unit.read, due.leg.id, found)
    return next((sid for sid in found if sid not in others), None)


async def _keep_sid(write: WriteSession, leg_id: UUID, sid: str) -> None:
    """Keep which of twilio's calls it is. One that was given up while it was placed is hung up now."""
    leg, _ = await _locked(write, leg_id)
    if leg.call_sid is None:
        leg.call_sid, leg.heard_at = sid, write.now()
        if not leg.state.is_open:
            await service.give_up(write, leg)


async def _fail(write: WriteSession, leg_id: UUID, failure: str) -> None:
    visit_id = await repository.visit_of_leg(write, leg_id)
    if visit_id is not None:
        visit = await visits.for_update(write, visit_id)
        leg, call = await repository.leg(write, leg_id)
        await service.hear(write, visit, leg, call, LegStatus.FAILED, failure)


async def _locked(write: WriteSession, leg_id: UUID) -> tuple[PhoneLeg, UUID]:
    """The leg, with its visit locked, and the visit's id."""
    visit_id = await repository.visit_of_leg(write, leg_id)
    if visit_id is None:
        raise LookupError("a leg without a call")
    await visits.for_update(write, visit_id)
    leg, _ = await repository.leg(write, leg_id)
    return leg, visit_id


@slow_subscriber(PhoneLegGivenUp, "visits.phone.hang_up")
async def hang_up(services: Services, delivery: Delivery[PhoneLegGivenUp]) -> Keep:
    """Hang a telephone up. Of one that is being placed the SID comes later, and this event once more with it."""
    async with system_unit(services, delivery.clinic_id) as unit:
        leg, _ = await _locked(unit.write, delivery.event.leg_id)
        sid = leg.call_sid
    if sid is not None:
        await voice(services.settings).hang_up(sid)
    return nothing_to_keep


async def _end_call(write: WriteSession, delivery: Delivery[VisitEvent]) -> None:
    """The visit is over, or somebody else's: nobody stays on the telephone."""
    visit = await visits.for_update(write, delivery.event.visit_id)
    await service.end(write, visit, CallEnd.VISIT_OVER)


_SENT_AWAY = frozenset({EndReason.DISABLED, EndReason.ROLES_CHANGED, EndReason.FROZEN, EndReason.NOT_ME})
"""Why a sign-in ends of somebody who may not talk to the patient any more. Whoever only signed out talks on."""


@subscriber(SessionEnded, "visits.phone.sent_away")
async def sent_away(write: WriteSession, delivery: Delivery[SessionEnded]) -> None:
    """A clinician whose account was taken away is out of the telephone call too."""
    if delivery.event.because in _SENT_AWAY:
        for visit_id in sorted(await repository.open_calls_by(write, delivery.event.account_id)):
            await service.end(write, await visits.for_update(write, visit_id), CallEnd.REMOVED)


_SILENT = text("""
    SELECT id, clinic_id, call_sid, created_at FROM phone_leg
     WHERE ended_at IS NULL AND coalesce(heard_at, created_at) < :before ORDER BY id
""")


async def look_after(services: Services) -> None:
    """Ask twilio after each leg of which it fell silent: its webhooks may be lost, or our API may have been away."""
    now = services.clock.now()
    async with services.system.connect() as connection:
        rows = (await connection.execute(_SILENT, {"before": now - SILENT_FOR})).all()
    for row in rows:
        try:
            await _ask_after(
                services, row.clinic_id, row.id, row.call_sid, now - row.created_at > PLACED_WITHIN
            )
        except Exception as error:  # One that cannot be asked after keeps no other from it.
            log.error("cron_failed", error, job="visits.phone")


async def _ask_after(services: Services, clinic_id: UUID, leg_id: UUID, sid: str | None, late: bool) -> None:
    if sid is None:
        if late:
            async with system_unit(services, clinic_id) as unit:
                await _fail(unit.write, leg_id, UNREACHABLE)
        return
    if not account.is_available(services.settings):
        return
    said = heard(*await voice(services.settings).status(sid))
    async with system_unit(services, clinic_id) as unit:
        visit_id = await repository.visit_of_leg(unit.read, leg_id)
        if visit_id is not None and said is not None:
            visit = await visits.for_update(unit.write, visit_id)
            leg, call = await repository.leg(unit.write, leg_id)
            await service.hear(unit.write, visit, leg, call, said)


ENDS_THE_CALL: tuple[type[VisitEvent], ...] = (VisitFinished, VisitNoShow, VisitPutBack)

SUBSCRIBERS: list[Subscriber] = [
    place,
    hang_up,
    sent_away,
    *(subscriber(event, f"visits.phone.end.{name_of(event)}")(_end_call) for event in ENDS_THE_CALL),
]

CRON = [Cron("visits.phone", 10, look_after)]
