"""The intake over HTTP, against the real database: resume, two devices, red flags, sending, and strangers."""

import datetime as dt
import zoneinfo
from typing import Any
from uuid import uuid4

import pytest
from limits import RateLimitItemPerMinute
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from chart.prescribing.models import Pharmacy
from core.actor import system_actor
from identity.limits import Limit
from intake import service
from intake.models import ConsentRecord
from tests.conftest import ActAs
from tests.intake.conftest import World
from tests.people import make_clinic, session_for, sign_in
from visits.models import Visit

EMPTY: dict[str, Any] = {}


async def _visit(owner: AsyncEngine, world: World) -> Any:
    async with owner.connect() as connection:
        await connection.execute(
            text("SELECT set_config('carethread.clinic_id', :id, true)"), {"id": str(world.clinic.id)}
        )
        rows = await connection.execute(text("SELECT * FROM visit WHERE id = :id"), {"id": world.visit_id})
        return rows.one()


async def test_a_new_form_knows_the_patient_and_asks_everything(world: World) -> None:
    form = (await world.browser.get(world.url)).json()
    assert form["version"] == 0
    assert form["person"] == {"name": "Maria Lopez", "birth_date": "1988-02-29"}
    assert form["home"]["zip"] == "12207"
    assert form["draft"]["contact"]["callback_phone"] == world.patient.phone
    assert form["questionnaire"]["resourceType"] == "Questionnaire"
    assert form["numbers"] == {
        "emergency": "911",
        "crisis": "988",
        "poison": "+1-800-222-1222",
        "violence": "+1-800-799-7233",
        "assault": "+1-800-656-4673",
    }
    assert form["faults"] == []


async def test_reload_and_another_device_go_on_at_the_same_step(world: World, act_as: ActAs) -> None:
    draft = {"answers": {"follow.about": "Cough since Monday"}, "location": {"city": "Albany"}}
    saved = await world.put(0, draft, step="q:follow.what", language="es")
    assert saved.status_code == 200
    assert saved.json()["version"] == 1
    phone = world.new_browser()
    async with act_as(system_actor(world.clinic.id)) as unit:
        sign_in(phone, await session_for(unit.write, world.patient))
    form = (await phone.get(world.url)).json()
    assert (form["version"], form["step"], form["language"]) == (1, "q:follow.what", "es")
    assert form["draft"]["answers"] == {"follow.about": "Cough since Monday"}
    assert form["draft"]["location"]["city"] == "Albany"


