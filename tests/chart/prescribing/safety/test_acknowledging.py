"""What the check did not understand wants the prescriber's word that they read it, and their word is signed with it."""

import hashlib
import json
from datetime import datetime

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from chart.domain import Resource, Source
from chart.record import store
from chart.record.building import Asserter
from chart.record.types import allergy_intolerance, medication_statement
from tests.chart.conftest import Browser, Scene
from tests.chart.prescribing.conftest import Json, acknowledge, begin, sign
from tests.chart.prescribing.test_drafts import change
from tests.conftest import ActAs


@pytest.fixture
def by(ready: Scene) -> Asserter:
    return Asserter(Source.PATIENT, ready.patient.id, None, ready.visit.requested_at)


async def chart(act_as: ActAs, scene: Scene, *entries: Resource) -> list[str]:
    async with act_as(scene.actor) as unit:
        return [str((await store.put(unit.write, scene.patient.id, each)).id) for each in entries]


async def again(client: httpx.AsyncClient, draft: Json) -> Json:
    found: Json = (await client.get(f"/api/prescriptions/{draft['line']['id']}")).json()
    return found


async def test_nothing_is_asked_where_everything_was_understood(
    clinician: httpx.AsyncClient, ready: Scene, act_as: ActAs, by: Asserter
) -> None:
    await chart(
        act_as,
        ready,
        allergy_intolerance.build("Peanuts", by),
        allergy_intolerance.build("not allergic to penicillin", by),
        medication_statement.build("lisinopril-hctz 20/12.5 mg daily", by),
        medication_statement.build("vitamin D", by),
    )
    draft = await begin(clinician, ready.visit.id)
    assert (draft["not_understood"], draft["unread_sha256"], draft["alerts"]) == ([], None, [])
    assert draft["denied"] == ["not allergic to penicillin"]
    assert (await sign(clinician, draft)).status_code == 200


async def test_signing_without_the_word_is_refused_and_with_it_the_word_is_signed(
    clinician: httpx.AsyncClient, ready: Scene, act_as: ActAs, by: Asserter
) -> None:
    await chart(
        act_as,
        ready,
        allergy_intolerance.build("the pink syrup", by, category="environment"),
        medication_statement.build("metformin and a tea", by),
        medication_statement.build("Zzyxalin", by),
        medication_statement.build("imatinib", by),
    )
    draft = await begin(clinician, ready.visit.id)
    assert [
        (each["kind"], each["text"], each["parts"], each["known"]) for each in draft["not_understood"]
    ] == [
        ("allergy", "the pink syrup", ["pink"], True),
        ("medicine", "imatinib", ["imatinib"], False),
        ("medicine", "metformin and a tea", ["tea"], True),
        ("medicine", "Zzyxalin", ["zzyxalin"], True),
    ]
    refused = await sign(clinician, draft)
    assert (refused.status_code, refused.json()["code"]) == (409, "acknowledgement_required")

    # The word is kept with the draft, and given once.
    read = (await acknowledge(clinician, draft)).json()
    assert read["acknowledged_at"] and read["sha256"] != draft["sha256"]
    assert (await acknowledge(clinician, draft)).json()["acknowledged_at"] == read["acknowledged_at"]
    assert (await again(clinician, draft))["acknowledged_at"] == read["acknowledged_at"]
    stale = await sign(clinician, draft)
    assert (stale.status_code, stale.json()["code"]) == (409, "prescription_changed")

    assert (await sign(clinician, read)).status_code == 200
    async with act_as(ready.actor) as unit:
        row = (
            await unit.read.execute(
                text("SELECT document, acknowledged FROM prescription WHERE id = :id"),
                {"id": draft["line"]["id"]},
            )
        ).one()
        said = await unit.read.scalar(
            text("SELECT detail FROM audit_event WHERE action = 'prescription.acknowledge'")
        )
    signed = json.loads(row.document)["acknowledged"]
    assert hashlib.sha256(row.document).hexdigest() == read["sha256"]
    assert signed["by"] == str(ready.clinician.id) and datetime.fromisoformat(signed["at"])
    assert [each["text"] for each in signed["entries"]] == [each["text"] for each in draft["not_understood"]]
    assert row.acknowledged == signed
    assert said == {"entries": 4}, "the audit tells no health data"


async def test_other_entries_want_another_word(
    clinician: httpx.AsyncClient, ready: Scene, act_as: ActAs, by: Asserter
) -> None:
    await chart(act_as, ready, medication_statement.build("a tea", by))
    draft = await begin(clinician, ready.visit.id)
    read = (await acknowledge(clinician, draft)).json()
    [added] = await chart(act_as, ready, allergy_intolerance.build("the pink syrup", by))
    refused = await sign(clinician, read)
    assert (refused.status_code, refused.json()["code"]) == (409, "acknowledgement_required")
    other = await acknowledge(clinician, read)
    assert (other.status_code, other.json()["code"]) == (409, "unread_changed")
    newer = await again(clinician, draft)
    assert newer["acknowledged_at"] is None and len(newer["not_understood"]) == 2

    # The entry is gone: what was read before holds again.
    await clinician.post(f"/api/patients/{ready.patient.id}/records/{added}/in-error", json={})
    assert (await sign(clinician, await again(clinician, draft))).status_code == 200


async def test_the_word_outlives_changes_of_the_draft_and_can_be_taken_back(
    clinician: httpx.AsyncClient, ready: Scene, act_as: ActAs, by: Asserter
) -> None:
    await chart(act_as, ready, medication_statement.build("a tea", by))
    draft = await begin(clinician, ready.visit.id)
    read = (await acknowledge(clinician, draft)).json()
    path = f"/api/prescriptions/{draft['line']['id']}"
    changed = (await clinician.put(path, json=change(read, refills=1))).json()
    assert changed["acknowledged_at"] == read["acknowledged_at"]
    back = (await clinician.put(f"{path}/acknowledgement", json={"sha256": None})).json()
    assert back["acknowledged_at"] is None
    assert (await sign(clinician, back)).json()["code"] == "acknowledgement_required"


async def test_it_is_the_prescribers_word_and_stays_as_it_was_signed(
    clinician: httpx.AsyncClient,
    browser: Browser,
    stranger: httpx.AsyncClient,
    patient: httpx.AsyncClient,
    ready: Scene,
    act_as: ActAs,
    by: Asserter,
    owner: AsyncEngine,
) -> None:
    from core.actor import Role
    from tests.people import make_staff

    await chart(act_as, ready, medication_statement.build("a tea", by))
    draft = await begin(clinician, ready.visit.id)
    async with act_as(ready.actor) as unit:
        colleague = await make_staff(unit.write, Role.CLINICIAN, name="Another Doctor")
    assert (await acknowledge(await browser(colleague), draft)).status_code == 403
    assert (await acknowledge(stranger, draft)).status_code == 404
    assert (await acknowledge(patient, draft)).status_code == 403
    await sign(clinician, (await acknowledge(clinician, draft)).json())
    late = await acknowledge(clinician, draft)
    assert (late.status_code, late.json()["code"]) == (409, "prescription_signed")
    async with owner.connect() as connection:
        with pytest.raises(DBAPIError, match="never changed"):
            await connection.execute(
                text("UPDATE prescription SET acknowledged = NULL WHERE id = :id"),
                {"id": draft["line"]["id"]},
            )
