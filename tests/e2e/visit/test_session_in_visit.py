"""Who waits in an open visit, or before its door, is there although they touch nothing; an abandoned screen is not."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e import by_api
from tests.e2e.by_api import Person
from tests.e2e.people import Clinic, new_page

DANIEL = "daniel.reyes@harbor.example"


async def _opened(browser: Browser, person: Person, path: str, *, phone: bool) -> Page:
    page = await new_page(browser, phone=phone)
    await page.clock.install()
    await person.lend_cookie(page.context)
    await page.goto(person.clinic.base + path)
    return page


@pytest.mark.parametrize("who", ["clinician", "patient"])
async def test_nobody_is_signed_out_before_the_door_of_a_visit(
    clinic: Clinic, browser: Browser, who: str
) -> None:
    number = {"clinician": "+15185559301", "patient": "+15185559302"}[who]
    patient = await by_api.new_patient(clinic, number, "Iris", "Santos")
    clinician = await by_api.staff(clinic, DANIEL)
    visit = await by_api.request_visit(patient, words="A question about my medicine")
    await clinician.post(f"/api/visits/{visit}/admit", {})
    if who == "clinician":
        page = await _opened(browser, clinician, f"/encounter/{visit}", phone=False)
        there = page.get_by_role("button", name=re.compile("^Join")).first
        awake, asleep = "40:00", "01:20:00"
    else:
        page = await _opened(browser, patient, f"/visit/{visit}/call", phone=True)
        there = page.get_by_role("button", name=re.compile("^I am here")).first
        awake, asleep = "03:00:00", "04:30:00"
    await expect(there).to_be_visible()
    await page.clock.fast_forward(awake)
    await expect(there).to_be_visible()
    await expect(page.get_by_role("dialog", name="Are you still there?")).to_be_hidden()

    await page.clock.fast_forward(asleep)
    await expect(page.get_by_text("because this screen was not used")).to_be_visible()
    assert visit in page.url
    await patient.close()
    await clinician.close()


async def test_a_new_sign_in_is_asked_for_at_the_calls_door_and_leads_back_to_it(
    clinic: Clinic, browser: Browser
) -> None:
    number = "+15185559303"
    patient = await by_api.new_patient(clinic, number, "Vera", "Novak")
    clinician = await by_api.staff(clinic, DANIEL)
    visit = await by_api.request_visit(patient, words="A question about my medicine")
    await clinician.post(f"/api/visits/{visit}/admit", {})
    end = datetime.fromisoformat((await patient.get("/api/session"))["absolute_expires_at"])

    page = await new_page(browser, phone=True)
    await page.clock.install(time=end - timedelta(minutes=10))
    await patient.lend_device(page.context)
    await patient.lend_cookie(page.context)
    await page.goto(f"{clinic.base}/visit/{visit}/call")
    question = page.get_by_text("Your sign-in may end before this visit does")
    await expect(question).to_be_visible()
    await expect(page.get_by_role("button", name=re.compile("^I am here"))).to_be_enabled()

    await page.get_by_role("button", name="Sign in again first").click()
    await expect(page.get_by_text("everybody signs in again after some hours")).to_be_visible()
    await page.clock.set_system_time(datetime.now(end.tzinfo))
    earlier = await clinic.codes(number)
    await page.get_by_label("Mobile number").fill(number)
    await page.get_by_role("button", name="Send me a code").click()
    await page.get_by_label("6-digit code").fill(await clinic.next_code(number, earlier))
    await expect(page.get_by_role("button", name=re.compile("^I am here"))).to_be_visible()
    await expect(page).to_have_url(f"{clinic.base}/visit/{visit}/call")
    await expect(question).to_be_hidden()
    await patient.close()
    await clinician.close()
