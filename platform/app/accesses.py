"""Who looked at my record: the audit trail, as the patient may read it."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar.params import Parameter
from sqlalchemy import text

from core import audit
from core.actor import Actor
from core.database.session import ReadSession
from core.edge.web import get
from identity.permissions import Permission
from identity.readable import check_open
from visits.booking.routes import read_zone

_NEWEST = 500
_KEPT = timedelta(days=6 * 366)
"""How far back lists are told of: as long as documentation is kept (45 CFR 164.316(b)(2)(i))."""

_UNTOLD_TO_PROXIES = ["note.sensitive"]
"""Whoever acts for the patient sees that a visit is closed to them, and not what closed it."""

# One line for each person, kind of thing and hour: someone who has the chart open reads it many times. Lists refresh by
# themselves, so they are one line for each person, list and day, and their lines push out none of the others.
_ACCESSES = text("""
    SELECT * FROM (
        (SELECT max(e.at) AS at, min(e.at) AS since, count(*) AS times, coalesce(a.name, '') AS who,
                coalesce(e.roles[1], 'none') AS role, p.relationship, e.action AS what,
                false AS listed,
                (array_agg(e.entity_id ORDER BY e.seq DESC) FILTER (WHERE e.entity_type = 'visit'))[1] AS visit_id
           FROM audit_event e LEFT JOIN account a ON a.id = e.account_id
          CROSS JOIN LATERAL (SELECT CASE WHEN e.detail ->> 'acting_for' IS NOT NULL
                                          THEN e.detail ->> 'relationship' END AS relationship) AS p
          WHERE e.patient_id = :patient AND e.account_id IS DISTINCT FROM :account AND NOT e.roles @> '{system}'
            AND e.action <> ALL (:untold)
          GROUP BY a.id, a.name, e.roles[1], p.relationship, e.action, date_trunc('hour', e.at)
          ORDER BY at DESC LIMIT :newest)
        UNION ALL
        (SELECT max(e.at) AS at, min(e.at), count(*), coalesce(a.name, ''), coalesce(e.roles[1], 'none'), NULL,
                e.action, true, NULL
           FROM audit_showing(ARRAY[:patient]) e LEFT JOIN account a ON a.id = e.account_id
          WHERE e.at >= :first_day AND NOT e.roles @> '{system}'
          GROUP BY a.id, a.name, e.roles[1], e.action, width_bucket(e.at, CAST(:days AS timestamptz[]))
          ORDER BY at DESC LIMIT :newest)
    ) AS line ORDER BY at DESC
""")


class Access(msgspec.Struct):
    """Someone saw or changed something of the patient's: ``what`` is the audit's action ('chart.read').

    ``listed``: their name stood in a list of several patients, ``times`` times on one day between ``since`` and ``at``.
    All else is by the hour. ``relationship`` is what somebody is to the patient for whom they acted.
    ``role`` is 'none' for what was done before anybody signed in, such as to register.
    """

    at: datetime
    since: datetime
    times: int
    who: str
    role: str
    relationship: str | None
    what: str
    listed: bool
    visit_id: UUID | None


@get("/api/me/accesses", permission=Permission.RECORD_ACCESSES)
async def my_accesses(
    read: ReadSession, actor: Actor, time_zone: Annotated[str, Parameter(max_length=60)] = "UTC"
) -> list[Access]:
    """Who saw or changed the patient's record, newest first. Days are those of `time_zone`."""
    await check_open(read, actor.own_patient)
    zone = read_zone(time_zone)
    days = _days(zone, read.now().astimezone(zone).date())
    values = {
        "patient": actor.patient_id,
        "account": actor.account_id,
        "first_day": days[0],
        "days": days,
        "newest": _NEWEST,
        "untold": _UNTOLD_TO_PROXIES if actor.is_proxy else [],
    }
    rows = await read.execute(_ACCESSES, values)
    await audit.log(read, "accesses.read", patient_id=actor.patient_id)
    return [Access(**row) for row in rows.mappings()]


@lru_cache(maxsize=64)
def _days(zone: ZoneInfo, today: date) -> list[datetime]:
    """When each day began that is told of, the oldest first. PostgreSQL need not know the zone."""
    days = (today - timedelta(days=back) for back in range(_KEPT.days, -1, -1))
    return [datetime.combine(day, time(), zone).astimezone(UTC) for day in days]
