"""A pharmacy that has another name or phone shows them in every chart at once."""

import httpx
import pytest
from sqlalchemy import text

from core.services import Services
from tests.chart.conftest import Scene
from tests.chart.prescribing.conftest import AMOXICILLIN
from tests.chart.prescribing.safety.test_pairs import prescribe, someone
from tests.conftest import ActAs


@pytest.mark.parametrize(
    ("column", "field", "new"),
    [("name", "pharmacy_name", "Corner Pharmacy"), ("phone", "pharmacy_phone", "+16175550199")],
)
async def test_a_prescription_shows_its_pharmacy_as_it_is_called_now(
    clinician: httpx.AsyncClient,
    ready: Scene,
    services: Services,
    act_as: ActAs,
    column: str,
    field: str,
    new: str,
) -> None:
    patient = await someone(ready, act_as)
    await prescribe(services, ready, patient, AMOXICILLIN, days_ago=1, days=7)
    address = f"/api/patients/{patient.id}/summary"
    [before] = (await clinician.get(address)).json()["prescriptions"]
    assert before[field] != new
    async with act_as(ready.actor) as unit:
        await unit.write.execute(text(f"UPDATE pharmacy SET {column} = :new"), {"new": new})  # noqa: S608 - our own column names
    for _ in range(2):
        [after] = (await clinician.get(address)).json()["prescriptions"]
        assert after == before | {field: new}
