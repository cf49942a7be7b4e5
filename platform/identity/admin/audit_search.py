"""Looking through the audit: who did or saw what, of whom, and when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from core import audit
from core.database.session import ReadSession
from core.errors import NotFound
from core.text.search_key import search_key
from identity.admin.schemas import AuditEntry

PAGE = 50
_FIELDS = [name for name in AuditEntry.__struct_fields__ if name not in ("shown", "searched")]


@dataclass(frozen=True)
class Filter:
    """What to look for; empty fields do not narrow. `action` is a beginning ('chart.'), times are instants."""

    who: str = ""
    patient: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


_BOUNDS = {"before": "e.seq < :before", "since": "e.at >= :since", "until": "e.at < :until"}
# Whom a row is about; in a refused request, who was asked for; in a list, who is looked for.
_SELECT = """
    SELECT e.seq, e.at, e.account_id, coalesce(a.name, '') AS who, e.roles, e.action,
           coalesce(e.patient_id, p.id) AS patient_id,
           coalesce(person_name(p.given, p.family, p.second, p.prefix, p.suffix, p.used_name), '') AS patient,
           coalesce(p.mrn, '') AS mrn,
           coalesce(e.entity_type, '') AS entity_type, e.entity_id, coalesce(e.reason, '') AS reason, e.detail,
           coalesce(e.patients, '{{}}') AS patients, e.sought, e.request_id
      FROM {rows} e
      LEFT JOIN account a ON a.id = e.account_id
      LEFT JOIN patient p
        ON p.id = coalesce(e.patient_id, CASE e.entity_type WHEN 'patient' THEN e.entity_id END, {listed})
     ORDER BY e.seq DESC LIMIT :rows
"""
_NEWEST = "(SELECT * FROM audit_event e WHERE {wanted} ORDER BY e.seq DESC LIMIT :rows)"
# The newest of each value by the index on it. Said as a range, ordered by the column too, only that index serves: by
# `=` the planner would rather walk the trail from its newest row on, and all of it before it meets what is rare.
_NEWEST_OF_EACH = """
    (SELECT e.* FROM unnest(CAST(:{values} AS {kind}[])) AS one (value) CROSS JOIN LATERAL (
        SELECT * FROM audit_event e WHERE e.{column} BETWEEN one.value AND one.value AND {wanted}
        ORDER BY e.{column}, e.seq DESC LIMIT :rows) e)
"""
_NOBODY, _WANTED = "NULL", "(SELECT one FROM unnest(e.patients) one WHERE one = ANY(:patients) LIMIT 1)"
# A patient is in the rows about them, and in those of lists that showed them.
_NEWEST_OF_PATIENTS = """
    ({about} UNION ALL (SELECT * FROM audit_showing(:patients) e WHERE {wanted} ORDER BY e.seq DESC LIMIT :rows))
"""
# From what names the fewest rows to what names the most; each has an index that goes on with `seq`.
_COLUMNS_OF = {
    "patients": ("patient_id", "uuid"),
    "accounts": ("account_id", "uuid"),
    "actions": ("action", "text"),
}
_ACCOUNTS = text(
    "SELECT id FROM account WHERE strpos(search_key(name), nullif(:key, '')) > 0 OR strpos(email, :typed) > 0"
)
_PATIENTS = text("""
    SELECT id FROM patient
     WHERE lower(mrn) = :typed OR strpos(search_key(given || family || given), nullif(:key, '')) > 0
""")
# The kinds there are, from one entry of the index to the next: some eighty steps, however long the trail is.
_ACTIONS = text("""
    WITH RECURSIVE kind AS (
        SELECT min(action) AS action FROM audit_event
        UNION ALL
        SELECT (SELECT min(e.action) FROM audit_event e WHERE e.action > kind.action) FROM kind
         WHERE kind.action IS NOT NULL)
    SELECT action FROM kind WHERE starts_with(action, :action)
