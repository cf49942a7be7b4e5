"""The audit is searched by its indexes: what is rare is found without reading what is not wanted."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import system_actor
from core.db import ReadSession, open_unit
from core.ids import new_id
from core.services import Services
from identity import audit_search
from identity.audit_search import Filter
from tests.people import make_patient, make_staff

COMMON = 5_000
RARE = 2
_FILL = text("""
    INSERT INTO audit_event (clinic_id, at, account_id, patient_id, roles, request_id, action)
    SELECT :clinic, now(), :account, :patient, '{clinician}', 'test', :action FROM generate_series(1, :rows)
""")
_ROWS_READ = text(
    "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'audit_event'"
)


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(action="staff."),
        Filter(action="staff.disable"),
        Filter(action="nothing."),
        Filter(who="rare staff"),
        Filter(patient="rare patient"),
        Filter(who="rare", patient="rare", action="staff."),
    ],
    ids=["kind", "action", "unknown", "who", "patient", "all"],
)
async def test_what_is_rare_is_found_without_reading_the_rest(
    services: Services, owner: AsyncEngine, clinic_id: UUID, wanted: Filter
) -> None:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        staff = (await make_staff(unit.write, name="Rare Staff")).id
        patient = (await make_patient(unit.write, given="Rare", family="Patient")).id
    async with owner.begin() as connection:
        rare = {"clinic": clinic_id, "account": staff, "patient": patient, "action": "staff.disable"}
        common = {"clinic": clinic_id, "account": new_id(), "patient": new_id(), "action": "chart.read"}
        await connection.execute(_FILL, {**rare, "rows": RARE})
        await connection.execute(_FILL, {**common, "rows": COMMON})
        await connection.execute(text("ANALYZE audit_event"))
    async with open_unit(services, system_actor(clinic_id)) as unit:
        before = await _rows_read(unit.read)
        found, _ = await audit_search.search(unit.read, wanted)
        assert len(found) == (0 if wanted.action == "nothing." else RARE)
        assert await _rows_read(unit.read) - before < COMMON / 10


async def _rows_read(read: ReadSession) -> int:
    """How many rows of the audit this transaction has read."""
    return int(await read.scalar(_ROWS_READ))
