"""Finishing a visit with prescriptions that were begun and not signed."""

import httpx
from sqlalchemy import text

from tests.chart.conftest import Scene
from tests.chart.notes.test_signing import ready as note_ready
from tests.chart.prescribing.conftest import begin, sign
from tests.chart.prescribing.conftest import ready as ready
from tests.conftest import ActAs


async def test_a_prescription_that_nobody_signed_does_not_get_lost_with_the_visit(
    terminology: None, clinician: httpx.AsyncClient, ready: Scene, act_as: ActAs
) -> None:
    signed, kept = await begin(clinician, ready.visit.id), await begin(clinician, ready.visit.id)
    assert (await sign(clinician, signed)).status_code == 200
    _, shown = await note_ready(clinician, ready)
    unsigned = [{"id": kept["line"]["id"], "drug": kept["line"]["drug"]}]
    assert shown["unsigned"] == unsigned
    path, body = f"/api/visits/{ready.visit.id}/finish-visit", {"sha256": shown["sha256"]}
    refused = await clinician.post(path, json=body)
    assert (refused.status_code, refused.json()["code"]) == (409, "unsigned_prescriptions")
    assert refused.json()["data"] == {"prescriptions": unsigned}
    note = (await clinician.get(f"/api/visits/{ready.visit.id}/note")).json()
    assert note["status"] == "ready", "neither signed nor finished"

    later = await begin(clinician, ready.visit.id)
    body["discard_drafts"] = [kept["line"]["id"]]
    assert (await clinician.post(path, json=body)).status_code == 409, "one was begun since it was shown"
    body["discard_drafts"] += [later["line"]["id"]]
    assert (await clinician.post(path, json=body)).status_code == 200
    assert (await clinician.post(path, json=body)).status_code == 200, "and again is once"
    async with act_as(ready.actor) as unit:
        rows = await unit.read.execute(text("SELECT status FROM prescription ORDER BY created_at"))
        assert [row.status for row in rows] == ["signed", "cancelled", "cancelled"]
    late = await sign(clinician, kept)
    assert (late.status_code, late.json()["code"]) == (409, "prescription_signed")
