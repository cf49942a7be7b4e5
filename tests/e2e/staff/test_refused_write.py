"""What waited while somebody else was faster: nothing is overwritten, and what was typed is there to be used."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e import by_api
from tests.e2e.by_api import Person
from tests.e2e.people import Clinic
from tests.e2e.unsent import arrive, fetched, opened, without_api

CLINICIAN = "amara.okafor@harbor.example"
COORDINATOR = "kim.cole@harbor.example"
WORDS = "She slept through the night"
DEVICES = [pytest.param(False, id="laptop"), pytest.param(True, id="phone")]


@pytest.fixture
async def amara(clinic: Clinic) -> AsyncIterator[Person]:
    person = await by_api.staff(clinic, CLINICIAN)
    yield person
    await person.close()


@pytest.fixture
async def kim(clinic: Clinic) -> AsyncIterator[Person]:
    person = await by_api.staff(clinic, COORDINATOR)
    yield person
    await person.close()


async def _patient(amara: Person) -> str:
    found = await amara.post("/api/patients/search", {"q": "Quinn, Chloe"})
    return str(found["items"][0]["id"])


async def _shot(page: Page, name: str, *, phone: bool) -> None:
    """A picture to look at, where one is asked for by the variable PICTURES."""
    if folder := os.environ.get("PICTURES"):
        device = "phone" if phone else "laptop"
        if not phone:
            await page.set_viewport_size({"width": 1280, "height": 720})
        await page.screenshot(path=Path(folder) / f"{name}-{device}.png")


def _unsent(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("region", name="Not sent yet")


async def _do(page: Page, words: str) -> None:
    await _unsent(page).get_by_role("button", name=words).click()


@pytest.mark.parametrize("phone", DEVICES)
async def test_a_task_that_somebody_else_changed_is_not_closed_over_them(
    clinic: Clinic, browser: Browser, amara: Person, kim: Person, phone: bool
) -> None:
    due = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    made = {"patient_id": await _patient(amara), "kind": "call", "title": "Ask how she slept", "due_at": due}
    task = (await amara.post("/api/tasks", made))["task"]["id"]
    page = await opened(browser, amara, f"/followup/{task}", phone=phone)
    await fetched(page, "src/app/unsent/UnsentPage.tsx")
    await page.get_by_role("button", name="Complete", exact=True).click()
    form = page.get_by_role("form", name="Complete")
    await form.get_by_label("Outcome").fill(WORDS)
    async with without_api(clinic):
        await form.get_by_role("button", name="Complete").click()
        await expect(_unsent(page)).to_contain_text("Not done yet.")
        await _unsent(page).scroll_into_view_if_needed()
        await _shot(page, "task-waits", phone=phone)
        await page.close()
    mine = (await kim.get("/api/session"))["account_id"]
    await kim.post(f"/api/tasks/{task}/assign", {"assignee_id": mine, "version": 1})

    page = await page.context.new_page()
    await arrive(page, f"{clinic.base}/followup/{task}")
    await expect(_unsent(page)).to_contain_text("Not done. Someone else just changed this task.")
    await expect(page.get_by_role("combobox", name="Assigned to")).to_have_value("Kim Cole")
    await _unsent(page).scroll_into_view_if_needed()
    await _shot(page, "task-refused", phone=phone)
    # The same again would be refused again.
    await expect(_unsent(page).get_by_role("button", name="Try again")).to_have_count(0)
    assert (await kim.get(f"/api/tasks/{task}"))["task"]["status"] == "open"
    await page.get_by_role("link", name="1 item is not sent yet").click()
    await expect(page.get_by_role("heading", name="Not sent yet", level=1)).to_be_visible()
    await _shot(page, "list-refused", phone=phone)
    await _unsent(page).get_by_role("link").click()
    await _do(page, "Edit")
    form = page.get_by_role("form", name="Complete")
    await expect(form.get_by_label("Outcome")).to_have_value(WORDS)
    await expect(_unsent(page)).to_have_count(0)
    await form.get_by_role("button", name="Complete").click()
    await expect(form).to_have_count(0)
    closed = (await kim.get(f"/api/tasks/{task}"))["task"]
    assert (closed["status"], closed["outcome"], closed["assignee_name"]) == ("done", WORDS, "Kim Cole")


@pytest.mark.parametrize("phone", DEVICES)
async def test_an_entry_of_the_chart_that_somebody_else_changed_shows_both(
    clinic: Clinic, browser: Browser, amara: Person, phone: bool
) -> None:
    patient, goal = await _patient(amara), f"Walk {'far' if phone else 'daily'}"
    goals = f"/api/patients/{patient}/sections/Goal"
    entry = (await amara.post(goals, {"values": {"goal": goal}}))["id"]
    page = await opened(browser, amara, f"/patients/{patient}", phone=phone)
    await fetched(page, "src/app/unsent/UnsentPage.tsx")
    line = page.get_by_role("region", name="Goals", exact=True).get_by_role("listitem").filter(has_text=goal)
    await line.get_by_role("button", name=f"What to do with {goal}").click()
    await page.get_by_role("menuitem", name="Change").click()
    await line.get_by_label("To be reached by").fill("2031")
    async with without_api(clinic):
        await line.get_by_role("button", name="Save").click()
        await expect(_unsent(page)).to_contain_text("Not done yet.")
        await _unsent(page).scroll_into_view_if_needed()
        await _shot(page, "chart-waits", phone=phone)
        await page.close()
    await amara.put(f"{goals}/{entry}", {"values": {"due": "2033"}, "version": 1})

    page = await page.context.new_page()
    await arrive(page, f"{clinic.base}/patients/{patient}")
    line = page.get_by_role("region", name="Goals", exact=True).get_by_role("listitem").filter(has_text=goal)
    await expect(_unsent(page)).to_contain_text("Not done. Someone changed this in the meantime.")
    await expect(line.first).to_contain_text("by 2033")
    await _unsent(page).scroll_into_view_if_needed()
    await _shot(page, "chart-refused", phone=phone)
    await _do(page, "Edit")
    due = line.first.get_by_label("To be reached by")
    await expect(due).to_have_value("2031")
    await line.first.get_by_role("button", name="Save").click()
    await expect(due).to_have_count(0)
    await expect(line.first).to_contain_text("by 2031")
    assert len(await amara.get(f"/api/patients/{patient}/records/{entry}/history")) == 3
