"""From signature to pharmacy: signed once, sent once, and its state told truly, whatever fails on the way."""

import asyncio
import os
import signal
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.asgi import build_app
from chart.prescribing.domain import LEASE, RxStatus
from chart.prescribing.models import Prescription, ScriptMessage
from chart.prescribing.script.messages import Error, NewRx
from chart.prescribing.script.parse import from_xml
from chart.prescribing.transmission import receiving
from chart.prescribing.transmission.sending import claim, send_due
from chart.record.models import Record
from chart.verification import verify
from core.actor import Actor, Role, system_actor
from core.clock import FrozenClock
from core.services import Services
from identity.models import Patient
from tests.chart.conftest import Scene
from tests.chart.prescribing.conftest import Verify, begin, sign, signed, state_of
from tests.chart.prescribing.pharmacy import PharmacyProcess
from tests.conftest import ActAs, Deliver, new_browser
from tests.patience import PATIENCE
from tests.people import make_staff, session_for, sign_in


def later(services: Services, by: timedelta) -> Services:
    """The same services, that much later."""
    return replace(services, clock=FrozenClock(services.clock.now() + by))


async def row(act_as: ActAs, scene: Scene, prescription_id: str) -> Prescription:
    async with act_as(scene.actor) as unit:
        query = select(Prescription).where(Prescription.id == UUID(prescription_id))
        found: Prescription = (await unit.read.scalars(query)).one()
        return found


async def test_from_signature_to_verified(
    clinician: httpx.AsyncClient,
    patient: httpx.AsyncClient,
    ready: Scene,
    wired: Services,
    pharmacy: PharmacyProcess,
    verify: Verify,
    deliver: Deliver,
    act_as: ActAs,
) -> None:
    receipt = await signed(clinician, ready.visit.id)
    prescription_id = receipt["prescription_id"]
    assert (await state_of(clinician, prescription_id))["status"] == "signed"

    assert await send_due(wired, ready.patient.clinic_id) == 1
    sent = await state_of(clinician, prescription_id)
    assert sent["status"] == "sent" and sent["sent_at"]

    # The pharmacy got one NewRx, and it says what was signed.
    assert (await pharmacy.counts())["times"][receipt["message_id"]] == 1
    async with act_as(ready.actor) as unit:
        kept = (await unit.read.scalars(select(ScriptMessage).order_by(ScriptMessage.created_at))).all()
        assert [(each.direction, each.kind) for each in kept] == [("out", "NewRx"), ("in", "Status")]
        assert b"amoxicillin" not in kept[0].sealed
        message = from_xml(await receiving.opened(unit.read, kept[0].id))
    assert isinstance(message, NewRx)
    assert message.medication.description == "amoxicillin 500 mg capsule"
    assert message.medication.sig.startswith("Take 1 capsule by mouth three times a day for 10 days.")
    assert (message.patient.given, message.prescriber.npi) == ("Maria", "1234567893")

    # Its Verify, ten times: one effect.
    answers = [await verify(receipt["message_id"]) for _ in range(10)]
    assert {answer.status_code for answer in answers} == {200}
    assert await deliver() >= 1
    done = await state_of(clinician, prescription_id)
    assert done["status"] == "accepted" and done["answered_at"]

    # The patient's list says so too, without what pharmacy and clinic write to each other.
    [mine] = (await patient.get(f"/api/visits/{ready.visit.id}/prescriptions")).json()["items"]
    assert (mine["status"], mine["pharmacy"]["name"]) == ("accepted", "Elm Street Pharmacy")

    # The record holds it, and the audit tells the story.
    async with act_as(ready.actor) as unit:
        query = select(Record).where(Record.resource_type == "MedicationRequest")
        record = (await unit.read.scalars(query)).one()
        assert (record.status, record.display) == ("active", "amoxicillin 500 mg capsule")
        actions = (
            await unit.read.scalars(
                text("SELECT action FROM audit_event WHERE entity_id = :id ORDER BY seq"),
                {"id": prescription_id},
            )
        ).all()
    told = [action for action in actions if action != "prescription.read"]
    assert told == ["prescription.draft", "prescription.signed", "prescription.status", "prescription.status"]
    steps = (await clinician.get(f"/api/visits/{ready.visit.id}/thread")).json()["steps"]
    assert [step["kind"] for step in steps if step["kind"].startswith("prescription.")] == told[1:]


