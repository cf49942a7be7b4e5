"""Writing a prescription: what fills itself in, what is refused and where, and who may see it."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from chart.domain import Source
from chart.record import store
from chart.record.building import Asserter
from chart.record.types import allergy_intolerance, medication_statement
from core.ids import new_id
from tests.chart.conftest import Scene
from tests.chart.prescribing.conftest import AMOXICILLIN, Json, acknowledge, begin, sign
from tests.conftest import ActAs


def change(draft: Json, **fields: Any) -> Json:
    """What a screen would send after the clinician changed these fields."""
    sent = {
        "version": draft["version"],
        "sig": draft["sig"],
        "quantity": draft["quantity"],
        "days_supply": draft["days_supply"],
        "refills": draft["line"]["refills"],
        "substitutions_allowed": draft["substitutions_allowed"],
        "note": draft["note"],
        "diagnosis": draft["diagnosis"],
        "pharmacy_id": draft["line"]["pharmacy"]["id"] if draft["line"]["pharmacy"] else None,
    }
    return sent | fields


async def put(client: httpx.AsyncClient, draft: Json, **fields: Any) -> httpx.Response:
    return await client.put(f"/api/prescriptions/{draft['line']['id']}", json=change(draft, **fields))


async def test_a_draft_begins_with_the_usual_directions_and_the_patients_pharmacy(
    clinician: httpx.AsyncClient, ready: Scene
) -> None:
    draft = await begin(clinician, ready.visit.id)
    line = draft["line"]
    assert line["sig_text"]["en"].startswith("Take 1 capsule by mouth three times a day for 10 days.")
    assert line["sig_text"]["es"].startswith("Tome 1 cápsula por la boca tres veces al día durante 10 días.")
    assert (line["quantity"], line["unit"], line["status"]) == (30, "capsule", "draft")
    assert line["pharmacy"]["name"] == "Elm Street Pharmacy"
    assert draft["missing"] == [] and draft["alerts"] == [] and draft["sha256"]


async def test_the_text_and_quantity_follow_each_change(clinician: httpx.AsyncClient, ready: Scene) -> None:
    draft = await begin(clinician, ready.visit.id)
    sig = draft["sig"] | {"frequency": "bid", "days": 7, "notes": []}
    changed = (await put(clinician, draft, sig=sig, refills=1)).json()
    assert changed["line"]["sig_text"]["en"] == "Take 1 capsule by mouth twice a day for 7 days."
    assert (changed["line"]["quantity"], changed["version"]) == (14, 2)
    assert changed["sha256"] != draft["sha256"]
    fixed = (await put(clinician, changed, quantity=20)).json()
    assert (fixed["line"]["quantity"], fixed["suggested_quantity"]) == (20, 14)


async def test_a_stale_version_is_refused(clinician: httpx.AsyncClient, ready: Scene) -> None:
    draft = await begin(clinician, ready.visit.id)
    await put(clinician, draft, refills=1)
    answer = await put(clinician, draft, refills=2)
    assert (answer.status_code, answer.json()["code"]) == (409, "prescription_stale")


@pytest.mark.parametrize(
    ("fields", "path", "code"),
    [
        ({"quantity": 0}, "quantity", "quantity_out_of_range"),
        ({"quantity": -1}, "quantity", "quantity_out_of_range"),
        ({"quantity": 1e300}, "quantity", "quantity_out_of_range"),
        ({"quantity": 1.00001}, "quantity", "quantity_too_fine"),
        ({"quantity": 1e-9}, "quantity", "quantity_too_fine"),
        ({"quantity": 10000}, "quantity", "quantity_out_of_range"),
        ({"quantity": 1.5}, "quantity", "quantity_not_whole"),
        ({"days_supply": 0}, "days_supply", "sig_days_out_of_range"),
        ({"refills": 12}, "refills", "refills_out_of_range"),
        ({"refills": -1}, "refills", "refills_out_of_range"),
        ({"note": "x" * 121}, "note", "too_long"),
        ({"note": "a\x00b"}, "note", "control_characters"),
        ({"diagnosis": "Z99.999X"}, "diagnosis", "unknown_code"),
        ({"pharmacy_id": str(new_id())}, "pharmacy_id", "pharmacy_unknown"),
    ],
)
async def test_a_wrong_field_is_named(
    clinician: httpx.AsyncClient, ready: Scene, fields: Json, path: str, code: str
) -> None:
    draft = await begin(clinician, ready.visit.id)
    answer = await put(clinician, draft, **fields)
    assert answer.status_code == 422, answer.text
    assert [(each["path"], each["code"]) for each in answer.json()["fields"]] == [(path, code)]


async def test_wrong_directions_are_named_all_at_once(clinician: httpx.AsyncClient, ready: Scene) -> None:
    draft = await begin(clinician, ready.visit.id)
    answer = await put(clinician, draft, sig=draft["sig"] | {"dose": 0.5, "days": 0}, refills=99)
    assert {(each["path"], each["code"]) for each in answer.json()["fields"]} == {
        ("sig.dose", "sig_dose_not_divisible"),
        ("sig.days", "sig_days_out_of_range"),
        ("refills", "refills_out_of_range"),
    }


async def test_an_unknown_medicine_is_refused(clinician: httpx.AsyncClient, ready: Scene) -> None:
    answer = await clinician.post(
        f"/api/visits/{ready.visit.id}/prescriptions",
        json={"drug_id": "snake-oil"},
        headers={"idempotency-key": str(new_id())},
    )
    assert answer.json()["fields"] == [{"path": "drug_id", "code": "drug_unknown"}]


async def test_the_chart_speaks_against_it(clinician: httpx.AsyncClient, ready: Scene, act_as: ActAs) -> None:
    by = Asserter(Source.CLINICIAN, ready.patient.id, ready.clinician.id, ready.visit.requested_at)
    async with act_as(ready.actor) as unit:
        for resource in (
            allergy_intolerance.build("Penicilina", by, reaction="ronchas"),
            allergy_intolerance.build("Peanuts", by, category="food"),
            medication_statement.build("Warfarin 5 mg", by),
            medication_statement.build("My grandmother's tea", by),
        ):
            await store.put(unit.write, ready.patient.id, resource)
    draft = await begin(clinician, ready.visit.id)
    [alert] = draft["alerts"]
    assert (alert["kind"], alert["severity"], alert["other"]) == ("allergy", "high", "Penicilina")
    assert alert["effect"]["es"] and alert["action"]["en"]
    assert [(each["text"], each["parts"]) for each in draft["not_understood"]] == [
        ("My grandmother's tea", ["grandmother", "tea"])
    ]

    # A high alert wants a reason, beside itself.
    draft = (await acknowledge(clinician, draft)).json()
    refused = await sign(clinician, draft)
    assert refused.status_code == 422
    assert refused.json()["fields"] == [{"path": f"reasons.{alert['key']}", "code": "reason_required"}]
    taken = await sign(clinician, draft, {alert["key"]: "Tolerated amoxicillin in 2024"})
    assert taken.status_code == 200, taken.text

    # What was given in this visit counts for what comes next.
    ibuprofen = await begin(clinician, ready.visit.id, "ibuprofen-400-mg-tablet")
    assert [(each["kind"], each["other"]) for each in ibuprofen["alerts"]] == [
        ("interaction", "Warfarin 5 mg")
    ]
    naproxen = await begin(clinician, ready.visit.id, "naproxen-500-mg-tablet")
    assert ("duplicate", "ibuprofen 400 mg tablet") in [
        (each["kind"], each["other"]) for each in naproxen["alerts"]
    ]


async def test_what_a_pharmacy_would_lack_is_named_before_signing(
    clinician: httpx.AsyncClient, scene: Scene, act_as: ActAs, owner: AsyncEngine
) -> None:
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE patient SET address = NULL, phone = NULL WHERE id = :id"), {"id": scene.patient.id}
        )
    draft = await begin(clinician, scene.visit.id)
    assert draft["missing"] == [
        "patient.address.line",
        "patient.address.city",
        "patient.address.state",
        "patient.address.postalCode",
        "patient.phone",
        "clinic.address.line",
        "clinic.address.city",
        "clinic.address.state",
        "clinic.address.postalCode",
        "clinic.phone",
        "pharmacy",
    ]
    assert draft["sha256"] is None
    answer = await clinician.post(
        f"/api/prescriptions/{draft['line']['id']}/sign", json={"sha256": "0" * 64, "reasons": {}}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "demographics_missing")
    assert answer.json()["data"]["missing"] == draft["missing"]


async def test_the_place_confirmed_for_the_visit_stands_in_for_a_home_address(
    clinician: httpx.AsyncClient, ready: Scene, act_as: ActAs, owner: AsyncEngine
) -> None:
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE patient SET address = NULL WHERE id = :id"), {"id": ready.patient.id}
        )
        await connection.execute(
            text("UPDATE visit SET location = cast(:place AS jsonb) WHERE id = :id"),
            {
                "id": ready.visit.id,
                "place": '{"line": "9 Pier Rd", "city": "Albany", "state": "NY", "zip": "12207", "country": "US"}',
            },
        )
    assert (await begin(clinician, ready.visit.id))["missing"] == []


async def test_a_controlled_substance_cannot_be_signed_here(
    clinician: httpx.AsyncClient, ready: Scene
) -> None:
    draft = await begin(clinician, ready.visit.id, "alprazolam-0.5-mg-tablet")
    assert draft["controlled"] and draft["sha256"] is None
    answer = await clinician.post(
        f"/api/prescriptions/{draft['line']['id']}/sign", json={"sha256": "0" * 64, "reasons": {}}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "controlled_not_possible")


async def test_a_draft_is_nobody_elses(
    clinician: httpx.AsyncClient, patient: httpx.AsyncClient, stranger: httpx.AsyncClient, ready: Scene
) -> None:
    draft = await begin(clinician, ready.visit.id)
    path = f"/api/prescriptions/{draft['line']['id']}"
    assert (await stranger.get(path)).status_code == 404
    assert (await stranger.put(path, json=change(draft))).status_code == 404
    assert (await stranger.get(f"/api/visits/{ready.visit.id}/prescriptions")).status_code == 404
    assert (await patient.get(path)).status_code == 403
    mine = await patient.get(f"/api/visits/{ready.visit.id}/prescriptions")
    assert mine.json() == {"items": []}, "a patient sees what was signed, not what is being thought about"


async def test_only_who_has_the_visit_prescribes(browser: Any, ready: Scene, act_as: ActAs) -> None:
    from core.actor import Actor, Role
    from tests.people import make_staff

    async with act_as(Actor(clinic_id=ready.patient.clinic_id, roles=frozenset({Role.SYSTEM}))) as unit:
        colleague = await make_staff(unit.write, Role.CLINICIAN, name="Another Doctor")
    answer = await (await browser(colleague)).post(
        f"/api/visits/{ready.visit.id}/prescriptions",
        json={"drug_id": AMOXICILLIN},
        headers={"idempotency-key": str(new_id())},
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_visit")


async def test_a_repeated_request_makes_one_draft(clinician: httpx.AsyncClient, ready: Scene) -> None:
    """Case 25: the reply is lost, the same key asks again."""
    key = {"idempotency-key": str(new_id())}
    path = f"/api/visits/{ready.visit.id}/prescriptions"
    first = await clinician.post(path, json={"drug_id": AMOXICILLIN}, headers=key)
    again = await clinician.post(path, json={"drug_id": AMOXICILLIN}, headers=key)
    other = await clinician.post(path, json={"drug_id": "ibuprofen-400-mg-tablet"}, headers=key)
    assert first.json()["line"]["id"] == again.json()["line"]["id"]
    assert other.status_code == 422
    assert len((await clinician.get(path)).json()["items"]) == 1


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("amox", "amoxicillin"),
        ("amox 875", "amoxicillin"),
        ("Lipitor", "atorvastatin"),
        ("lisinopril 10", "lisinopril"),
        ("METFORMINA", "metformin"),
        ("amoxicilin", "amoxicillin"),
        ("inhaler", "albuterol"),
        ("zofran", "ondansetron"),
    ],
)
async def test_medicines_are_found_as_one_types(clinician: httpx.AsyncClient, words: str, first: str) -> None:
    found = (await clinician.get("/api/drugs", params={"q": words})).json()["items"]
    assert found[0]["name"].startswith(first), [each["title"] for each in found]
    assert all(part in found[0]["title"] for part in words.split()[1:])


@pytest.mark.parametrize("words", ["", " ", "%", "_", "'; drop table drug", "\\", "zzzzzz", "💊", "a" * 100])
async def test_any_words_are_answered(clinician: httpx.AsyncClient, words: str) -> None:
    for path in ("/api/drugs", "/api/pharmacies"):
        assert (await clinician.get(path, params={"q": words})).status_code == 200


async def test_pharmacies_are_found_by_name_city_and_zip(clinician: httpx.AsyncClient, ready: Scene) -> None:
    for words in ("elm street", "albany ny", "12207"):
        found = (await clinician.get("/api/pharmacies", params={"q": words})).json()["items"]
        assert found[0]["name"] == "Elm Street Pharmacy", words
    assert len((await clinician.get("/api/pharmacies")).json()["items"]) == 20


async def test_another_clinics_pharmacies_do_not_exist(stranger: httpx.AsyncClient, ready: Scene) -> None:
    assert (await stranger.get("/api/pharmacies")).json() == {"items": []}