async def test_one_account_saves_no_more_often_than_a_person_types(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "INTAKE_SAVES", Limit("few-saves", (RateLimitItemPerMinute(2),)))
    answers = [await world.put(version, {"answers": {"follow.about": "Cough"}}) for version in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert (answers[2].json()["code"], (await world.browser.get(world.url)).json()["version"]) == (
        "too_many",
        2,
    )


async def test_of_two_devices_the_later_gets_the_newer_state_to_merge(world: World) -> None:
    await world.put(0, {"answers": {"follow.about": "from the phone"}}, step="one")
    late = await world.put(0, {"answers": {"trend": "worse"}}, step="two")
    assert late.status_code == 409
    problem = late.json()
    assert problem["code"] == "stale"
    assert problem["data"]["version"] == 1
    assert problem["data"]["draft"]["answers"] == {"follow.about": "from the phone"}
    merged = {"answers": {"follow.about": "from the phone", "trend": "worse"}}
    assert (await world.put(1, merged)).json()["version"] == 2


async def test_what_is_wrong_is_kept_and_named_beside_its_field(world: World) -> None:
    draft = {
        "location": {"state": "NY", "zip": "94110"},
        "contact": {"callback_phone": "12"},
        "answers": {"trend": "sideways"},
    }
    saved = (await world.put(0, draft)).json()
    assert [(fault["path"], fault["code"]) for fault in saved["faults"]] == [
        ("location.zip", "zip_state_mismatch"),
        ("contact.callback_phone", "phone_invalid"),
        ("answers.trend", "unknown_option"),
    ]
    form = (await world.browser.get(world.url)).json()
    assert form["draft"]["location"]["zip"] == "94110"
    assert form["draft"]["contact"]["callback_phone"] == "12"


async def test_a_red_flag_alerts_the_clinic_at_once_and_moves_the_visit_up(
    world: World, owner: AsyncEngine
) -> None:
    saved = (await world.put(0, {"answers": {"safety.now": ["chest-pain"]}})).json()
    assert [(flag["id"], flag["level"], flag["active"]) for flag in saved["flags"]] == [
        ("chest_pain", "emergency", True)
    ]
    visit = await _visit(owner, world)
    assert visit.priority == 2
    assert [flag["code"] for flag in visit.red_flags] == ["chest_pain"]
    async with owner.connect() as connection:
        await connection.execute(
            text("SELECT set_config('carethread.clinic_id', :id, true)"), {"id": str(world.clinic.id)}
        )
        told = await connection.execute(
            text("SELECT audience FROM live_event WHERE clinic_id = :id AND topic = 'intake.red_flag'"),
            {"id": world.clinic.id},
        )
        assert told.scalar_one() == ["role:clinician", "role:coordinator"]
        acts = await connection.execute(
            text("SELECT detail FROM audit_event WHERE clinic_id = :id AND action = 'intake.red_flag'"),
            {"id": world.clinic.id},
        )
        assert acts.scalar_one() == {"flag": "chest_pain", "level": "emergency", "version": 1}


async def test_answers_to_what_is_not_asked_are_neither_kept_nor_heard(world: World) -> None:
    hidden = {"follow.why": "left over", "pregnancy.warning": ["bleeding"], "ask.chest_pain": True}
    saved = (await world.put(0, {"answers": hidden | {"follow.medicine": "yes", "pregnant": "no"}})).json()
    assert saved["flags"] == []
    kept = (await world.browser.get(world.url)).json()["draft"]["answers"]
    assert kept == {"follow.medicine": "yes", "pregnant": "no"}


@pytest.mark.parametrize(
    ("sex", "years", "asked"),
    [
        ("male", 46, False),
        ("female", 6, False),
        ("female", 46, True),
        # Whoever has not said is asked, and whoever would rather not say too.
        ("unknown", 46, True),
        ("declined", 46, True),
        ("specified", 46, True),
    ],
)
async def test_pregnancy_is_required_only_of_whom_it_may_concern(
    world: World, owner: AsyncEngine, sex: str, years: int, asked: bool
) -> None:
    born = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=int(years * 365.25 + 30))
    async with owner.begin() as connection:
        await connection.execute(
            text("UPDATE patient SET clinical_sex = :sex, birth_date = :born WHERE id = :id"),
            {"sex": sex, "born": born, "id": world.patient.id},
        )
    draft = await world.complete_draft()
    del draft["answers"]["pregnant"]
    draft["adult"] = {"name": "Ana Lopez", "relationship": "MTH", "phone": "(518) 462-5001"}
    await world.put(0, draft)
    sent = await world.browser.post(f"{world.url}/submit", json={"version": 1})
    missing = [(each["path"], each["code"]) for each in sent.json().get("fields", [])]
    assert missing == ([("answers.pregnant", "required")] if asked else [])


async def test_the_age_is_counted_where_the_patient_lives(world: World, owner: AsyncEngine) -> None:
    """In Kiritimati, where a day begins first, and in Niue, where it ends last."""
    today = dt.datetime.now(dt.UTC).date()
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):
        local = dt.datetime.now(zoneinfo.ZoneInfo(zone)).date()
        async with owner.begin() as connection:
            await connection.execute(
                text("UPDATE patient SET birth_date = :born, time_zone = :zone WHERE id = :id"),
                {"born": today - dt.timedelta(days=42), "zone": zone, "id": world.patient.id},
            )
        facts = (await world.browser.get(world.url)).json()["facts"]
        assert facts["days"] == 42 + (local - today).days


