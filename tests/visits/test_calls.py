"""Call attempts: joining, what signaling says of them, and that none of it ends the visit (case 21)."""

import base64
import hashlib
import hmac
import random
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from core.actor import system_actor
from core.database.session import open_unit
from core.ids import new_id
from core.services import Services
from core.tickets import verify
from tests.conftest import Deliver
from tests.visits.conftest import HOME, PHONE, Browser, ClinicAtWork
from visits import service
from visits.calls import call_events
from visits.calls import service as calls
from visits.calls.call_events import CallEvent
from visits.models import CallAttempt

HERE = {"location": HOME, "callback_phone": "(212) 555-0142"}


async def join(browser: Browser, visit_id: UUID, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = await browser.post(f"/api/visits/{visit_id}/join", json=body or {})
    assert answer.status_code == 200, answer.text
    joined: dict[str, Any] = answer.json()
    return joined


async def attempts_of(clinic: ClinicAtWork, visit_id: UUID) -> list[CallAttempt]:
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        query = select(CallAttempt).where(CallAttempt.visit_id == visit_id).order_by(CallAttempt.id)
        return list(await unit.read.scalars(query))


async def say(clinic: ClinicAtWork, visit_id: UUID, attempt_id: str, kind: str, cause: str = "") -> None:
    """Let an event of signaling take effect."""
    event = msgspec.convert(
        {
            "attempt_id": attempt_id,
            "visit_id": str(visit_id),
            "clinic_id": str(clinic.clinic_id),
            "kind": kind,
            "cause": cause,
            "at": datetime.now(UTC).timestamp(),
        },
        CallEvent,
    )
    async with open_unit(clinic.services, system_actor(clinic.clinic_id)) as unit:
        await call_events.apply(unit.write, event)


async def test_a_patient_joins_with_where_they_are_and_the_clinician_without(clinic: ClinicAtWork) -> None:
    visit = await clinic.admitted()
    moved = {**HOME, "line": "1 Ocean Drive", "city": "Miami", "state": "FL", "zip": "33139"}
    patient, doctor = await clinic.browser(clinic.patient), await clinic.browser(clinic.ruth)
    mine = await join(patient, visit.id, {"location": moved, "callback_phone": "(212) 555-0142"})
    theirs = await join(doctor, visit.id)
    key, now = clinic.services.settings.ticket_key, datetime.now(UTC)
    tickets = [verify(key, each["ticket"], now) for each in (mine, theirs)]
    assert [(t.role, t.display) for t in tickets] == [("patient", "ML"), ("clinician", "RA")]
    assert [t.attempt_id for t in tickets] == [mine["attempt_id"], theirs["attempt_id"]]
    assert {t.visit_id for t in tickets} == {str(visit.id)}
    assert mine["signaling_url"] == clinic.services.settings.signaling_url
    now_at = await clinic.fetch(visit.id)
    assert (now_at.location, now_at.callback_phone) == (moved, PHONE)
    first, _ = await attempts_of(clinic, visit.id)
    assert (first.location, first.callback_phone) == (moved, PHONE)


async def test_every_wrong_field_of_a_join_is_named(clinic: ClinicAtWork) -> None:
    visit = await clinic.admitted()
    browser = await clinic.browser(clinic.patient)
    wrong = {"line": " ", "city": "", "state": "ZZ", "zip": "123", "country": "US"}
    answer = await browser.post(
        f"/api/visits/{visit.id}/join", json={"location": wrong, "callback_phone": "12"}
    )
    assert answer.status_code == 422
    assert {(f["path"], f["code"]) for f in answer.json()["fields"]} == {
        ("location.line", "required"),
        ("location.city", "required"),
        ("location.state", "state_unknown"),
        ("location.zip", "zip_invalid"),
        ("callback_phone", "phone_invalid"),
    }
    empty = await browser.post(f"/api/visits/{visit.id}/join", json={})
    assert "callback_phone" in {f["path"] for f in empty.json()["fields"]}
    assert await attempts_of(clinic, visit.id) == []


async def test_nobody_joins_before_being_admitted_nor_another_clinicians_visit(clinic: ClinicAtWork) -> None:
    visit = await clinic.waiting()
    patient, other = await clinic.browser(clinic.patient), await clinic.browser(clinic.omar)
    early = await patient.post(f"/api/visits/{visit.id}/join", json=HERE)
    assert (early.status_code, early.json()["code"]) == (409, "visit_not_admitted")
    assert early.json()["data"] == {"status": "waiting"}
    foreign = await other.post(f"/api/visits/{visit.id}/join", json={})
    assert (foreign.status_code, foreign.json()["code"]) == (403, "not_your_visit")


async def test_reloading_hanging_up_and_losing_the_network_never_end_the_visit(clinic: ClinicAtWork) -> None:
    visit = await clinic.admitted()
    patient, doctor = await clinic.browser(clinic.patient), await clinic.browser(clinic.ruth)
    ends = []
    for browser, body, cause in (
        (patient, HERE, "hang_up"),
        (doctor, {}, "timeout"),
        (patient, HERE, "reloaded"),
    ):
        attempt = (await join(browser, visit.id, body))["attempt_id"]
        await say(clinic, visit.id, attempt, "joined")
        await say(clinic, visit.id, attempt, "connected")
        await say(clinic, visit.id, attempt, "left" if cause != "timeout" else "dropped", cause)
        ends.append(cause)
        assert (await clinic.fetch(visit.id)).status == "admitted"
    assert [attempt.end_cause for attempt in await attempts_of(clinic, visit.id)] == ends
    assert (await join(patient, visit.id, HERE))["ticket"]


async def test_joining_in_a_second_tab_takes_over_from_the_first(clinic: ClinicAtWork) -> None:
    visit = await clinic.admitted()
    browser = await clinic.browser(clinic.patient)
    await join(browser, visit.id, HERE)
    second = await join(browser, visit.id, HERE)
    first, latest = await attempts_of(clinic, visit.id)
    assert (first.end_cause, latest.ended_at, str(latest.id)) == ("taken_over", None, second["attempt_id"])


@pytest.mark.parametrize("seed", range(5))
async def test_events_in_any_order_and_any_number_of_times_come_to_the_same(
    clinic: ClinicAtWork, seed: int
) -> None:
    visit = await clinic.admitted()
    browser = await clinic.browser(clinic.patient)
    attempt = (await join(browser, visit.id, HERE))["attempt_id"]
    events = [("joined", ""), ("connected", ""), ("left", "hang_up")] * 2
    random.Random(seed).shuffle(events)  # noqa: S311  an order, not a secret
    for kind, cause in events:
        await say(clinic, visit.id, attempt, kind, cause)
    (kept,) = await attempts_of(clinic, visit.id)
    assert kept.joined_at and kept.connected_at and kept.ended_at and kept.end_cause == "hang_up"
    steps = (await browser.get(f"/api/visits/{visit.id}/thread")).json()["steps"]
    kinds = [step["kind"] for step in steps]
    assert kinds.count("visit.attempt_started") == kinds.count("visit.attempt_ended") == 1


async def test_events_of_unknown_or_foreign_attempts_change_nothing(
    clinic: ClinicAtWork, elsewhere: ClinicAtWork
) -> None:
    visit = await clinic.admitted()
    browser = await clinic.browser(clinic.patient)
    attempt = (await join(browser, visit.id, HERE))["attempt_id"]
    await say(elsewhere, visit.id, attempt, "left", "hang_up")
    await say(clinic, new_id(), attempt, "left", "hang_up")
    await say(clinic, visit.id, str(new_id()), "left", "hang_up")
    (kept,) = await attempts_of(clinic, visit.id)
    assert kept.ended_at is None


async def test_the_stream_is_read_and_survives_its_loss(clinic: ClinicAtWork, services: Services) -> None:
    """Entries take effect; unreadable ones are set aside; a flushed Redis is set up again (cases 3 and 4)."""
    visit = await clinic.admitted()
    browser = await clinic.browser(clinic.patient)
    for round_ in range(2):
        attempt = (await join(browser, visit.id, HERE))["attempt_id"]
        if round_:
            await services.redis.delete(call_events.STREAM)
            assert await call_events.read_batch(services, "test") == 0
        for which in ("nonsense", attempt):
            entry: dict[Any, Any] = {
                "kind": "left",
                "cause": "hang_up",
                "role": "patient",
                "attempt_id": which,
            }
            entry |= {"visit_id": str(visit.id), "clinic_id": str(clinic.clinic_id), "at": "1790000000.5"}
            await services.redis.xadd(call_events.STREAM, entry)
        while await call_events.read_batch(services, "test"):
            pass
        latest = (await attempts_of(clinic, visit.id))[-1]
        assert (str(latest.id), latest.end_cause) == (attempt, "hang_up")


async def test_a_ticket_that_is_never_used_is_closed_by_the_reconciler(
    clinic: ClinicAtWork, services: Services, owner: AsyncEngine
) -> None:
    visit = await clinic.admitted()
    browser, doctor = await clinic.browser(clinic.patient), await clinic.browser(clinic.ruth)
    unused = (await join(browser, visit.id, HERE))["attempt_id"]
    fresh = (await join(doctor, visit.id))["attempt_id"]
    async with owner.begin() as connection:
        old = "UPDATE call_attempt SET requested_at = now() - interval '5 minutes' WHERE id = :id"
        await connection.execute(text(old), {"id": UUID(unused)})
    await call_events.reconcile(services)
    ends = {str(each.id): each.end_cause for each in await attempts_of(clinic, visit.id)}
    assert ends == {unused: "never_joined", fresh: None}


async def test_finishing_ends_the_call_for_everybody_and_signaling_is_told(
    clinic: ClinicAtWork, services: Services, deliver: Deliver
) -> None:
    visit = await clinic.admitted()
    patient, doctor = await clinic.browser(clinic.patient), await clinic.browser(clinic.ruth)
    await join(patient, visit.id, HERE)
    await join(doctor, visit.id)
    await clinic.act(clinic.ruth, visit.id, service.finish)
    assert {each.end_cause for each in await attempts_of(clinic, visit.id)} == {"visit_over"}
    await deliver()
    entries = await services.redis.xrange(call_events.CONTROL)
    told = [fields for _, fields in entries if fields[b"visit_id"] == str(visit.id).encode()]
    everybody, *tickets = told
    assert everybody == {b"visit_id": str(visit.id).encode(), b"clinic_id": str(clinic.clinic_id).encode()}
    attempts = {str(each.id).encode() for each in await attempts_of(clinic, visit.id)}
    assert {each[b"attempt_id"] for each in tickets} == attempts, "a ticket not yet used is void"
    late = await patient.post(f"/api/visits/{visit.id}/join", json=HERE)
    assert late.json()["data"] == {"status": "finished"}


async def test_turn_credentials_are_what_coturn_reckons_from_the_shared_secret(services: Services) -> None:
    settings = msgspec.structs.replace(
        services.settings,
        ice_urls="stun:turn.example:3478",
        turn_urls="turn:turn.example:3478?transport=udp, turns:turn.example:5349",
        turn_secret="a shared secret",
    )
    account, now = new_id(), datetime(2026, 11, 20, 12, tzinfo=UTC)
    stun, turn = calls.ice_servers(settings, account, now)
    assert (stun.urls, stun.username, stun.credential) == (["stun:turn.example:3478"], None, None)
    assert turn.urls == ["turn:turn.example:3478?transport=udp", "turns:turn.example:5349"]
    assert turn.username == f"{int(now.timestamp()) + 6 * 3600}:{account}", (
        "of a person: coturn's quota counts by it, however often they join"
    )
    digest = hmac.new(b"a shared secret", turn.username.encode(), hashlib.sha1).digest()
    assert turn.credential == base64.b64encode(digest).decode()
    assert calls.ice_servers(services.settings, account, now) == []
