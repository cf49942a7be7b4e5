"""Sends each waiting patient their place in line when it has changed.

A change wakes this with the clinic's id; changes that follow within PAUSE_SECONDS are sent together. The message
holds the place and the estimate, so the page fetches nothing. ``waiting_line`` keeps what was sent. Its row is
locked meanwhile, so that two workers do not send the same message.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import text

from core import json, live
from core.database.session import Unit, system_unit
from core.events.wakes import Wakes
from core.services import Services
from identity.permissions import Permission
from visits import repository, views
from visits.announce import LINE_WAKE
from visits.waiting import presence
from visits.waiting.estimate import Estimate

PAUSE_SECONDS = 1.0
"""How long changes are collected before they are sent together."""
POLL_SECONDS = 15.0
"""How often every line is checked without a wake-up: booked times come, visits take longer, wake-ups get lost."""
WORTH_TELLING = 5
"""With an unchanged place, a new estimate is sent if the likely time differs by so many minutes."""

_CLINICS = text(
    "SELECT clinic_id FROM visit WHERE status = 'waiting' "
    "UNION SELECT clinic_id FROM waiting_line WHERE told <> '{}'"
)
_LOCK = text(
    "INSERT INTO waiting_line (clinic_id) VALUES (:clinic) "
    "ON CONFLICT (clinic_id) DO UPDATE SET clinic_id = excluded.clinic_id RETURNING told::text"
)
_KEEP = text("UPDATE waiting_line SET told = cast(:told AS jsonb) WHERE clinic_id = :clinic")


class SentPlace(msgspec.Struct, frozen=True):
    """The place that was sent to a patient. The field names are those of `schemas.WaitingOut`, which the page
    merges.

    `estimate` is None when there is none.
    """

    ahead: int
    clinicians: int
    estimate: Estimate | None = None

    def differs(self, earlier: "SentPlace | None") -> bool:
        """Whether a patient who got the earlier one needs this one."""
        if earlier is None or (self.ahead, self.clinicians) != (earlier.ahead, earlier.clinicians):
            return True
        if self.estimate is None or earlier.estimate is None:
            return self.estimate is not earlier.estimate
        return abs(self.estimate.likely - earlier.estimate.likely) >= WORTH_TELLING


async def run(services: Services) -> None:
    """Send for ever: when woken, and every line every POLL_SECONDS."""
    clock = asyncio.get_running_loop().time
    poll_at = clock()
    async with Wakes(services.redis, f"{LINE_WAKE}*") as wakes:
        while True:
            woken = await wakes.wait(max(poll_at - clock(), 0))
            clinics = {UUID(channel.removeprefix(LINE_WAKE)) for channel in woken}
            if clock() >= poll_at:
                poll_at = clock() + POLL_SECONDS
                clinics |= await _clinics(services)
            for clinic_id in clinics:
                await send_places(services, clinic_id)
            await asyncio.sleep(PAUSE_SECONDS)


async def _clinics(services: Services) -> set[UUID]:
    async with services.system.connect() as connection:
        return set(await connection.scalars(_CLINICS))


async def send_places(services: Services, clinic_id: UUID) -> int:
    """Send new places to the patients of a clinic; how many."""
    async with system_unit(services, clinic_id) as unit:
        at = unit.write.now()
        kept = await unit.write.scalar(_LOCK, {"clinic": clinic_id})
        earlier = msgspec.json.decode(kept, type=dict[UUID, SentPlace])
        places = await views.places(unit.read)
        now = {
            place.visit_id: SentPlace(place.ahead, places.clinicians, place.estimate) for place in places.line
        }
        moved = {visit_id: told for visit_id, told in now.items() if told.differs(earlier.get(visit_id))}
        if moved or earlier.keys() != now.keys():
            told = {visit_id: moved.get(visit_id) or earlier[visit_id] for visit_id in now}
            await unit.write.execute(_KEEP, {"clinic": clinic_id, "told": json.encode_text(told)})
        await _send(unit, moved)
    await presence.keep_promises(services, clinic_id, {each: _latest(told, at) for each, told in now.items()})
    return len(moved)


def _latest(told: SentPlace, at: datetime) -> datetime | None:
    """By when somebody who is told this now will have been admitted; None when nobody can tell."""
    return at + timedelta(minutes=told.estimate.high) if told.estimate else None


async def _send(unit: Unit, moved: Mapping[UUID, SentPlace]) -> None:
    if not moved:
        return
    patients = await repository.patients_of(unit.read, moved)
    for visit_id, told in moved.items():
        to, place = live.patient(patients[visit_id], Permission.VISIT_WAIT), json.encode_text(told)
        live.publish(unit.write, "waiting.changed", to, visit_id=str(visit_id), place=place)
