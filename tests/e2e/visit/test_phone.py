"""A visit goes on by telephone and comes back to video, on both screens and on the double's page."""

import re
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page, expect

from tests.e2e import by_api
from tests.e2e.people import Clinic
from tests.e2e.unsent import opened

PHONE, OWN = "+15185550197", "(518) 555-0166"
CLINICIAN = "daniel.reyes@harbor.example"


async def test_a_visit_goes_on_by_telephone(clinic: Clinic, browser: Browser) -> None:
    ida = await by_api.new_patient(clinic, PHONE, "Ida", "Lang")
    daniel = await by_api.staff(clinic, CLINICIAN)
    visit = await by_api.request_visit(ida, words="My ear hurts")
    await daniel.post(f"/api/visits/{visit}/admit")
    patient = await opened(browser, ida, f"/visit/{visit}/call")
    clinician = await opened(browser, daniel, f"/encounter/{visit}", phone=False)

    await patient.get_by_role("button", name="Ask to continue by phone").click()
    await expect(clinician.get_by_text("The patient asks to continue by phone.")).to_be_visible()
    await clinician.get_by_role("button", name="Continue by phone").click()
    dialog = clinician.get_by_role("dialog")
    await dialog.get_by_label("Your phone").fill("12")
    await dialog.get_by_role("button", name="Ring both phones").click()
    await expect(dialog.locator("[aria-invalid=true]")).to_have_count(1)
    await dialog.get_by_label("Your phone").fill(OWN)
    await dialog.get_by_role("button", name="Ring both phones").click()

    await expect(clinician.get_by_text(re.compile("Ringing the patient"))).to_be_visible()
    await expect(patient.get_by_text(re.compile("Your clinician is calling you at"))).to_be_visible()
    telephones = await _telephones(clinic, browser)
    await _does(telephones, "+15185550166", "Answer")
    await _does(telephones, None, "Busy")
    await expect(clinician.get_by_text(re.compile("line is busy"))).to_be_visible()
    await clinician.get_by_role("button", name="Ring again").click()
    await _does(telephones, None, "Answer")
    await expect(clinician.get_by_text(re.compile("On the phone with the patient since"))).to_be_visible()
    await expect(patient.get_by_text(re.compile("You are talking by phone at"))).to_be_visible()

    await clinician.get_by_role("button", name="Back to video").click()
    await expect(clinician.get_by_text("The phone call is over. The visit goes on.")).to_be_visible()
    await expect(patient.get_by_role("button", name="I am here: join the call")).to_be_visible()


async def _telephones(clinic: Clinic, browser: Browser) -> Page:
    address = urlsplit(clinic.base)
    page = await browser.new_page()
    await page.goto(f"http://{address.hostname}:{(address.port or 0) + 4}/")
    return page


async def _does(telephones: Page, number: str | None, what: str) -> None:
    """What the owner of a ringing telephone does: of this one, or of the only one that rings."""
    rows = telephones.locator(f'section[aria-label="{number}"]' if number else "section")
    await rows.get_by_role("button", name=what, exact=True).click()
