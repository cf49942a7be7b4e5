"""Who was refused so often that somebody has to look: the alerts that `core.guard.refusals` raised."""

from datetime import timedelta

from sqlalchemy import text

from core.database.session import ReadSession
from identity.admin.schemas import RefusalAlert

SHOWN_FOR = timedelta(days=30)
_NEWEST = 50

_ALERTS = text("""
    SELECT e.seq, e.at, coalesce(a.name, '') AS who, coalesce(a.email, '') AS email, e.roles,
           CAST(e.detail ->> 'refused' AS integer) AS refused
      FROM audit_event e LEFT JOIN account a ON a.id = e.account_id
     WHERE e.action = 'access.probing' AND e.at > :since
     ORDER BY e.seq DESC LIMIT :newest
""")


async def newest(read: ReadSession) -> list[RefusalAlert]:
    """The alerts of the last days, the newest first."""
    values = {"since": read.now() - SHOWN_FOR, "newest": _NEWEST}
    rows = (await read.execute(_ALERTS, values)).mappings().all()
    return [RefusalAlert(**row) for row in rows]