async def test_a_flag_taken_back_stays_in_the_history(world: World, owner: AsyncEngine) -> None:
    await world.put(0, {"answers": {"safety.now": ["suicide"]}})
    saved = (await world.put(1, {"answers": {"safety.now": ["none"]}})).json()
    assert [(flag["id"], flag["active"]) for flag in saved["flags"]] == [("suicide", False)]
    assert (await _visit(owner, world)).priority == 2
    seen = (await world.staff_browser.get(f"{world.url}/summary")).json()
    assert seen["flags"][0]["active"] is False
    assert seen["summary"]["flags"] == []


async def test_sending_waits_until_the_flag_was_read(world: World) -> None:
    draft = await world.complete_draft()
    draft["answers"]["safety.now"] = ["chest-pain"]
    await world.put(0, draft)
    refused = await world.browser.post(f"{world.url}/submit", json={"version": 1})
    assert (refused.status_code, refused.json()["code"]) == (409, "red_flag_unread")
    await world.put(1, draft, acknowledged=["chest_pain"])
    sent = await world.browser.post(f"{world.url}/submit", json={"version": 2})
    assert (sent.status_code, sent.json()["visit_status"]) == (201, "waiting")


async def test_sending_puts_the_patient_in_line_and_fills_the_chart(
    world: World, owner: AsyncEngine, act_as: ActAs
) -> None:
    await world.put(0, await world.complete_draft())
    key = {"idempotency-key": str(uuid4())}
    sent = await world.browser.post(f"{world.url}/submit", json={"version": 1}, headers=key)
    assert sent.status_code == 201
    again = await world.browser.post(f"{world.url}/submit", json={"version": 1}, headers=key)
    assert again.json() == sent.json()
    visit = await _visit(owner, world)
    assert (visit.status, visit.callback_phone) == ("waiting", "+15184625000")
    assert visit.location == {
        "line": "5 Pine Rd",
        "city": "Albany",
        "state": "NY",
        "zip": "12207",
        "country": "US",
    }
    assert visit.intake_summary["chief_complaint"] == "Follow-up: “Sleeping badly”"
    assert visit.intake_summary["allergies"] == ["Latex (Itching; new, patient-reported)"]
    form = (await world.browser.get(world.url)).json()
    assert form["submitted_at"] is not None
    closed = await world.put(1, {})
    assert (closed.status_code, closed.json()["code"]) == (409, "intake_closed")
    chart = await world.staff_browser.get(f"{world.url}/summary")
    assert chart.json()["consent_version"] == 0
    async with act_as(system_actor(world.clinic.id)) as unit:
        rows = await unit.read.execute(
            text(
                "SELECT display, source, visit_id FROM record WHERE patient_id = :id AND display IS NOT NULL ORDER BY 1"
            ),
            {"id": world.patient.id},
        )
        assert [tuple(row) for row in rows] == [
            ("Latex", "patient", world.visit_id),
            ("Melatonin 3 mg", "patient", world.visit_id),
        ]


async def test_the_next_visit_puts_what_the_record_knows_before_the_patient(
    world: World, act_as: ActAs
) -> None:
    await world.put(0, await world.complete_draft())
    await world.browser.post(f"{world.url}/submit", json={"version": 1})
    async with act_as(system_actor(world.clinic.id)) as unit:
        second = Visit(
            patient_id=world.patient.id,
            reason_code="cough",
            kind="on_demand",
            status="intake",
            requested_at=unit.write.now(),
        )
        first = await unit.write.scalar(text("UPDATE visit SET status = 'cancelled' RETURNING id"))
        assert first == world.visit_id
        unit.write.add(second)
    draft = (await world.browser.get(f"/api/visits/{second.id}/intake")).json()["draft"]
    assert [(entry["substance"], entry["reaction"], entry["status"]) for entry in draft["allergies"]] == [
        ("Latex", "Itching", "")
    ]
    assert [(entry["name"], entry["directions"]) for entry in draft["medicines"]] == [
        ("Melatonin 3 mg", "At night")
    ]


