"""The audit as a file for a spreadsheet."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from core.database.session import ReadSession
from core.text.spreadsheets import csv_text
from identity.admin.audit_search import Filter, find, patients_named_in, put_on_record

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
    "shown",
)
_NUMBERS = text("SELECT id, mrn FROM patient WHERE id = ANY(:ids)")


async def export(read: ReadSession, wanted: Filter) -> str:
    """The newest rows that fit, as CSV that no spreadsheet program takes for formulas.

    `shown` has the record numbers of all whom a list showed. Words that were looked for stay sealed (`audit_entry`).
    """
    found = await find(read, wanted, None, EXPORT_ROWS)
    shown = {patient for row in found for patient in row.patients}
    numbers = {row.id: row.mrn for row in await read.execute(_NUMBERS, {"ids": list(shown)})}
    await put_on_record(read, "audit.export", wanted, patients_named_in(found) | shown, {"rows": len(found)})
    return csv_text(_COLUMNS, (_cells(row, numbers) for row in found))


def _cells(row: Row[Any], numbers: Mapping[UUID, str]) -> Iterable[object]:
    shown = sorted(numbers[each] for each in row.patients if each in numbers)
    return [shown if column == "shown" else getattr(row, column) for column in _COLUMNS]
