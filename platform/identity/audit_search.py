"""Looking through the audit: who did or saw what, of whom, and when."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from core import audit
from core.db import ReadSession
from identity.schemas_admin import AuditEntry

PAGE = 50
EXPORT_ROWS = 20_000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
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


_SEARCH = text("""
    SELECT e.seq, e.at, e.account_id, coalesce(a.name, '') AS who, e.roles, e.action, e.patient_id,
           coalesce(p.given || ' ' || p.family, '') AS patient, coalesce(p.mrn, '') AS mrn,
           coalesce(e.entity_type, '') AS entity_type, e.entity_id, coalesce(e.reason, '') AS reason, e.detail
      FROM audit_event e
      LEFT JOIN account a ON a.id = e.account_id
      LEFT JOIN patient p ON p.id = e.patient_id
     WHERE (cast(:before AS bigint) IS NULL OR e.seq < :before)
       AND (:action = '' OR starts_with(e.action, :action))
       AND (cast(:since AS timestamptz) IS NULL OR e.at >= :since)
       AND (cast(:until AS timestamptz) IS NULL OR e.at < :until)
       AND (:who = '' OR e.account_id IN (
            SELECT id FROM account WHERE strpos(lower(name), :who) > 0 OR strpos(email, :who) > 0))
       AND (:patient = '' OR e.patient_id IN (
            SELECT id FROM patient WHERE lower(mrn) = :patient OR strpos(lower(given || ' ' || family), :patient) > 0))
     ORDER BY e.seq DESC LIMIT :rows
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
    return to_csv(found)


def to_csv(entries: Iterable[AuditEntry]) -> str:
    """RFC 4180, with a byte order mark for Excel; a cell that would start a formula is made text."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for entry in entries:
        writer.writerow([_cell(getattr(entry, column)) for column in _COLUMNS])
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return plain(" ".join(value))
    if isinstance(value, dict):
        return plain("; ".join(f"{key}={each}" for key, each in value.items()))
    return plain(str(value))


def plain(text: str) -> str:
    """A cell's text, with an apostrophe before it where a spreadsheet program would compute it (OWASP)."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA_STARTS) or text.startswith(("\t", "\r")) else text


async def _find(read: ReadSession, wanted: Filter, before: int | None, rows: int) -> list[AuditEntry]:
    found = await read.execute(
        _SEARCH,
        {
            "before": before,
            "who": wanted.who.strip().lower(),
            "patient": wanted.patient.strip().lower(),
            "action": wanted.action.strip(),
            "since": wanted.since,
            "until": wanted.until,
            "rows": rows,
        },
    )
    return [AuditEntry(**row) for row in found.mappings()]
