"""Bringing signed prescriptions to the pharmacy, each exactly once, however often a worker dies on the way.

A prescription is claimed (SENDING, committed) before anything leaves, under a lease. Whoever finds it claimed and
abandoned asks the pharmacy what became of the message before sending it again, and sends it under the same
MessageID, by which a pharmacy knows a duplicate. So the worst that a crash can do is to send twice what is counted
once.
"""

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import text

from chart.prescribing import repository
from chart.prescribing.domain import LEASE, RxStatus, SignedPrescription, back_off
from chart.prescribing.script.build import to_xml
from chart.prescribing.transmission import receiving, wire
from chart.prescribing.transmission.newrx import new_rx
from chart.prescribing.writing.signing import WAKE
from core import live
from core.actor import Role
from core.database.session import system_unit
from core.events.wakes import Wakes
from core.logs import Log
from core.services import Services

log = Log("prescribing")

AT_ONCE = 8
POLL_SECONDS = 1.0


class Claim(NamedTuple):
    """A prescription that this worker has until its lease ends. ``tries`` counts this one."""

    id: UUID
    clinic_id: UUID
    message_id: str
    document: bytes
    signed_at: datetime
    tries: int


_CLAIM = text("""
    UPDATE prescription SET status = 'sending', tries = tries + 1, leased_until = :until
    WHERE id IN (
        SELECT id FROM prescription
        WHERE status IN ('signed', 'sending') AND next_try_at <= :now
          AND (leased_until IS NULL OR leased_until <= :now)
          AND (cast(:clinic AS uuid) IS NULL OR clinic_id = :clinic)
        ORDER BY next_try_at LIMIT :limit
        FOR UPDATE SKIP LOCKED)
    RETURNING id, clinic_id, message_id, document, signed_at, tries
""")


async def claim(services: Services, clinic_id: UUID | None = None) -> list[Claim]:
    """Take what is due: signed ones (the one move that SQL makes, SIGNED to SENDING), and abandoned ones."""
    now = services.clock.now()
    values = {"now": now, "until": now + LEASE, "limit": AT_ONCE, "clinic": clinic_id}
    async with services.system.begin() as connection:
        return [Claim(*row) for row in await connection.execute(_CLAIM, values)]


async def run(services: Services) -> None:
    """Send for ever: at once when something was signed, every second in any case."""
    async with Wakes(services.redis, WAKE) as wakes:
        while True:
            if not await send_due(services):
                await wakes.wait(POLL_SECONDS)


async def send_due(services: Services, clinic_id: UUID | None = None) -> int:
    """One round; how many were claimed. One that fails does not keep the others."""
    claims = await claim(services, clinic_id)
    await asyncio.gather(*(_carefully(services, each) for each in claims))
    return len(claims)


async def _carefully(services: Services, claim: Claim) -> None:
    try:
        await deliver(services, claim)
    except Exception as error:
        # Should this fail too, the lease ends and another worker takes it up.
        log.error("send_failed", error, prescription_id=claim.id, attempts=claim.tries)
        with suppress(Exception):
            await _later(services, claim)


async def deliver(services: Services, claim: Claim) -> None:
    """One try for one prescription: ask if an earlier one may have arrived, send, and keep the answer."""
    data = message_of(claim)
    async with system_unit(services, claim.clinic_id) as unit:
        await receiving.keep_sent(unit.write, claim.id, claim.message_id, data)
    try:
        answer = None
        if claim.tries > 1:
            answer = await wire.ask(services.http, services.settings, claim.message_id)
        if answer is None:
            answer = await wire.send(services.http, services.settings, data, claim.message_id)
    except wire.Unclear as reason:
        log.warning("pharmacy_unclear", prescription_id=claim.id, attempts=claim.tries, reason=str(reason))
        await _later(services, claim)
        return
    async with system_unit(services, claim.clinic_id) as unit:
        await receiving.take_answer(unit.write, claim.id, *answer)


def message_of(claim: Claim) -> bytes:
    """Its NewRx: the same bytes at each try."""
    document = msgspec.json.decode(claim.document, type=SignedPrescription)
    return to_xml(new_rx(document, claim.message_id, claim.signed_at))


async def _later(services: Services, claim: Claim) -> None:
    """Try again after a while; after so many tries people take over."""
    async with system_unit(services, claim.clinic_id) as unit:
        prescription = await repository.for_update(unit.write, claim.id)
        if prescription.status != RxStatus.SENDING:
            return
        if claim.tries >= services.settings.prescription_tries:
            await receiving.give_up(unit.write, prescription)
            return
        prescription.leased_until = None
        prescription.next_try_at = unit.write.now() + back_off(claim.tries)
        live.publish(unit.write, "work.changed", [live.role(Role.ADMIN)])
