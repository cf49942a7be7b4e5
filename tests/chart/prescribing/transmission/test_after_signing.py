"""What was signed: where else it shows, and until when it can be cancelled."""

from uuid import UUID

import httpx
from sqlalchemy import select

from chart.prescribing.models import Prescription
from chart.prescribing.transmission.sending import send_due
from core.services import Services
from tests.chart.conftest import Scene
from tests.chart.prescribing.conftest import AMOXICILLIN, signed
from tests.chart.prescribing.pharmacy import PharmacyProcess
from tests.conftest import ActAs


async def test_the_drugs_one_signs_come_first(clinician: httpx.AsyncClient, ready: Scene) -> None:
    assert (await clinician.get("/api/drugs/recent")).json() == {"items": []}
    for drug_id in ("ibuprofen-400-mg-tablet", AMOXICILLIN):
        await signed(clinician, ready.visit.id, drug_id)
    items = (await clinician.get("/api/drugs/recent")).json()["items"]
    assert [each["id"] for each in items] == [AMOXICILLIN, "ibuprofen-400-mg-tablet"]


async def test_the_chart_and_the_visit_show_it(clinician: httpx.AsyncClient, ready: Scene) -> None:
    await signed(clinician, ready.visit.id)
    summary = (await clinician.get(f"/api/patients/{ready.patient.id}/summary")).json()
    [shown] = summary["prescriptions"]
    assert (shown["drug"], shown["status"]) == ("amoxicillin 500 mg capsule", "signed")
    [listed] = (await clinician.get(f"/api/visits/{ready.visit.id}/prescriptions")).json()["items"]
    assert listed["mine"] and listed["drug"] == shown["drug"]


async def test_cancelling_before_it_is_sent(
    clinician: httpx.AsyncClient, ready: Scene, wired: Services, pharmacy: PharmacyProcess
) -> None:
    receipt = await signed(clinician, ready.visit.id)
    path = f"/api/prescriptions/{receipt['prescription_id']}/cancel"
    assert (await clinician.post(path)).json()["status"] == "cancelled"
    assert (await clinician.post(path)).json()["status"] == "cancelled"
    assert await send_due(wired, ready.patient.clinic_id) == 0
    assert receipt["message_id"] not in (await pharmacy.counts())["times"]


async def test_cancelling_after_it_was_sent_is_refused(
    clinician: httpx.AsyncClient, ready: Scene, wired: Services
) -> None:
    receipt = await signed(clinician, ready.visit.id)
    await send_due(wired, ready.patient.clinic_id)
    answer = await clinician.post(f"/api/prescriptions/{receipt['prescription_id']}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "prescription_sent")


async def test_what_was_cancelled_while_it_was_in_error_is_not_taken_after_the_undo(
    clinician: httpx.AsyncClient, ready: Scene, act_as: ActAs
) -> None:
    receipt = await signed(clinician, ready.visit.id)
    async with act_as(ready.actor) as unit:
        prescription = await unit.read.one_or_not_found(
            select(Prescription).where(Prescription.id == UUID(receipt["prescription_id"]))
        )
    path = f"/api/patients/{ready.patient.id}/records/{prescription.record_id}/in-error"
    marked = await clinician.post(path, json={"reason": "Wrong chart"})
    assert marked.json()["in_error"] is True, marked.text
    cancelled = await clinician.post(f"/api/prescriptions/{receipt['prescription_id']}/cancel")
    assert cancelled.json()["status"] == "cancelled"
    undone = await clinician.post(f"{path}/undo", json={"version": marked.json()["version"]})
    assert (undone.json()["in_error"], undone.json()["resource"]["status"]) == (False, "cancelled")
