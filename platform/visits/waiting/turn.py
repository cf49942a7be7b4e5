"""Calls back whoever is next in line and not at the page: once in each wait, as an event that becomes a text message.

Who only glances at another app, or loads the page anew, is left in peace.
"""

from uuid import UUID

from sqlalchemy import text

from core.services import Services
from visits.domain import VisitStatus
from visits.due import Due, announce_due
from visits.timeline import StepKind
from visits.waiting import presence
from visits.waiting.patience import AWAY_FOR, is_away

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
    there = {each: await presence.present(services, each) for each in {row.clinic_id for row in rows}}
    away = [Due(row.id, row.clinic_id) for row in rows if _is_away(there[row.clinic_id], row.id)]
    await announce_due(services, away, StepKind.CALLED_BACK, of=[VisitStatus.WAITING])


def _is_away(there: presence.Present, visit_id: UUID) -> bool:
    return is_away(there.of(visit_id), there.now)
