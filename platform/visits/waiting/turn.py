"""Calls back whoever is next in line and not at the page: once in each wait, as an event that becomes a text message.

Who only glances at another app, or loads the page anew, is left in peace.
"""

from uuid import UUID

from sqlalchemy import text

from core.database.session import system_unit
from core.logs import Log
from core.services import Services
from visits import repository
from visits.announce import announce_step
from visits.domain import VisitStatus
from visits.timeline import StepKind
from visits.waiting import presence
from visits.waiting.patience import AWAY_FOR, is_away

log = Log("visits")

# Where nobody is at work, nobody is next.
_FIRST = text("""
SELECT v.id, v.clinic_id
  FROM waiting_line l
 CROSS JOIN LATERAL jsonb_each(l.told) AS t
  JOIN visit v ON v.id = t.key::uuid
 CROSS JOIN LATERAL (
       SELECT max(s.at) FILTER (WHERE s.kind <> 'visit.called_back') AS began,
              max(s.at) FILTER (WHERE s.kind = 'visit.called_back') AS told
         FROM visit_step s
        WHERE s.visit_id = v.id
          AND s.kind IN ('visit.ready', 'visit.returned', 'visit.put_back', 'visit.called_back')) AS w
 WHERE (t.value ->> 'ahead')::int = 0 AND (t.value ->> 'clinicians')::int > 0 AND v.status = 'waiting'
   AND w.began <= :before AND (w.told IS NULL OR w.told < w.began)
 ORDER BY v.id
""")


async def tell(services: Services) -> None:
    """Find whoever is next and away, in every clinic. Without Redis nobody knows who is."""
    before = services.clock.now() - AWAY_FOR
    async with services.system.connect() as connection:
        rows = (await connection.execute(_FIRST, {"before": before})).all()
    for row in rows:
        there = await presence.present(services, row.clinic_id)
        if is_away(there.of(row.id), there.now):
            try:
                await _tell(services, row.clinic_id, row.id)
            except Exception as error:  # One visit that cannot be told keeps nobody else from being found.
                log.error("cron_failed", error, job="visits.turn")


async def _tell(services: Services, clinic_id: UUID, visit_id: UUID) -> None:
    async with system_unit(services, clinic_id) as unit:
        visit = await repository.for_update(unit.write, visit_id)
        if visit.status is VisitStatus.WAITING:
            await announce_step(unit.write, visit, StepKind.CALLED_BACK)
