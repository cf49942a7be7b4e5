"""A pharmacy that never answers becomes somebody's task, once."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from chart.prescribing.transmission import overdue
from chart.prescribing.transmission.sending import send_due
from core.actor import Role, system_actor
from core.clock import FrozenClock
from core.services import Services
from tests.chart.conftest import (
    Browser,
    Scene,
    browser,
    clinician,
    scene,
    system,
)
from tests.chart.prescribing.conftest import Verify, pharmacy, ready, signed, verify, wired
from tests.conftest import ActAs, Deliver
from tests.people import make_staff

# The scene of prescribing, used by its fixtures' names.
__all__ = ["browser", "clinician", "pharmacy", "ready", "scene", "system", "verify", "wired"]


@pytest.fixture
async def coordinator(browser: Browser, ready: Scene, act_as: ActAs) -> httpx.AsyncClient:
    async with act_as(system_actor(ready.patient.clinic_id)) as unit:
        account = await make_staff(unit.write, Role.COORDINATOR, name="Kim Cole")
    return await browser(account)


@pytest.fixture
def clock(services: Services) -> FrozenClock:
    return FrozenClock(services.clock.now())


async def tasks(coordinator: httpx.AsyncClient, view: str = "open") -> list[dict[str, Any]]:
    answer = await coordinator.get("/api/tasks", params={"view": view})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["tasks"]
    return [task for task in found if task["source"] == "unconfirmed"]


async def test_a_pharmacy_that_took_it_and_never_confirmed_is_called(
    clinician: httpx.AsyncClient,
    coordinator: httpx.AsyncClient,
    ready: Scene,
    wired: Services,
    verify: Verify,
    deliver: Deliver,
    clock: FrozenClock,
) -> None:
    receipt = await signed(clinician, ready.visit.id)
    at_work = replace(wired, clock=clock)
    clock.set(wired.clock.now())
    assert await send_due(at_work, ready.patient.clinic_id) == 1
    for hours in (1, 22):
        clock.advance(timedelta(hours=hours))
        await overdue.look(at_work)
    await deliver()
    assert await tasks(coordinator) == [], "a day has not gone by yet"
    for _ in range(3):
        clock.advance(timedelta(hours=1))
        await overdue.look(at_work)
        await deliver()
    [task] = await tasks(coordinator)
    assert task["title"] == "Pharmacy has not confirmed the prescription: call"
    assert task["visit_id"] == str(ready.visit.id)

    told = await verify(receipt["message_id"])
    assert told.is_success, told.text
    await deliver()
    assert await tasks(coordinator) == []
    [done] = await tasks(coordinator, "done")
    assert (done["id"], done["status"]) == (task["id"], "done")
    assert (done["closed_because"], done["outcome"]) == ("pharmacy_confirmed", "")


async def test_a_prescription_that_nobody_sends_is_noticed_after_half_an_hour(
    clinician: httpx.AsyncClient,
    coordinator: httpx.AsyncClient,
    ready: Scene,
    wired: Services,
    deliver: Deliver,
    clock: FrozenClock,
) -> None:
    """The worker's sender is stuck: the prescription stays signed, and no failure is ever told."""
    await signed(clinician, ready.visit.id)
    at_work = replace(wired, clock=clock)
    for minutes, expected in ((29, 0), (2, 1), (60, 1)):
        clock.advance(timedelta(minutes=minutes))
        await overdue.look(at_work)
        await deliver()
        assert len(await tasks(coordinator)) == expected


async def test_one_that_was_confirmed_or_called_back_is_nobodys_task(
    clinician: httpx.AsyncClient,
    coordinator: httpx.AsyncClient,
    ready: Scene,
    wired: Services,
    verify: Verify,
    deliver: Deliver,
    clock: FrozenClock,
) -> None:
    confirmed = await signed(clinician, ready.visit.id)
    at_work = replace(wired, clock=clock)
    clock.set(wired.clock.now())
    assert await send_due(at_work, ready.patient.clinic_id) == 1
    await verify(confirmed["message_id"])
    called_back = await signed(clinician, ready.visit.id)
    await clinician.post(f"/api/prescriptions/{called_back['prescription_id']}/cancel")
    await deliver()
    clock.advance(timedelta(days=3))
    await overdue.look(at_work)
    await deliver()
    assert await tasks(coordinator) == []