""")


async def search(
    read: ReadSession, wanted: Filter, *, before: int | None = None
) -> tuple[list[AuditEntry], int | None]:
    """A page, the newest first, and the cursor of the next one. Looking, and for what, is itself put on record."""
    found = await find(read, wanted, before, PAGE + 1)
    page = found[:PAGE]
    await put_on_record(read, "audit.search", wanted, patients_named_in(page), {"count": len(page)}, before)
    return [entry_of(row) for row in page], page[-1].seq if len(found) > PAGE else None


async def one(read: ReadSession, seq: int) -> Row[Any]:
    """The row of this number. Raises NotFound."""
    statement = text(_SELECT.format(rows="(SELECT * FROM audit_event WHERE seq = :seq)", listed=_NOBODY))
    found = (await read.execute(statement, {"seq": seq, "rows": 1})).one_or_none()
    if found is None:
        raise NotFound
    return found


def entry_of(row: Row[Any]) -> AuditEntry:
    fields = {name: getattr(row, name) for name in _FIELDS}
    return AuditEntry(**fields, shown=len(row.patients), searched=row.sought is not None)


def patients_named_in(rows: Iterable[Row[Any]]) -> set[UUID]:
    """The patients whom these rows name in their line."""
    return {row.patient_id for row in rows if row.patient_id}


async def put_on_record(
    read: ReadSession,
    action: str,
    wanted: Filter,
    patients: Iterable[UUID],
    detail: Mapping[str, int],
    before: int | None = None,
) -> None:
    """Put the look on record: the kind and the times in plain, the words sealed, because they name people."""
    narrowed: dict[str, str | int | None] = {
        "kind": wanted.action.strip(),
        "from": wanted.since.isoformat() if wanted.since else None,
        "to": wanted.until.isoformat() if wanted.until else None,
        "before": before,
    }
    words = {"who": wanted.who.strip(), "patient": wanted.patient.strip()}
    await audit.log(
        read,
        action,
        patients=patients,
        sought=words,
        detail={**{name: value for name, value in narrowed.items() if value}, **detail},
    )


async def find(read: ReadSession, wanted: Filter, before: int | None, rows: int) -> Sequence[Row[Any]]:
    """The newest rows that fit, or those before a cursor."""
    values = await _values(read, wanted, before)
    if any(value == [] for value in values.values()):
        return []
    return (await read.execute(text(_statement(values)), {**values, "rows": rows})).all()


def _statement(values: Iterable[str]) -> str:
    """The search in SQL, by the names of what it is narrowed to."""
    conditions = [condition for name, condition in _BOUNDS.items() if name in values] or ["true"]
    lists = [name for name in _COLUMNS_OF if name in values]
    conditions += [f"e.{_COLUMNS_OF[name][0]} = ANY(:{name})" for name in lists[1:]]
    wanted = " AND ".join(conditions)
    if not lists:
        return _SELECT.format(rows=_NEWEST.format(wanted=wanted), listed=_NOBODY)
    column, kind = _COLUMNS_OF[lists[0]]
    rows = _NEWEST_OF_EACH.format(values=lists[0], column=column, kind=kind, wanted=wanted)
    if column != "patient_id":
        return _SELECT.format(rows=rows, listed=_NOBODY)
    return _SELECT.format(rows=_NEWEST_OF_PATIENTS.format(about=rows, wanted=wanted), listed=_WANTED)


async def _values(read: ReadSession, wanted: Filter, before: int | None) -> dict[str, Any]:
    """What the search is narrowed to. Names become ids, and the beginning of an action the actions there are."""
    who, patient, action = (wanted.who.strip(), wanted.patient.strip(), wanted.action.strip())
    values: dict[str, Any] = {"before": before, "since": wanted.since, "until": wanted.until}
    if who:
        values["accounts"] = list(await read.scalars(_ACCOUNTS, _sought(who)))
    if patient:
        values["patients"] = list(await read.scalars(_PATIENTS, _sought(patient)))
    if action:
        values["actions"] = list(await read.scalars(_ACTIONS, {"action": action}))
    return {name: value for name, value in values.items() if value is not None}


def _sought(typed: str) -> dict[str, str]:
    return {"key": search_key(typed), "typed": typed.lower()}
