"""Bringing notices to their carriers: claimed and committed, then sent, then recorded.

No transaction is open while a carrier is talked to, and each channel has its own places, so a slow carrier blocks
nobody. A notice whose try ended without an answer may have left all the same: before the next try the carrier is asked
for it, and where a carrier cannot be asked (SMTP), each try bears the same Message-ID.
"""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, text

from core import live
from core.actor import Role
from core.database.session import WriteSession, system_unit
from core.events.pauses import pause_after
from core.events.wakes import Wakes
from core.logs import Log
from core.services import Services
from messaging.models import Notification
from messaging.notices.carrier import Carrier, Refused
from messaging.notices.carriers import carrier_for
from messaging.notices.notify import WAKE, opened
from messaging.notices.texts import Notice

log = Log("notify")

CHANNELS = ("sms", "email")
AT_ONCE = 20
"""Notices of one channel that a worker talks about at a time."""
LEASE = timedelta(seconds=60)
"""Longer than asking and sending take (twice `carriers.SECONDS`). A killed worker's notice is taken up after that."""
POLL_SECONDS = 1.0


class Claim(NamedTuple):
    """A notice that this worker has until its lease ends. ``tries`` counts this one."""

    id: UUID
    clinic_id: UUID
    channel: str
    kind: str
    sealed: bytes
    created_at: datetime
    tries: int


# Codes first: somebody sits and waits for one.
_CLAIM = text("""
    UPDATE notification SET status = 'sending', tries = tries + 1, leased_until = :until
    WHERE id IN (
        SELECT id FROM notification
        WHERE status IN ('queued', 'sending') AND channel = :channel AND next_try_at <= :now
          AND (leased_until IS NULL OR leased_until <= :now)
          AND (cast(:clinic AS uuid) IS NULL OR clinic_id = :clinic)
        ORDER BY kind <> 'code', next_try_at LIMIT :limit
        FOR UPDATE SKIP LOCKED)
    RETURNING id, clinic_id, channel, kind, sealed, created_at, tries
""")


async def claim(
    services: Services, channel: str, limit: int = AT_ONCE, clinic_id: UUID | None = None
) -> list[Claim]:
    """Take what is due: what waits, and what a worker took and did not finish."""
    now = services.clock.now()
    values = {"now": now, "until": now + LEASE, "limit": limit, "channel": channel, "clinic": clinic_id}
    async with services.system.begin() as connection:
        return [Claim(*row) for row in await connection.execute(_CLAIM, values)]


async def run(services: Services, channel: str) -> None:
    """Send a channel's notices for ever: at once when one is written, every second in any case."""
    running: set[asyncio.Task[None]] = set()
    try:
        async with Wakes(services.redis, WAKE) as wakes:
            while True:
                free = AT_ONCE - len(running)
                claims = await claim(services, channel, free) if free else []
                for each in claims:
                    task = asyncio.create_task(_carefully(services, each))
                    running.add(task)
                    task.add_done_callback(running.discard)
                if not free:
                    await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                elif not claims:
                    await wakes.wait(POLL_SECONDS)
    finally:
        for task in running:
            task.cancel()


async def run_sms(services: Services) -> None:
    await run(services, "sms")


async def run_email(services: Services) -> None:
    await run(services, "email")


async def send_due(services: Services, clinic_id: UUID | None = None) -> int:
    """One round over every channel; how many were claimed. One that fails does not keep the others."""
    claims = [each for channel in CHANNELS for each in await claim(services, channel, clinic_id=clinic_id)]
    await asyncio.gather(*(_carefully(services, each) for each in claims))
    return len(claims)


async def _carefully(services: Services, claim: Claim) -> None:
    try:
        await deliver(services, claim)
    except Exception as error:
        # Should this fail too, the lease ends and another worker takes it up.
        log.error("notification_delayed", error, kind=claim.kind, attempts=claim.tries)
        with suppress(Exception):
            await _later(services, claim)


async def deliver(services: Services, claim: Claim) -> None:
    """One try for one notice. Raises what the carrier raised, so that it is tried again later."""
    carrier = carrier_for(claim.channel, services.settings)
    content = opened(services, claim.id, claim.sealed)
    until = content.get("until")
    if carrier is None:
        await record(services, claim, failure="no_carrier")
    elif until is not None and datetime.fromisoformat(until) <= services.clock.now():
        # The carrier was out for so long that what the notice carries opens nothing any more.
        await record(services, claim, failure="expired")
    else:
        try:
            provider_id = await _send(services, carrier, claim, content)
        except Refused as refusal:
            await record(services, claim, failure=str(refusal))
        else:
            await record(services, claim, provider_id=provider_id)


async def _send(services: Services, carrier: Carrier, claim: Claim, content: dict[str, str]) -> str:
    notice = Notice(content["subject"], content["text"])
    if claim.tries > 1:
        sent = await carrier.sent_before(content["to"], notice, claim.created_at)
        for provider_id in await _not_of_others(services, claim, sent):
            return provider_id
    return await carrier.send(content["to"], notice, claim.id)


async def _not_of_others(services: Services, claim: Claim, sent: Collection[str]) -> list[str]:
    """Of what the carrier has with the same words to the same address, what is no other notice of ours."""
    async with system_unit(services, claim.clinic_id) as unit:
        query = select(Notification.provider_id).where(Notification.provider_id.in_(sent))
        others = set(await unit.read.scalars(query)) if sent else set()
    return [each for each in sent if each not in others]


async def record(
    services: Services, claim: Claim, *, provider_id: str | None = None, failure: str | None = None
) -> None:
    """Keep what became of a try. What is known already stays: an answer may come late, or twice.

    That it was sent counts whichever try it was; a failure counts only of the latest.
    """
    async with system_unit(services, claim.clinic_id) as unit:
        row = await _locked(unit.write, claim)
        if row is None or (failure is not None and row.tries != claim.tries):
            return
        if failure is not None:
            log.warning("notification_refused", kind=row.kind, code=failure)
        row.status, row.failure = "failed" if failure else "sent", failure
        row.provider_id, row.leased_until, row.sent_at = provider_id, None, unit.write.now()
        live.publish(unit.write, "outbox.changed", [live.role(Role.ADMIN)], notification_id=str(row.id))


async def _later(services: Services, claim: Claim) -> None:
    """Try again after a while; after so many tries the carrier counts as unreachable."""
    if claim.tries >= services.settings.notice_tries:
        await record(services, claim, failure="unreachable")
        return
    async with system_unit(services, claim.clinic_id) as unit:
        row = await _locked(unit.write, claim)
        if row is not None and row.tries == claim.tries:
            row.leased_until = None
            pause = pause_after(claim.tries, services.settings.retry_pause_seconds)
            row.next_try_at = unit.write.now() + pause
            live.publish(unit.write, "work.changed", [live.role(Role.ADMIN)])


async def _locked(write: WriteSession, claim: Claim) -> Notification | None:
    """The notice, locked, while nothing final is known of it."""
    query = select(Notification).where(Notification.id == claim.id, Notification.status == "sending")
    row: Notification | None = await write.one_or_none(query.with_for_update())
    return row
