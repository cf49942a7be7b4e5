"""The check before a visit: a ticket to the probe, and keeping what was found. None commits."""

from dataclasses import asdict

from core.database.session import WriteSession
from core.errors import Conflict, Invalid
from core.ids import new_id
from core.tickets import ProbeTicket, mint_probe
from identity.limits import CHECK_TICKETS, CHECK_TICKETS_FROM_ADDRESS, CHECKS, Limiter
from visits import repository as visits
from visits.announce import announce_step, publish_change, tell_check_passed
from visits.calls.service import ice_servers
from visits.check import repository
from visits.check.domain import (
    AGAIN,
    SOON,
    TICKET_SECONDS,
    Facts,
    Network,
    Verdict,
    troubles,
    verdict,
)
from visits.check.models import VisitCheck
from visits.check.schemas import ProbeOut
from visits.domain import OPEN_STATUSES, VisitStatus
from visits.models import Visit
from visits.timeline import StepKind


async def begin(write: WriteSession, visit: Visit, address: str) -> ProbeOut:
    """A ticket with which the actor's page may measure against our peer.

    Raises Conflict `visit_moved_on`, `network_not_measured` where the installation has no such peer, TooMany.
    """
    _check_open(visit)
    settings, now = write.services.settings, write.now()
    if not settings.probe_url or not settings.probe_key:
        raise Conflict("network_not_measured")
    limiter = Limiter(write.services)
    await limiter.spend(CHECK_TICKETS_FROM_ADDRESS, address)
    await limiter.spend(CHECK_TICKETS, write.actor.own_account)
    issued = int(now.timestamp())
    ticket = ProbeTicket(
        jti=str(new_id()),
        participant_id=str(write.actor.own_account),
        iat=issued,
        exp=issued + TICKET_SECONDS,
    )
    return ProbeOut(
        ticket=mint_probe(settings.probe_key, ticket),
        probe_url=settings.probe_url,
        ice_servers=ice_servers(settings, write.actor.own_account, now),
    )


async def keep(write: WriteSession, visit: Visit, facts: Facts, browser: str | None) -> VisitCheck:
    """Keep what a check found, tell open pages, and the clinic where somebody has to be called.

    Raises Conflict `visit_moved_on`, Invalid for figures of a path that was not found, TooMany.
    """
    _check_open(visit)
    _check_whole(facts)
    await Limiter(write.services).spend(CHECKS, write.actor.own_account)
    before = await repository.latest(write, visit.id)
    check = VisitCheck(
        id=new_id(),
        visit_id=visit.id,
        account_id=write.actor.own_account,
        at=write.now(),
        verdict=verdict(facts),
        troubles=troubles(facts),
        browser=browser,
        **asdict(facts),
    )
    write.add(check)
    await _tell(write, visit, check, before)
    return check


async def _tell(write: WriteSession, visit: Visit, check: VisitCheck, before: VisitCheck | None) -> None:
    failed = check.verdict is Verdict.NONE
    failed_before = before is not None and before.verdict is Verdict.NONE
    if failed and await _is_near(write, visit):
        told = failed_before and before is not None and check.at - before.at < AGAIN
        if not told:
            await announce_step(write, visit, StepKind.CHECK_FAILED)
            return
    if failed_before and not failed:
        await tell_check_passed(write, visit)
    publish_change(write, visit)


async def _is_near(write: WriteSession, visit: Visit) -> bool:
    """Whether the patient waits, or is to come soon."""
    if visit.status is VisitStatus.WAITING:
        return True
    slot = await visits.slot_of(write, visit)
    return visit.status is VisitStatus.INTAKE and slot is not None and slot.starts_at - write.now() <= SOON


def _check_open(visit: Visit) -> None:
    if visit.status not in OPEN_STATUSES:
        raise Conflict("visit_moved_on", status=visit.status.value)


def _check_whole(facts: Facts) -> None:
    """Nothing was measured on a path that was not found."""
    if facts.network is Network.FOUND:
        return
    measured = ("path", "transport", "round_trip_ms", "jitter_ms", "loss", "up_kbps", "down_kbps")
    wrong = {name: "not_measured" for name in measured if getattr(facts, name) is not None}
    if wrong:
        raise Invalid(wrong)