async def test_consent_is_kept_word_for_word_in_the_language_that_was_read(
    world: World, act_as: ActAs
) -> None:
    draft = await world.complete_draft()
    spanish = await world.consent("es")
    draft["consent"] |= {"language": "es", "text_hash": spanish["hash"]}
    await world.put(0, draft)
    assert (await world.browser.post(f"{world.url}/submit", json={"version": 1})).status_code == 201
    async with act_as(system_actor(world.clinic.id)) as unit:
        record = await unit.read.scalar(
            ConsentRecord.__table__.select().where(ConsentRecord.visit_id == world.visit_id)
        )
        assert record is not None
        row = (
            await unit.read.execute(text("SELECT text, text_hash, signature, language FROM consent_record"))
        ).one()
    assert tuple(row) == (spanish["text"], spanish["hash"], "Maria Lopez", "es")


async def test_a_consent_that_changed_meanwhile_is_read_again(world: World, act_as: ActAs) -> None:
    draft = await world.complete_draft()
    await world.put(0, draft)
    async with act_as(system_actor(world.clinic.id)) as unit:
        await unit.write.execute(
            text(
                "INSERT INTO consent_text (clinic_id, version, body_en, body_es) "
                "VALUES (:id, 1, 'New text', 'Texto nuevo')"
            ),
            {"id": world.clinic.id},
        )
    refused = await world.browser.post(f"{world.url}/submit", json={"version": 1})
    assert refused.status_code == 422
    assert refused.json()["fields"] == [{"path": "consent.agreed", "code": "consent_changed"}]
    assert (await world.consent("es"))["text"] == "Texto nuevo"


async def test_a_pharmacy_that_was_picked_is_one_the_clinic_sends_to_and_is_kept(
    world: World, act_as: ActAs
) -> None:
    async with act_as(system_actor(world.clinic.id)) as unit:
        pharmacy = Pharmacy(
            ncpdp_id="0000001",
            npi="1234567893",
            name="Pine Pharmacy",
            line="9 Pine Rd",
            city="Albany",
            state="NY",
            zip="12207",
            phone="+15184625001",
        )
        unit.write.add(pharmacy)
    draft = await world.complete_draft()
    for version, wrong in enumerate((str(uuid4()), "not-an-id")):
        await world.put(version, draft | {"pharmacy": {"id": wrong, "name": "Nowhere"}})
        refused = await world.browser.post(f"{world.url}/submit", json={"version": version + 1})
        assert refused.json()["fields"] == [{"path": "pharmacy.id", "code": "unknown_option"}]
    await world.put(2, draft | {"pharmacy": {"id": str(pharmacy.id), "name": "Pine"}})
    assert (await world.browser.post(f"{world.url}/submit", json={"version": 3})).status_code == 201
    async with act_as(system_actor(world.clinic.id)) as unit:
        kept = await unit.read.scalar(
            text("SELECT preferred_pharmacy_id FROM patient WHERE id = :id"), {"id": world.patient.id}
        )
    assert kept == pharmacy.id


async def test_an_incomplete_form_names_every_field(world: World) -> None:
    await world.put(0, {})
    refused = await world.browser.post(f"{world.url}/submit", json={"version": 1})
    assert refused.status_code == 422
    paths = {field["path"] for field in refused.json()["fields"]}
    assert {"identity.confirmed", "location.line", "answers.safety.now", "consent.signature"} <= paths


async def test_anyone_may_read_what_a_clinic_can_be_visited_for(world: World, owner: AsyncEngine) -> None:
    picky = await make_clinic(owner, settings={"reasons_off": ["mood", "cough"]})
    codes = [
        each["code"]
        for each in (
            await world.new_browser().get("/api/intake/reasons", params={"clinic": picky.slug})
        ).json()
    ]
    assert "mood" not in codes and "urinary" in codes
    missing = await world.new_browser().get("/api/intake/reasons", params={"clinic": "nowhere"})
    assert missing.status_code == 404
