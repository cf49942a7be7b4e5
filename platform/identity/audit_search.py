"""Looking through the audit: who did or saw what, of whom, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from core import audit
from core.db import ReadSession
from core.search_key import search_key
from core.spreadsheets import csv_text
from identity.schemas_admin import AuditEntry

PAGE = 50
EXPORT_ROWS = 20_000
_COLUMNS = (
    "seq",
    "at",
    "who",
    "roles",
    "action",
    "patient",
    "mrn",
    "entity_type",
    "entity_id",
    "reason",
    "detail",
)


@dataclass(frozen=True)
class Filter:
    """What to look for; empty fields do not narrow. `action` is a beginning ('chart.'), times are instants."""

    who: str = ""
    patient: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


_BOUNDS = {"before": "e.seq < :before", "since": "e.at >= :since", "until": "e.at < :until"}
_SEARCH = """
    SELECT e.seq, e.at, e.account_id, coalesce(a.name, '') AS who, e.roles, e.action, e.patient_id,
           coalesce(ltrim(p.given || ' ' || p.family), '') AS patient, coalesce(p.mrn, '') AS mrn,
           coalesce(e.entity_type, '') AS entity_type, e.entity_id, coalesce(e.reason, '') AS reason, e.detail
      FROM {rows} e
      LEFT JOIN account a ON a.id = e.account_id
      LEFT JOIN patient p ON p.id = e.patient_id
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
    """A page, the newest first, and the cursor of the next one. Looking is itself put on record."""
    found = await _find(read, wanted, before, PAGE + 1)
    await audit.record(read, "audit.search")
    page = found[:PAGE]
    return page, page[-1].seq if len(found) > PAGE else None


async def export(read: ReadSession, wanted: Filter) -> str:
    """The newest rows that fit, as CSV that no spreadsheet program takes for formulas."""
    found = await _find(read, wanted, None, EXPORT_ROWS)
    await audit.record(read, "audit.export", detail={"rows": len(found)})
    return csv_text(_COLUMNS, ([getattr(entry, column) for column in _COLUMNS] for entry in found))


async def _find(read: ReadSession, wanted: Filter, before: int | None, rows: int) -> list[AuditEntry]:
    values = await _values(read, wanted, before)
    if any(value == [] for value in values.values()):
        return []
    found = await read.execute(text(_statement(values)), {**values, "rows": rows})
    return [AuditEntry(**row) for row in found.mappings()]


def _statement(values: Iterable[str]) -> str:
    """The search in SQL, by the names of what it is narrowed to."""
    conditions = [condition for name, condition in _BOUNDS.items() if name in values] or ["true"]
    lists = [name for name in _COLUMNS_OF if name in values]
    conditions += [f"e.{_COLUMNS_OF[name][0]} = ANY(:{name})" for name in lists[1:]]
    wanted = " AND ".join(conditions)
    if not lists:
        return _SEARCH.format(rows=_NEWEST.format(wanted=wanted))
    column, kind = _COLUMNS_OF[lists[0]]
    return _SEARCH.format(
        rows=_NEWEST_OF_EACH.format(values=lists[0], column=column, kind=kind, wanted=wanted)
    )


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
