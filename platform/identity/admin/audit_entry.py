"""One row of the audit with all that it keeps: everybody whom a list showed, and the words that were looked for."""

from sqlalchemy import text

from core import audit
from core.crypto import CannotOpen
from core.database.session import ReadSession
from core.errors import NotFound
from identity.admin.audit_search import entry_of, one, patients_named_in
from identity.admin.schemas import AuditEntryDetail, ShownPatient

_LAST = 2**63 - 1
_SHOWN = text("""
    SELECT id, ltrim(given || ' ' || family) AS name, mrn FROM patient WHERE id = ANY(:ids)
     ORDER BY lower(family), lower(given), id
""")


async def get(read: ReadSession, seq: int) -> AuditEntryDetail:
    """The row of this number; opening it is itself put on record. Raises NotFound."""
    if not 0 < seq <= _LAST:
        raise NotFound
    row = await one(read, seq)
    shown = [ShownPatient(**each) for each in (await read.execute(_SHOWN, {"ids": row.patients})).mappings()]
    try:
        sought = audit.looked_for(read, row.request_id, row.sought)
    except CannotOpen:
        sought = None
    named = patients_named_in([row]) | {patient.id for patient in shown}
    await audit.log(read, "audit.read", patients=named, detail={"row": seq})
    return AuditEntryDetail(entry_of(row), shown, sought)
