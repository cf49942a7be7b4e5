"""What is refused is counted, logged and audited, and whoever keeps trying raises one alert."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from sqlalchemy import text

from app.asgi import build_app
from core import metrics
from core.actor import Role, system_actor
from core.clock import FrozenClock
from core.database.session import open_unit
from core.guard.refusals import ALERT_REFUSED, ALERT_STRANGER, ALERT_TARGETS, AUDITED, sum_up, window_of
from core.ids import new_id
from core.services import Services
from identity.models import Account, Patient
from tests.conftest import new_browser
from tests.people import make_patient, make_staff, session_for, sign_in


@dataclass
class Desk:
    """A clinic whose clock stands: a coordinator, a patient and an administrator, each with a browser."""

    services: Services
    app: Litestar
    clinic_id: UUID
    coordinator: Account
    patient: Patient
    browsers: dict[Role, httpx.AsyncClient]

    async def audited(self, action: str) -> list[Any]:
        """The rows of an action, the oldest first."""
        async with open_unit(self.services, system_actor(self.clinic_id)) as unit:
            query = text("SELECT * FROM audit_event WHERE action = :action ORDER BY seq")
            return list((await unit.read.execute(query, {"action": action})).all())

    async def alerts(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.browsers[Role.ADMIN].get("/api/admin/alerts")).json()
        return found

    async def forbidden(self, times: int = 1) -> None:
        for _ in range(times):
            answer = await self.browsers[Role.COORDINATOR].get("/api/admin/people")
            assert answer.status_code == 403

    async def missing(self, times: int = 1) -> None:
        for _ in range(times):
            answer = await self.browsers[Role.COORDINATOR].get(f"/api/visits/{new_id()}")
            assert answer.status_code == 404


@pytest.fixture
async def desk(services: Services, clinic_id: UUID) -> AsyncIterator[Desk]:
    still = replace(services, clock=FrozenClock(window_of(datetime.now(UTC)) + timedelta(minutes=1)))
    app = build_app(still)
    async with open_unit(still, system_actor(clinic_id)) as unit:
        coordinator = await make_staff(unit.write, Role.COORDINATOR, name="Kim Cole")
        patient = await make_patient(unit.write)
        admin = await make_staff(unit.write, Role.ADMIN)
        people: dict[Role, Account | Patient] = {
            Role.COORDINATOR: coordinator,
            Role.PATIENT: patient,
            Role.ADMIN: admin,
        }
        tokens = {role: await session_for(unit.write, who) for role, who in people.items()}
    browsers = {role: new_browser(app) for role in tokens}
    for role, token in tokens.items():
        sign_in(browsers[role], token)
    yield Desk(still, app, clinic_id, coordinator, patient, browsers)
    for browser in browsers.values():
        await browser.aclose()


def counted(method: str, route: str, status: int) -> float:
    labels = {"method": method, "route": route, "status": str(status)}
    return metrics.REGISTRY.get_sample_value("carethread_requests_total", labels) or 0.0


def logged(caplog: pytest.LogCaptureFixture, event: str) -> list[dict[str, Any]]:
    """The fields of every line of an event."""
    found = (record for record in caplog.records if record.msg == event)
    return [dict(getattr(record, "fields", {})) for record in found]


async def test_a_refusal_is_counted_logged_and_audited_as_what_it_is(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "carethread")
    route = "/api/admin/people"
    before = {status: counted("GET", route, status) for status in (401, 403, 500)}
    async with new_browser(desk.app) as nobody:
        assert (await nobody.get(route)).status_code == 401
    await desk.forbidden()
    after = {status: counted("GET", route, status) - before[status] for status in before}
    assert after == {401: 1, 403: 1, 500: 0}

    [unknown, known] = logged(caplog, "request")
    assert (unknown["route"], unknown["status"], unknown["code"]) == (route, 401, "signed_out")
    assert (known["route"], known["status"], known["code"]) == (route, 403, "not_permitted")
    assert known["account_id"] == desk.coordinator.id
    [row] = await desk.audited("access.refused")
    assert (row.account_id, row.session_id) == (desk.coordinator.id, known["session_id"])
    assert row.roles == ["coordinator"]
    assert row.detail == {"route": "GET /api/admin/people", "code": "not_permitted"}
    assert row.request_id == known["request_id"]


async def test_what_anothers_id_was_tried_on_is_audited_and_nobody_reads_it_as_a_look_at_a_patient(
    desk: Desk,
) -> None:
    foreign = new_id()
    assert (await desk.browsers[Role.PATIENT].get(f"/api/visits/{foreign}")).status_code == 404
    [row] = await desk.audited("access.refused")
    assert (row.entity_type, row.entity_id, row.patient_id) == ("visit", foreign, None)
    assert row.detail["code"] == "not_found"


async def test_what_an_account_tries_fills_neither_the_audit_nor_the_alerts(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.forbidden(ALERT_REFUSED - 1)
    assert await desk.alerts() == []
    await desk.forbidden(ALERT_REFUSED)
    assert len(await desk.audited("access.refused")) == AUDITED
    [alert] = await desk.alerts()
    assert (alert["who"], alert["roles"], alert["refused"]) == ("Kim Cole", ["coordinator"], ALERT_REFUSED)
    assert len(await desk.audited("access.probing")) == 1
    [line] = logged(caplog, "probing")
    assert (line["account_id"], line["count"]) == (desk.coordinator.id, ALERT_REFUSED)

    await sum_up(desk.services)
    assert await desk.audited("access.summed") == [], "the hour is not over"
    desk.services.clock.advance(timedelta(hours=2))  # type: ignore[attr-defined]  # it stands
    await sum_up(desk.services)
    await sum_up(desk.services)
    [summed] = await desk.audited("access.summed")
    assert summed.account_id == desk.coordinator.id
    assert summed.detail["refused"] == 2 * ALERT_REFUSED - 1 - AUDITED


async def test_looking_for_what_others_have_raises_an_alert(desk: Desk) -> None:
    await desk.missing(ALERT_TARGETS - 1)
    assert await desk.alerts() == []
    await desk.missing()
    assert [each["who"] for each in await desk.alerts()] == ["Kim Cole"]


async def test_one_thing_that_is_gone_may_be_asked_for_again(desk: Desk) -> None:
    """A page that is opened anew each time somebody comes back to it."""
    gone = new_id()
    for _ in range(ALERT_TARGETS + 1):
        await desk.browsers[Role.COORDINATOR].get(f"/api/visits/{gone}")
    assert await desk.alerts() == []


async def test_asking_for_a_second_factor_is_no_refusal(desk: Desk) -> None:
    for _ in range(3):
        answer = await desk.browsers[Role.PATIENT].post("/api/me/contact", json={"contact": "x"})
        assert answer.status_code == 422
    assert await desk.audited("access.refused") == []


async def test_alerts_stay_within_the_clinic(desk: Desk, services: Services, other_clinic_id: UUID) -> None:
    await desk.missing(ALERT_TARGETS)
    async with open_unit(services, system_actor(other_clinic_id)) as unit:
        token = await session_for(unit.write, await make_staff(unit.write, Role.ADMIN))
    async with new_browser(desk.app) as other:
        sign_in(other, token)
        assert (await other.get("/api/admin/alerts")).json() == []


async def test_what_is_missing_for_a_stranger_is_nobodys_refusal(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    async with new_browser(desk.app) as nobody:
        assert (await nobody.get("/api/clinics/no-such-clinic")).status_code == 404
    assert logged(caplog, "refusal_not_recorded") == []


@pytest.mark.parametrize("kind", ["a made-up cookie", "a made-up cookie at a stream", "another site"])
async def test_strangers_raise_an_alert_in_the_log_and_leave_no_row(
    desk: Desk, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    async with open_unit(desk.services, system_actor(desk.clinic_id)) as unit:
        rows = await unit.read.scalar(text("SELECT count(*) FROM audit_event"))
    async with new_browser(desk.app) as nobody:
        for number in range(3 * ALERT_STRANGER):
            if kind == "another site":
                answer = await nobody.post("/api/visits", headers={"origin": "https://evil.example"})
                assert answer.status_code == 403
            else:
                sign_in(nobody, f"made-up-{number}")
                path = "/api/live" if "stream" in kind else "/api/session"
                assert (await nobody.get(path)).status_code == 401
    [line] = logged(caplog, "probing")
    assert line["count"] == ALERT_STRANGER
    assert "127.0.0.1" not in str(line), "an address is a person's"
    async with open_unit(desk.services, system_actor(desk.clinic_id)) as unit:
        assert await unit.read.scalar(text("SELECT count(*) FROM audit_event")) == rows


async def test_what_goes_on_is_counted_as_what_it_began_with(client: httpx.AsyncClient) -> None:
    before = {status: counted("GET", "/health/live", status) for status in (200, 500)}
    await client.get("/health/live")
    after = {status: counted("GET", "/health/live", status) - before[status] for status in before}
    assert after == {200: 1, 500: 0}