async def test_twenty_signatures_are_one(
    clinician: httpx.AsyncClient, ready: Scene, wired: Services, pharmacy: PharmacyProcess
) -> None:
    """Case 23."""
    draft = await begin(clinician, ready.visit.id)
    answers = await asyncio.gather(*(sign(clinician, draft) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1

    rounds = await asyncio.gather(*(send_due(wired, ready.patient.clinic_id) for _ in range(5)))
    assert sum(rounds) == 1
    assert (await pharmacy.counts())["times"][answers[0].json()["message_id"]] == 1


async def test_what_was_shown_is_what_is_signed(
    clinician: httpx.AsyncClient, ready: Scene, act_as: ActAs, owner: AsyncEngine, services: Services
) -> None:
    """Case 24 for prescriptions."""
    draft = await begin(clinician, ready.visit.id)
    body = {
        "version": draft["version"],
        "sig": draft["sig"] | {"days": 5},
        "pharmacy_id": draft["line"]["pharmacy"]["id"],
    }
    await clinician.put(f"/api/prescriptions/{draft['line']['id']}", json=body)
    stale = await sign(clinician, draft)
    assert (stale.status_code, stale.json()["code"]) == (409, "prescription_changed")

    fresh = (await clinician.get(f"/api/prescriptions/{draft['line']['id']}")).json()
    assert (await sign(clinician, fresh)).status_code == 200
    stored = await row(act_as, ready, draft["line"]["id"])
    assert stored.sha256 == fresh["sha256"]
    async with owner.connect() as connection:
        before = await verify(connection, services.keyring.signer)
    async with owner.connect() as connection:
        await connection.execute(text("ALTER TABLE prescription DISABLE TRIGGER USER"))
        later = text("UPDATE prescription SET signed_at = signed_at + interval '1 day' WHERE id = :id")
        await connection.execute(later, {"id": stored.id})
        after = await verify(connection, services.keyring.signer)
    assert set(after.problems) - set(before.problems) == {f"prescription {stored.id} was changed"}
    changed = await clinician.put(f"/api/prescriptions/{draft['line']['id']}", json=body | {"version": 2})
    assert (changed.status_code, changed.json()["code"]) == (409, "prescription_signed")


async def test_the_database_refuses_to_change_what_was_signed(
    clinician: httpx.AsyncClient, ready: Scene, act_as: ActAs
) -> None:
    receipt = await signed(clinician, ready.visit.id)
    for change in ("refills = 5", "sig = '{}'", "drug_id = 'ibuprofen-400-mg-tablet'", "document = 'x'"):
        with pytest.raises(DBAPIError):
            async with act_as(ready.actor) as unit:
                await unit.write.execute(
                    text(f"UPDATE prescription SET {change} WHERE id = :id"),  # noqa: S608  the test's own words
                    {"id": receipt["prescription_id"]},
                )


@pytest.mark.whole
async def test_a_worker_killed_in_the_middle_sends_once(
    clinician: httpx.AsyncClient,
    ready: Scene,
    wired: Services,
    pharmacy: PharmacyProcess,
    environment: dict[str, str],
) -> None:
    """Case 5: kill -9 after the pharmacy has it and before the clinic knows. The lease is up within 60 seconds."""
    receipt = await signed(clinician, ready.visit.id)
    await pharmacy.behave("late", seconds=60)
    worker = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.chart.prescribing.transmission.one_round",
        str(ready.patient.clinic_id),
        env={
            **os.environ,
            **environment,
            "PYTHONPATH": "platform:.",
            "CARETHREAD_PHARMACY_URL": pharmacy.url,
        },
    )
    async with asyncio.timeout(PATIENCE):
        while receipt["message_id"] not in (await pharmacy.counts())["times"]:
            assert worker.returncode is None, "the worker ended by itself"
    worker.send_signal(signal.SIGKILL)
    await worker.wait()
    assert (await state_of(clinician, receipt["prescription_id"]))["status"] == "sending"

    await pharmacy.behave("normal")
    assert await send_due(wired, ready.patient.clinic_id) == 0, "its lease still runs"
    assert timedelta(seconds=60) > LEASE
    assert await send_due(later(wired, LEASE), ready.patient.clinic_id) == 1
    assert (await state_of(clinician, receipt["prescription_id"]))["status"] in {"sent", "accepted"}
    assert (await pharmacy.counts())["times"][receipt["message_id"]] == 1, "it was asked, not sent again"


async def test_a_lost_answer_is_asked_for_and_not_sent_again(
    clinician: httpx.AsyncClient, ready: Scene, wired: Services, pharmacy: PharmacyProcess
) -> None:
    """Case 25 at the other end of the wire."""
    receipt = await signed(clinician, ready.visit.id)
    await pharmacy.behave("lost")
    await send_due(wired, ready.patient.clinic_id)
    assert (await state_of(clinician, receipt["prescription_id"]))["status"] == "sending"
    await pharmacy.behave("normal")
    await send_due(later(wired, timedelta(seconds=5)), ready.patient.clinic_id)
    assert (await state_of(clinician, receipt["prescription_id"]))["status"] in {"sent", "accepted"}
    assert (await pharmacy.counts())["times"][receipt["message_id"]] == 1


@pytest.mark.parametrize("mode", ["wrong", "down"])
async def test_an_answer_that_cannot_be_trusted_is_no_answer(
    clinician: httpx.AsyncClient, ready: Scene, wired: Services, pharmacy: PharmacyProcess, mode: str
) -> None:
    receipt = await signed(clinician, ready.visit.id)
    await pharmacy.behave(mode)
    await send_due(wired, ready.patient.clinic_id)
    assert (await state_of(clinician, receipt["prescription_id"]))["status"] == "sending"


async def test_a_refusal_reaches_the_clinician_and_becomes_a_task(
    clinician: httpx.AsyncClient,
    patient: httpx.AsyncClient,
    ready: Scene,
    wired: Services,
    pharmacy: PharmacyProcess,
    deliver: Deliver,
    act_as: ActAs,
) -> None:
    receipt = await signed(clinician, ready.visit.id)
    await pharmacy.behave("error")
    await send_due(wired, ready.patient.clinic_id)
    await deliver()
    refused = await state_of(clinician, receipt["prescription_id"])
    assert (refused["status"], refused["failure"]) == ("error", "rejected")
    assert refused["pharmacy_words"] == "The pharmacy is closed to new prescriptions"
    [mine] = (await patient.get(f"/api/visits/{ready.visit.id}/prescriptions")).json()["items"]
    assert (mine["status"], mine["pharmacy_words"]) == ("error", None)
    async with act_as(ready.actor) as unit:
        record = (
            await unit.read.scalars(select(Record).where(Record.resource_type == "MedicationRequest"))
        ).one()
        assert record.status == "on-hold"
        names = (
            await unit.read.scalars(text("SELECT name FROM outbox WHERE name LIKE 'prescription.%'"))
        ).all()
    assert "prescription.failed" in names
    again = await clinician.post(f"/api/prescriptions/{receipt['prescription_id']}/send-again")
    assert (again.status_code, again.json()["code"]) == (409, "prescription_not_resendable")


async def test_nobody_answers_then_people_take_over_and_try_again(
    clinician: httpx.AsyncClient, ready: Scene, wired: Services, pharmacy: PharmacyProcess, act_as: ActAs
) -> None:
    receipt = await signed(clinician, ready.visit.id)
    await pharmacy.behave("down")
    clock = FrozenClock(wired.clock.now())
    patient_worker = replace(wired, clock=clock)
    tries = 0
    while (await state_of(clinician, receipt["prescription_id"]))["status"] != "error":
        tries += await send_due(patient_worker, ready.patient.clinic_id)
        clock.advance(timedelta(minutes=5))
        assert tries <= wired.settings.prescription_tries
    assert tries == wired.settings.prescription_tries
    assert (await state_of(clinician, receipt["prescription_id"]))["failure"] == "unreachable"

    await pharmacy.behave("normal")
    again = await clinician.post(f"/api/prescriptions/{receipt['prescription_id']}/send-again")
    assert again.json()["status"] == "sending"
    await send_due(wired, ready.patient.clinic_id)
    assert (await state_of(clinician, receipt["prescription_id"]))["status"] == "sent"
    assert (await pharmacy.counts())["times"][receipt["message_id"]] == 1


async def test_a_confirmation_after_we_gave_up_counts(
    clinician: httpx.AsyncClient,
    ready: Scene,
    wired: Services,
    pharmacy: PharmacyProcess,
    verify: Verify,
    deliver: Deliver,
    act_as: ActAs,
) -> None:
    receipt = await signed(clinician, ready.visit.id)
    await send_due(wired, ready.patient.clinic_id)
    async with act_as(ready.actor) as unit:
        prescription = (await unit.read.scalars(select(Prescription))).one()
        prescription.status = RxStatus.SENDING
        await receiving.give_up(unit.write, prescription)
    await verify(receipt["message_id"])
    await deliver()
    assert (await state_of(clinician, receipt["prescription_id"]))["status"] == "accepted"


async def test_what_a_patient_typed_as_an_address_holds_no_prescription_back(
    clinician: httpx.AsyncClient, ready: Scene, wired: Services, act_as: ActAs, system: Actor
) -> None:
    async with act_as(system) as unit:
        patient = (await unit.write.scalars(select(Patient).where(Patient.id == ready.patient.id))).one()
        line = ["12\x01 Elm\nStreet\u202e <b>&amp;", "\x7f"]
        patient.address = {**(patient.address or {}), "line": line}
    receipt = await signed(clinician, ready.visit.id)
    await send_due(wired, ready.patient.clinic_id)
    assert (await state_of(clinician, receipt["prescription_id"]))["status"] == "sent"


async def test_a_stranger_cannot_speak_for_a_pharmacy(
    client: httpx.AsyncClient,
    clinician: httpx.AsyncClient,
    ready: Scene,
    wired: Services,
    pharmacy: PharmacyProcess,
) -> None:
    receipt = await signed(clinician, ready.visit.id)
    await send_due(wired, ready.patient.clinic_id)
    message = (await pharmacy.http.get(f"/script/{receipt['message_id']}")).content
    xml, right = {"content-type": "application/xml"}, dict(pharmacy.http.headers)
    for headers in (xml, xml | {"authorization": "Bearer wrong"}, xml | {"authorization": ""}):
        assert (await client.post("/api/script", content=message, headers=headers)).status_code == 401
    assert (await client.post("/api/script", content=b"<x", headers=right)).status_code == 400
    bomb = b"<!DOCTYPE x [<!ENTITY y 'z'>]><x>&y;</x>"
    assert (await client.post("/api/script", content=bomb, headers=right)).status_code == 400

    # A pharmacy that was not sent this prescription has no say in it.
    elsewhere = message.replace(b'<From Qualifier="P">9910001', b'<From Qualifier="P">9910008')
    answer = await client.post("/api/script", content=elsewhere, headers=right)
    assert isinstance(from_xml(answer.content), Error)
    assert (await state_of(clinician, receipt["prescription_id"]))["status"] == "sent"


async def test_a_spanish_reader_gets_a_spanish_label(
    clinician: httpx.AsyncClient, ready: Scene, wired: Services, act_as: ActAs, system: Any
) -> None:
    async with act_as(system) as unit:
        await unit.write.execute(
            text("UPDATE patient SET language = 'es' WHERE id = :id"), {"id": ready.patient.id}
        )
    await signed(clinician, ready.visit.id)
    await send_due(wired, ready.patient.clinic_id)
    async with act_as(ready.actor) as unit:
        kept = (await unit.read.scalars(select(ScriptMessage).where(ScriptMessage.direction == "out"))).one()
        message = from_xml(await receiving.opened(unit.read, kept.id))
    assert isinstance(message, NewRx) and "Spanish" in (message.medication.note or "")


async def test_two_workers_never_hold_one_prescription(
    clinician: httpx.AsyncClient, ready: Scene, wired: Services
) -> None:
    await signed(clinician, ready.visit.id)
    claims = await asyncio.gather(*(claim(wired, ready.patient.clinic_id) for _ in range(10)))
    assert sum(len(each) for each in claims) == 1


async def test_an_operator_sees_a_prescription_that_cannot_leave_and_has_it_tried_again_at_once(
    clinician: httpx.AsyncClient,
    ready: Scene,
    wired: Services,
    pharmacy: PharmacyProcess,
    act_as: ActAs,
) -> None:
    receipt = await signed(clinician, ready.visit.id)
    await pharmacy.behave("down")
    late = replace(wired, clock=FrozenClock(wired.clock.now() + timedelta(minutes=2)))
    await send_due(late, ready.patient.clinic_id)
    assert await send_due(late, ready.patient.clinic_id) == 0, "not before its pause is over"
    async with act_as(system_actor(ready.patient.clinic_id)) as unit:
        token = await session_for(unit.write, await make_staff(unit.write, Role.ADMIN))
    await pharmacy.behave("normal")
    async with new_browser(build_app(late)) as desk:
        sign_in(desk, token)
        [shown] = (await desk.get("/api/admin/stuck-work")).json()["prescriptions"]["items"]
        assert (shown["id"], shown["name"]) == (receipt["prescription_id"], "prescription.sending")
        again = await desk.post(f"/api/admin/stuck-work/prescriptions/{shown['id']}/retry")
        assert again.status_code == 204, again.text
        assert await send_due(late, ready.patient.clinic_id) == 1
        assert (await desk.get("/api/admin/stuck-work")).json()["prescriptions"]["total"] == 0
