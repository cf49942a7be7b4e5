"""Whoever waits and waits becomes somebody's task: once in each wait, and until somebody comes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.clock import FrozenClock
from tests.conftest import Deliver
from tests.decisions import decision
from tests.visits.conftest import ClinicAtWork, clinic, make_clinic_at_work
from visits import service
from visits.domain import Priority
from visits.waiting import forgotten, presence
from visits.waiting.patience import NOBODY_CAME_AFTER

# The clinic at work, used by its fixtures' names.
__all__ = ["clinic", "make_clinic_at_work"]

MINUTE = timedelta(minutes=1)
BEFORE = NOBODY_CAME_AFTER - MINUTE


class Watch:
    """The clock of the clinic's worker, and what a coordinator sees. `later` is the clinic by that clock."""

    def __init__(self, clinic: ClinicAtWork, deliver: Deliver) -> None:
        self.clinic, self._deliver = clinic, deliver
        self.clock = FrozenClock(clinic.services.clock.now() + timedelta(seconds=30))
        self.later = replace(clinic, services=replace(clinic.services, clock=self.clock))

    async def after(self, *waits: timedelta) -> None:
        """Let so much time pass, and let the worker look each time, twice."""
        for wait in waits:
            self.clock.advance(wait)
            for _ in range(2):
                await forgotten.tell(self.later.services)
            await self._deliver()

    async def tasks(self, view: str = "open") -> list[dict[str, Any]]:
        browser = await self.clinic.browser(self.clinic.coordinator)
        answer = await browser.get("/api/tasks", params={"view": view})
        found: list[dict[str, Any]] = answer.json()["tasks"]
        return [task for task in found if task["source"] == "forgotten"]


@pytest.fixture
def watch(clinic: ClinicAtWork, deliver: Deliver) -> Watch:
    return Watch(clinic, deliver)


async def test_nobody_is_forgotten_and_each_wait_is_told_once(clinic: ClinicAtWork, watch: Watch) -> None:
    visit = await clinic.waiting()
    await watch.after(BEFORE)
    assert await watch.tasks() == []
    await watch.after(17 * MINUTE, 10 * MINUTE)
    [task] = await watch.tasks()
    assert (task["title"], task["kind"], task["priority"]) == (
        "Patient has waited 46 min and nobody came: call",
        "call",
        2,
    )
    assert (task["visit_id"], task["patient_id"]) == (str(visit.id), str(clinic.patient.id))

    browser = await clinic.browser(clinic.coordinator)
    origin = (await browser.get(f"/api/tasks/{task['id']}")).json()["origin"]
    assert [quote["text"] for quote in origin["quotes"]] == ["cough"]


async def test_the_task_closes_itself_when_somebody_comes_and_a_second_wait_has_its_own(
    clinic: ClinicAtWork, watch: Watch, deliver: Deliver
) -> None:
    visit = await clinic.waiting()
    await watch.after(NOBODY_CAME_AFTER + MINUTE)
    await watch.later.act(clinic.ruth, visit.id, service.admit)
    await deliver()
    assert await watch.tasks() == []
    [done] = await watch.tasks("done")
    assert (done["closed_because"], done["outcome"]) == ("admitted", "")

    watch.clock.advance(MINUTE)
    await watch.later.act(clinic.ruth, visit.id, service.put_back)
    await watch.after(timedelta())
    assert await watch.tasks() == [], "the second wait has only begun"
    await watch.after(NOBODY_CAME_AFTER)
    [again] = await watch.tasks()
    assert again["id"] != done["id"]


@pytest.mark.parametrize("who", ["patient", "clinic"])
async def test_the_task_closes_itself_when_the_visit_does_not_take_place(
    clinic: ClinicAtWork, watch: Watch, deliver: Deliver, who: str
) -> None:
    visit = await clinic.waiting()
    await watch.after(NOBODY_CAME_AFTER + MINUTE)
    if who == "patient":
        await clinic.act(clinic.patient, visit.id, service.cancel)
    else:
        await clinic.act(clinic.ruth, visit.id, service.mark_no_show)
    await deliver()
    assert await watch.tasks() == []
    assert [task["closed_because"] for task in await watch.tasks("done")] == ["visit_over"]


async def test_who_was_told_how_long_it_takes_is_forgotten_only_after_that(
    clinic: ClinicAtWork, watch: Watch
) -> None:
    visit = await clinic.waiting()
    told = {visit.id: watch.clock.now() + 20 * MINUTE}
    await presence.keep_promises(clinic.services, clinic.clinic_id, told)
    await watch.after(BEFORE, 20 * MINUTE)
    assert await watch.tasks() == []
    await watch.after(2 * MINUTE)
    assert len(await watch.tasks()) == 1


async def test_nobody_who_stepped_out_or_is_seen_counts_as_forgotten(
    clinic: ClinicAtWork, watch: Watch
) -> None:
    left = await clinic.waiting()
    await clinic.act(clinic.patient, left.id, service.leave)
    await clinic.admitted(await clinic.another_patient())
    await watch.after(3 * NOBODY_CAME_AFTER)
    assert await watch.tasks() == []


async def test_who_has_a_red_flag_is_due_at_once_and_before_the_others(
    clinic: ClinicAtWork, watch: Watch
) -> None:
    await clinic.waiting()
    flagged = await clinic.waiting(await clinic.another_patient())
    await clinic.act(
        clinic.ruth, flagged.id, service.raise_priority, [(decision("chest_pain"), Priority.EMERGENCY)]
    )
    await watch.after(NOBODY_CAME_AFTER + MINUTE)
    first, second = await watch.tasks()
    assert first["visit_id"] == str(flagged.id)
    assert [flag["code"] for flag in first["red_flags"]] == ["chest_pain"]
    assert second["red_flags"] == []
