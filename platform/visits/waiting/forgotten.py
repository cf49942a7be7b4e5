"""Says when somebody has waited too long without anybody coming: once in each wait, as an event that makes a task.

Red flags are told at once by other ways, and stay first in the queue; this is for whoever nobody would call otherwise.
"""

from sqlalchemy import text

from core.services import Services
from visits.domain import VisitStatus
from visits.due import Due, announce_due
from visits.timeline import StepKind
from visits.waiting import presence
from visits.waiting.patience import NOBODY_CAME_AFTER, is_forgotten

# A wait begins anew for who comes back, or is put back.
_LONG = text("""
SELECT v.id, v.clinic_id, coalesce(w.began, v.ready_at) AS began, s.starts_at
  FROM visit v
  LEFT JOIN slot s ON s.id = v.slot_id
 CROSS JOIN LATERAL (
       SELECT max(t.at) FILTER (WHERE t.kind <> 'visit.forgotten') AS began,
              max(t.at) FILTER (WHERE t.kind = 'visit.forgotten') AS told
         FROM visit_step t
        WHERE t.visit_id = v.id
          AND t.kind IN ('visit.ready', 'visit.returned', 'visit.put_back', 'visit.forgotten')) AS w
 WHERE v.status = 'waiting' AND coalesce(w.began, v.ready_at) <= :before
   AND (w.told IS NULL OR w.told < coalesce(w.began, v.ready_at))
 ORDER BY v.id
""")


async def tell(services: Services) -> None:
    """Find whoever was forgotten, in every clinic."""
    now = services.clock.now()
    async with services.system.connect() as connection:
        rows = (await connection.execute(_LONG, {"before": now - NOBODY_CAME_AFTER})).all()
    # Without Redis nobody knows what they were told, and the wait itself counts.
    there = {each: await presence.present(services, each) for each in {row.clinic_id for row in rows}}
    forgotten = [
        Due(row.id, row.clinic_id)
        for row in rows
        if is_forgotten(row.began, row.starts_at, there[row.clinic_id].promised_by(row.id), now)
    ]
    await announce_due(services, forgotten, StepKind.FORGOTTEN, of=[VisitStatus.WAITING])
