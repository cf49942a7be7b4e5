"""Reminds of booked visits: a day before, and again shortly before, each as an event that becomes a text message.

Who booked, or moved the visit, later than that was told then and needs no reminder.
"""

from datetime import timedelta

from sqlalchemy import text

from core.services import Services
from visits.domain import VisitStatus
from visits.due import Due, announce_due
from visits.timeline import StepKind

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
    near = [Due(row.id, row.clinic_id) for row in rows]
    await announce_due(services, near, StepKind.REMINDED, of=[VisitStatus.INTAKE, VisitStatus.LEFT])
