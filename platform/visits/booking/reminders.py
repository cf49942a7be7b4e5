"""Reminds of booked visits: a day before, and again shortly before, each as an event that becomes a text message.

Who booked, or moved the visit, later than that was told then and needs no reminder.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from core.database.session import system_unit
from core.logs import Log
from core.services import Services
from visits import repository
from visits.announce import announce_step
from visits.domain import VisitStatus
from visits.timeline import StepKind

log = Log("visits")

A_DAY_BEFORE = timedelta(hours=24)
"""Enough to move or cancel what does not fit any more."""
SHORTLY_BEFORE = timedelta(minutes=30)
"""Enough to check camera and connection, and to call the clinic where they do not work."""

_DUE = text("""
SELECT v.id, v.clinic_id
  FROM slot s
  JOIN visit v ON v.slot_id = s.id AND v.status IN ('intake', 'left')
 CROSS JOIN LATERAL (
       SELECT max(t.at) AS at FROM visit_step t
        WHERE t.visit_id = v.id
          AND t.kind IN ('visit.requested', 'visit.rescheduled', 'visit.reminded')) AS told
 WHERE s.released_at IS NULL AND s.starts_at > :now AND s.starts_at <= :now + cast(:day AS interval)
   AND told.at < s.starts_at - CASE WHEN s.starts_at <= :now + cast(:shortly AS interval)
                                    THEN cast(:shortly AS interval) ELSE cast(:day AS interval) END
 ORDER BY s.starts_at, v.id
""")


async def tell(services: Services) -> None:
    """Find every visit that is near, in every clinic."""
    asked = {"now": services.clock.now(), "day": A_DAY_BEFORE, "shortly": SHORTLY_BEFORE}
    async with services.system.connect() as connection:
        rows = (await connection.execute(_DUE, asked)).all()
    for row in rows:
        try:
            await _tell(services, row.clinic_id, row.id)
        except Exception as error:  # One visit that cannot be told keeps nobody else from being reminded.
            log.error("cron_failed", error, job="visits.reminders")


async def _tell(services: Services, clinic_id: UUID, visit_id: UUID) -> None:
    async with system_unit(services, clinic_id) as unit:
        visit = await repository.for_update(unit.write, visit_id)
        if visit.status in (VisitStatus.INTAKE, VisitStatus.LEFT):
            await announce_step(unit.write, visit, StepKind.REMINDED)
