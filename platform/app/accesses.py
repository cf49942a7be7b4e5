"""Who looked at my record: the audit trail, as the patient may read it."""

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import text

from core import audit
from core.actor import Actor
from core.db import ReadSession
from core.web import get
from identity.permissions import Permission

_NEWEST = 500

# One line for each person, kind of thing and hour: someone who has the chart open reads it many times.
_ACCESSES = text("""
    SELECT max(e.at) AS at, coalesce(a.name, '') AS who, e.roles[1] AS role, e.action AS what,
           (array_agg(e.entity_id ORDER BY e.seq DESC) FILTER (WHERE e.entity_type = 'visit'))[1] AS visit_id
    FROM audit_event e LEFT JOIN account a ON a.id = e.account_id
    WHERE e.patient_id = :patient AND e.account_id IS DISTINCT FROM :account AND NOT e.roles @> '{system}'
    GROUP BY a.name, e.roles[1], e.action, date_trunc('hour', e.at)
    ORDER BY at DESC LIMIT :newest
""")


class Access(msgspec.Struct):
    """Someone saw or changed something of the patient's: ``what`` is the audit's action ('chart.read')."""

    at: datetime
    who: str
    role: str
    what: str
    visit_id: UUID | None


@get("/api/me/accesses", permission=Permission.RECORD_ACCESSES)
async def my_accesses(read: ReadSession, actor: Actor) -> list[Access]:
    """Who of the clinic saw or changed the patient's record, newest first."""
    values = {"patient": actor.patient_id, "account": actor.account_id, "newest": _NEWEST}
    rows = await read.execute(_ACCESSES, values)
    await audit.record(read, "accesses.read", patient_id=actor.patient_id)
    return [Access(row.at, row.who, row.role, row.what, row.visit_id) for row in rows]
