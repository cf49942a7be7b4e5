"""Waiting room and queue in real browsers: what one side does, the other sees, without a reload."""

import re

from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.people import SLUG, Clinic, new_page, sign_in_patient, sign_in_staff

NOAH, PHONE = "Noah Bennett", "+15185550139"
AMARA, DANIEL = "amara.okafor@harbor.example", "daniel.reyes@harbor.example"

# Keeps what would be shown on the desktop, which no test can see.
NOTIFICATIONS = """
window.notices = [];
window.Notification = class {
  static permission = 'granted';
  constructor(title, options) { window.notices.push([title, options.body]); }
  close() {}
};
"""


async def test_the_waiting_room_and_the_queue_are_of_one_mind(clinic: Clinic, browser: Browser) -> None:
    amara, daniel = await new_page(browser), await new_page(browser)
    await amara.add_init_script(NOTIFICATIONS)
    for page, email in ((amara, AMARA), (daniel, DANIEL)):
        await sign_in_staff(page, clinic, email)
        await expect(row(page)).to_contain_text("Page not open")

    patient = await new_page(browser, phone=True)
    address = await _enter_waiting_room(patient, clinic)
    await expect(row(amara)).to_contain_text("Here now")

    await _step_out_and_come_back(patient, amara)
    await _told_to_wait_longer(patient, daniel)
    await _admitted_by_a_key_while_another_looks_on(patient, amara, daniel)
    patient = await _close_the_tab_and_open_the_link_again(patient, address)
    await _put_back(patient, amara)


def row(page: Page) -> Locator:
    return page.get_by_role("listitem").filter(has_text=NOAH)


async def _enter_waiting_room(patient: Page, clinic: Clinic) -> str:
    await patient.goto(f"{clinic.base}/c/{SLUG}/sign-in?next=/home")
    await sign_in_patient(patient, clinic, PHONE)
    await patient.get_by_role("link", name=re.compile("waiting room", re.I)).first.click()
    await expect(heading(patient)).to_have_text("You are in the waiting room")
    return patient.url


def heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


async def _step_out_and_come_back(patient: Page, amara: Page) -> None:
    """Coming back is news: the clinician is told by name, with the reason."""
    await patient.get_by_role("button", name="Step out for a moment").click()
    await expect(row(amara)).to_contain_text("Stepped out")
    await patient.get_by_role("button", name="I am back").click()
    await expect(row(amara)).to_contain_text("Here now")
    await amara.wait_for_function("window.notices.length > 0")
    title, body = (await amara.evaluate("window.notices"))[-1]
    assert title == f"{NOAH} is waiting"
    assert "Rash or skin problem" in body
    await expect(amara).to_have_title(re.compile(r"Noah B\. is waiting|Queue"))


async def _told_to_wait_longer(patient: Page, daniel: Page) -> None:
    await row(daniel).get_by_role("button", name=f"More for {NOAH}").click()
    await daniel.get_by_role("menuitem", name="About 20 minutes").click()
    await expect(patient.get_by_text("running about 20 minutes late")).to_be_visible()


async def _admitted_by_a_key_while_another_looks_on(patient: Page, amara: Page, daniel: Page) -> None:
    await row(amara).press("a")
    await expect(amara).to_have_url(re.compile("/encounter/"))
    await expect(heading(patient)).to_contain_text("Amara Okafor is ready for you")
    await expect(row(daniel)).to_contain_text("With Amara Okafor")
    await expect(row(daniel).get_by_role("button", name="Admit")).to_have_count(0)


async def _close_the_tab_and_open_the_link_again(patient: Page, address: str) -> Page:
    """The visit is where it was (case 21)."""
    context = patient.context
    await patient.close()
    again = await context.new_page()
    await again.goto(address)
    await expect(again.get_by_role("link", name="Join the visit")).to_be_visible()
    return again


async def _put_back(patient: Page, amara: Page) -> None:
    await amara.get_by_role("link", name="Queue").click()
    await row(amara).get_by_role("button", name=f"More for {NOAH}").click()
    await amara.get_by_role("menuitem", name="Put back").click()
    await expect(heading(patient)).to_have_text("You are in the waiting room")
