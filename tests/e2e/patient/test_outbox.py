"""A message that was sent while the API is away: it waits on the device, sealed, and arrives once."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e import by_api
from tests.e2e.by_api import Person
from tests.e2e.people import Clinic, new_page
from tests.e2e.screens.leaks import hits, stored
from tests.e2e.unsent import arrive, fetched, opened, without_api
from tests.patience import PATIENCE

COORDINATOR = "kim.cole@harbor.example"
WAITS = "Not sent yet. It is sent by itself as soon as there is a connection."
QUESTION = "Does the swelling matter?"


@pytest.fixture
async def kim(clinic: Clinic) -> AsyncIterator[Person]:
    person = await by_api.staff(clinic, COORDINATOR)
    yield person
    await person.close()


async def _writes_to_clinic(person: Person) -> str:
    first = {"subject": "My knee", "body": "It is swollen.", "client_id": str(uuid4())}
    return str((await person.post("/api/threads", first))["id"])


async def _send(page: Page, words: str, label: str = "Write to your care team") -> None:
    await page.get_by_label(label).press_sequentially(words)
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_role("listitem").filter(has_text=words)).to_be_visible()


async def _bodies(kim: Person, thread: str) -> list[str]:
    return [each["body"] for each in (await kim.get(f"/api/threads/{thread}"))["messages"]]


async def _until_there_are(count: int, kim: Person, thread: str) -> None:
    async with asyncio.timeout(PATIENCE):
        while len(await _bodies(kim, thread)) < count:  # noqa: ASYNC110  it happens in another process
            await asyncio.sleep(0.05)


def _mark(page: Page, count: int) -> Locator:
    words = "message is" if count == 1 else "messages are"
    return page.get_by_role("link", name=f"{count} {words} not sent yet")


async def test_what_was_sent_while_the_api_is_away_arrives_once_and_in_order(
    clinic: Clinic, browser: Browser, kim: Person
) -> None:
    """The page is left, the tab reloaded, and another page of the app sends it when the API is back."""
    una = await by_api.new_patient(clinic, "+15185550181", "Una", "Frost")
    thread = await _writes_to_clinic(una)
    page = await opened(browser, una, "/messages")
    await page.get_by_role("link", name="My knee").click()
    await expect(page.get_by_label("Write to your care team")).to_be_visible()
    second_tab = await page.context.new_page()
    await second_tab.goto(f"{clinic.base}/record")
    await expect(second_tab.get_by_role("heading", name="Record", exact=False).first).to_be_visible()
    async with without_api(clinic):
        await _send(page, QUESTION)
        await _send(page, "It is warm, too.")
        await expect(page.get_by_text(WAITS)).to_have_count(2)
        await page.get_by_role("link", name="Messages", exact=True).click()
        unsent = page.get_by_role("region", name="Not sent yet")
        await expect(unsent.get_by_role("listitem")).to_have_count(2)
        await expect(_mark(page, 2)).to_be_visible()
        assert hits(await stored(page), [QUESTION]) == []
        await page.close()
    again = await page.context.new_page()
    await again.goto(f"{clinic.base}/visits")
    await expect(again.get_by_role("heading", name="Visits")).to_be_visible()
    await _until_there_are(3, kim, thread)
    await expect(_mark(again, 2)).to_be_hidden()
    assert await _bodies(kim, thread) == ["It is swollen.", QUESTION, "It is warm, too."]
    # Nothing is left that a later page could send once more.
    await again.goto(f"{clinic.base}/messages/{thread}")
    await expect(again.get_by_text(QUESTION)).to_have_count(1)
    await expect(again.get_by_text(WAITS)).to_have_count(0)
    assert await _bodies(kim, thread) == ["It is swollen.", QUESTION, "It is warm, too."]
    await una.close()


async def test_a_tab_opened_on_a_thread_opens_the_other_places_while_the_api_is_away(
    clinic: Clinic, browser: Browser, kim: Person
) -> None:
    """Their code was fetched while nothing else went on."""
    ada = await by_api.new_patient(clinic, "+15185550186", "Ada", "Moss")
    thread = await _writes_to_clinic(ada)
    page = await opened(browser, ada, f"/messages/{thread}")
    for source in ("messaging/MessagesPage", "home/ownRecord/RecordPage", "profile/ProfilePage"):
        await fetched(page, f"src/features/{source}.tsx")
    async with without_api(clinic):
        await _send(page, QUESTION)
        await expect(page.get_by_text(WAITS)).to_be_visible()
        await page.get_by_role("link", name="Messages", exact=True).click()
        await expect(page.get_by_role("heading", name="Messages", exact=True)).to_be_visible()
        unsent = page.get_by_role("region", name="Not sent yet")
        await expect(unsent.get_by_role("listitem")).to_have_count(1)
        await page.get_by_role("link", name="Record", exact=True).click()
        await expect(page.get_by_role("heading", name="Record", exact=False).first).to_be_visible()
    await _until_there_are(2, kim, thread)
    await ada.close()


async def test_a_page_whose_code_is_not_there_says_so_and_opens_when_the_api_is_back(
    clinic: Clinic, browser: Browser, kim: Person
) -> None:
    """On a device that saves data nothing is fetched ahead. What was written is sent all the same."""
    ben = await by_api.new_patient(clinic, "+15185550187", "Ben", "Moss")
    thread = await _writes_to_clinic(ben)
    page = await new_page(browser, phone=True)
    await page.add_init_script(
        "Object.defineProperty(navigator, 'connection', { value: { saveData: true, effectiveType: '4g' } })"
    )
    await ben.lend_cookie(page.context)
    await arrive(page, f"{clinic.base}/messages/{thread}")
    await expect(page.get_by_text("It is swollen.")).to_be_visible()
    async with without_api(clinic):
        await _send(page, QUESTION)
        await page.get_by_role("link", name="Record", exact=True).click()
        await expect(page.get_by_role("heading", name="This page did not load")).to_be_visible()
        await page.get_by_role("button", name="Try again").click()
        await expect(page.get_by_text("Still no connection.")).to_be_visible()
        await expect(_mark(page, 1)).to_be_visible()
    await expect(page.get_by_role("heading", name="Record", exact=False).first).to_be_visible()
    await _until_there_are(2, kim, thread)
    await ben.close()


async def test_the_next_person_on_the_device_neither_sees_nor_sends_it(
    clinic: Clinic, browser: Browser, kim: Person
) -> None:
    vera, walt = [
        await by_api.new_patient(clinic, phone, name, "Stone")
        for phone, name in (("+15185550182", "Vera"), ("+15185550183", "Walt"))
    ]
    thread, other = [await _writes_to_clinic(person) for person in (vera, walt)]
    page = await opened(browser, vera, f"/messages/{thread}")
    await expect(page.get_by_text("It is swollen.")).to_be_visible()
    async with without_api(clinic):
        await _send(page, QUESTION)
        await expect(page.get_by_text(WAITS)).to_be_visible()
        await page.get_by_label("Write to your care team").press_sequentially("Half a thought")
        # Another tab signs somebody else in: this page still has its text, and the browser's cookie is theirs.
        await walt.lend_cookie(page.context)
    await expect(page).to_have_url(re.compile("/c/harbor/sign-in"))
    await page.goto(f"{clinic.base}/messages/{other}")
    await expect(page.get_by_text("It is swollen.")).to_be_visible()
    await expect(page.get_by_text(QUESTION)).to_have_count(0)
    await expect(page.get_by_label("Write to your care team")).to_have_value("")
    await expect(_mark(page, 1)).to_be_hidden()
    await _send(page, "It is Walt who writes.")
    await _until_there_are(2, kim, other)
    assert await _bodies(kim, other) == ["It is swollen.", "It is Walt who writes."]
    assert await _bodies(kim, thread) == ["It is swollen."]

    await vera.lend_cookie(page.context)
    await page.goto(f"{clinic.base}/messages/{thread}")
    await expect(page.get_by_label("Write to your care team")).to_have_value("Half a thought")
    await expect(page.get_by_text(QUESTION)).to_have_count(1)
    await _until_there_are(2, kim, thread)
    sent = (await kim.get(f"/api/threads/{thread}"))["messages"]
    assert [(each["body"], each["author_name"]) for each in sent][1:] == [(QUESTION, "Vera Stone")]
    for person in (vera, walt):
        await person.close()


async def test_what_is_days_old_is_asked_about_and_can_be_changed(
    clinic: Clinic, browser: Browser, kim: Person
) -> None:
    xena = await by_api.new_patient(clinic, "+15185550184", "Xena", "Holt")
    thread = await _writes_to_clinic(xena)
    page = await new_page(browser, phone=True)
    await xena.lend_cookie(page.context)
    await page.add_init_script("const now = Date.now; Date.now = () => now() - 73 * 3_600_000")
    await arrive(page, f"{clinic.base}/messages/{thread}")
    await expect(page.get_by_text("It is swollen.")).to_be_visible()
    async with without_api(clinic):
        await _send(page, "Shall I take the tablet tonight?")
        await expect(page.get_by_text(WAITS)).to_be_visible()
        await page.close()
    page = await page.context.new_page()
    await page.goto(f"{clinic.base}/messages/{thread}")
    asked = page.get_by_role("alert").filter(has_text="You wrote this 3 days ago. Send it?")
    await expect(asked).to_be_visible()
    await expect(_mark(page, 1)).to_be_visible()
    assert await _bodies(kim, thread) == ["It is swollen."]
    await asked.get_by_role("button", name="Edit").click()
    field = page.get_by_label("Write to your care team")
    await expect(field).to_have_value("Shall I take the tablet tonight?")
    await field.press("End")
    await field.press_sequentially(" I did not on Monday.")
    await page.get_by_role("button", name="Send", exact=True).click()
    await _until_there_are(2, kim, thread)
    assert (await _bodies(kim, thread))[1:] == ["Shall I take the tablet tonight? I did not on Monday."]
    await expect(_mark(page, 1)).to_be_hidden()
    await xena.close()


async def test_the_first_message_of_staff_waits_as_well(
    clinic: Clinic, browser: Browser, kim: Person
) -> None:
    """From a task, with the attempt that it logs; the text is in the field again when the page was left before."""
    yuri = await by_api.new_patient(clinic, "+15185550185", "Yuri", "Lane")
    patient = (await yuri.get("/api/session"))["patient_id"]
    due = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    made = {"patient_id": patient, "kind": "call", "title": "Ask about the cough", "due_at": due}
    task = (await kim.post("/api/tasks", made))["task"]["id"]
    page = await opened(browser, kim, f"/followup/{task}", phone=False)
    await page.get_by_role("button", name="Message", exact=False).first.click()
    field = page.get_by_label("Message to Yuri Lane")
    await field.press_sequentially("How is the cough?")
    await page.wait_for_function(
        "() => Object.keys(localStorage).some((key) => key.includes('task.message'))"
    )
    await page.reload()
    await page.get_by_role("button", name="Message", exact=False).first.click()
    await expect(field).to_have_value("How is the cough?")
    # The attempt is logged after the message: once that is answered, both are there.
    async with page.expect_response(lambda answer: answer.ok and answer.url.endswith("/outreach")):
        async with without_api(clinic):
            await page.get_by_role("button", name="Send", exact=True).click()
            await expect(_mark(page, 1)).to_be_visible()
    await expect(_mark(page, 1)).to_be_hidden()
    [thread] = (await yuri.get("/api/threads"))["threads"]
    assert (thread["subject"], thread["excerpt"]) == ("Ask about the cough", "How is the cough?")
    [attempt] = (await kim.get(f"/api/tasks/{task}"))["outreach"]
    assert (attempt["channel"], attempt["outcome"]) == ("message", "sent")
    await yuri.close()
