"""Sessions as a thief would try them: prepared, replayed, left open, and kept after they were ended."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from core.actor import system_actor
from core.db import open_unit
from core.services import Services
from tests.people import make_patient, session_for


async def _found(services: Services, token: str, later: timedelta = timedelta(0)) -> object:
    """What `authenticate` says of a token now, or later."""
    from identity.tokens import digest

    async with services.engine.begin() as connection:
        rows = await connection.execute(
            text("SELECT * FROM authenticate(:token, :at)"),
            {"token": digest(token), "at": services.clock.now() + later},
        )
        return rows.one_or_none()


async def test_a_token_finds_its_owner_and_enters_their_clinic(services: Services, clinic_id: UUID) -> None:
    async with open_unit(services, system_actor(clinic_id)) as unit:
        patient = await make_patient(unit.write)
        token = await session_for(unit.write, patient)
    row = await _found(services, token)
    assert row.patient_id == patient.id  # type: ignore[attr-defined]  # a row of the SQL function
    assert row.clinic_id == clinic_id  # type: ignore[attr-defined]  # as above
