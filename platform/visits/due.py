"""Announces a step of every visit for which regular work found it due, each in a transaction of its own."""

from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from core.database.session import system_unit
from core.logs import Log
from core.services import Services
from visits import repository
from visits.announce import announce_step
from visits.domain import VisitStatus
from visits.timeline import StepKind

log = Log("visits")


class Due(NamedTuple):
    """A visit, and whose it is."""

    visit_id: UUID
    clinic_id: UUID


async def announce_due(
    services: Services, visits: Iterable[Due], step: StepKind, *, of: Collection[VisitStatus]
) -> None:
    """Announce the step of each visit that still has one of these statuses. One that cannot be told keeps nobody
    else from being told: it is logged, and found again the next time."""
    for due in visits:
        try:
            await _announce(services, due, step, of)
        except Exception as error:  # Whatever it is, the others are told.
            log.error("cron_failed", error, job=step.value)


async def _announce(services: Services, due: Due, step: StepKind, of: Collection[VisitStatus]) -> None:
    async with system_unit(services, due.clinic_id) as unit:
        visit = await repository.for_update(unit.write, due.visit_id)
        if visit.status in of:
            await announce_step(unit.write, visit, step)
