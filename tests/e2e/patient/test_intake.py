"""The intake in a real browser: a new patient on a phone, from the clinic's page to the waiting room."""

import re
from itertools import count

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.people import SLUG, Clinic, new_page

# The end of the phone number of the next patient: nobody's yet.
_numbers = count()


class PatientPage:
    """A patient's page, and the few moves that the intake is made of."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)

    async def register(self, clinic: Clinic, given: str = "Ana") -> None:
        """Sign in for the first time, as somebody whom the clinic does not know yet."""
        phone = f"+1518462{next(_numbers):04d}"
        await self.page.goto(f"{clinic.base}/c/{SLUG}")
        await self.page.get_by_role("link", name="Start a visit").first.click()
        await self.page.get_by_label("Mobile number").fill(phone)
        await self.page.get_by_role("button", name="Send me a code").click()
        await self.page.get_by_label("6-digit code").fill(await clinic.next_code(phone, set()))
        await self.page.get_by_label("First name").fill(given)
        await self.page.get_by_label("Last name").fill("Ruiz")
        await self.page.get_by_label("Day", exact=True).fill("29")
        await self.page.get_by_label("Month", exact=True).fill("2")
        await self.page.get_by_label("Year", exact=True).fill("1988")
        await self.page.get_by_label("Sex", exact=True).select_option("female")
        await self.page.get_by_role("button", name="Register").click()

    async def at(self, title: str) -> None:
        await expect(self.heading).to_have_text(title)

    async def next(self) -> None:
        await self.page.get_by_role("button", name="Next").click()

    async def choose(self, *labels: str) -> None:
        for label in labels:
            await self.page.get_by_label(label, exact=True).check()

    async def say_who_and_where(self) -> None:
        """The first three screens."""
        await self.at("Is this you?")
        await self.choose("Yes, they are right")
        await self.next()
        await self.at("Where are you right now?")
        await self.page.get_by_label("Street and number").fill("12 Elm Street")
        await self.page.get_by_label("City").fill("Albany")
        await self.page.get_by_label("State").select_option("NY")
        await self.page.get_by_label("ZIP code").fill("12207")
        await self.next()
        await self.at("How can we reach you?")
        await self.choose("Phone call")
        await self.next()
        await self.at("Before we start")

    async def finish(self, signature: str) -> None:
        """From the allergies to the waiting room."""
        await self.at("Your allergies")
        await self.choose("I have no allergies that I know of")
        await self.next()
        await self.at("Your medicines")
        await self.choose("I take no medicines")
        await self.next()
        await self.at("Your pharmacy")
        await self.page.get_by_label("Pharmacy", exact=True).fill("The one at the corner")
        await self.next()
        await self.at("Your agreement")
        await self.choose("I have read this and agree to a visit by video")
        await self.page.get_by_label("Type your full name as your signature").fill(signature)
        await self.next()
        await self.at("Is everything right?")
        await self.page.get_by_role("button", name="Send to the clinic").click()
        await expect(self.page).to_have_url(re.compile(r"/visit/[0-9a-f-]+/waiting"))

    async def saved(self) -> None:
        await expect(self.page.get_by_text("Saved at")).to_be_visible()


async def _second_device(browser: Browser, first: BrowserContext) -> PatientPage:
    """The same person, signed in on another device."""
    page = await new_page(browser)
    await page.context.add_cookies(await first.cookies())  # type: ignore[arg-type]  # what one gives the other takes
    return PatientPage(page)


async def test_a_new_patient_gets_from_the_clinics_page_to_the_waiting_room(
    clinic: Clinic, browser: Browser
) -> None:
    patient = PatientPage(await new_page(browser, phone=True))
    page = patient.page
    await patient.register(clinic)
    await patient.at("What can we help you with?")
    await page.get_by_role("button", name="Medicine refill").click()

    await patient.at("Is this you?")
    await patient.next()
    await expect(page.get_by_text("Please choose an answer.")).to_be_visible()
    await patient.say_who_and_where()

    await patient.choose("None of these")
    await patient.next()
    await patient.at("Your medicine")
    await page.get_by_label("Which medicines do you need?").fill("Lisinopril 10 mg")
    await page.get_by_label("For how many days").press_sequentially("900")
    await patient.choose("None of these")
    await patient.next()
    await expect(page.get_by_text("Please enter a number from 0 to 365.")).to_be_visible()
    await expect(page.get_by_label("For how many days")).to_have_value("900")
    await page.get_by_label("For how many days").clear()
    await page.get_by_label("For how many days").press_sequentially("9")
    await patient.saved()

    await page.reload()
    await patient.at("Your medicine")
    await expect(page.get_by_label("Which medicines do you need?")).to_have_value("Lisinopril 10 mg")
    await patient.next()

    await patient.at("How it is going")
    await patient.choose("Yes, well", "None", "Does not apply to me")
    for question in ("Does it cause you any problems?", "Do you feel unwell now?"):
        await page.get_by_role("group", name=question).get_by_label("No", exact=True).check()
    await patient.next()
    await patient.finish("Ana Ruiz")
    await page.context.close()


async def test_a_red_flag_says_whom_to_call_and_the_patient_may_go_on(
    clinic: Clinic, browser: Browser
) -> None:
    patient = PatientPage(await new_page(browser, phone=True))
    page = patient.page
    await patient.register(clinic)
    await page.get_by_role("button", name="Cough, cold or flu").click()
    await patient.say_who_and_where()
    await patient.choose("Chest pain, pressure or tightness")
    await patient.next()

    await patient.at("Chest pain can be a heart attack")
    call = page.get_by_role("link", name="Call 911 now")
    await expect(call).to_have_attribute("href", "tel:911")
    await expect(page.get_by_text("The clinic has been told")).to_be_visible()
    await page.reload()
    await patient.at("Chest pain can be a heart attack")
    await page.get_by_role("button", name="I have read this").click()
    await page.get_by_role("button", name="Next").click()

    await patient.at("Your concern")
    await page.get_by_label("In your own words").fill("A cough, and I can't breathe well at night")
    await patient.next()
    await patient.at("Just to be safe")
    await page.get_by_role("group", name="is it so hard to breathe").get_by_label("No", exact=True).check()
    await patient.next()
    await patient.at("How it has gone")
    await page.context.close()


async def test_work_goes_on_without_a_network_and_is_sent_when_it_is_back(
    clinic: Clinic, browser: Browser
) -> None:
    patient = PatientPage(await new_page(browser, phone=True))
    page = patient.page
    await patient.register(clinic)
    await page.get_by_role("button", name="Something else").click()
    await patient.say_who_and_where()
    await patient.choose("None of these")
    await patient.next()
    await patient.at("Your concern")

    await page.context.set_offline(True)
    await page.get_by_label("In your own words").fill("CANARY my knee hurts")
    await expect(page.get_by_text("Kept on this device")).to_be_visible()
    kept = await page.evaluate("JSON.stringify({...localStorage})")
    assert "carethread.draft." in kept and "CANARY" not in kept
    await patient.next()
    await patient.at("How it has gone")
    await page.context.set_offline(False)
    await patient.saved()
    assert "carethread.draft." not in await page.evaluate("JSON.stringify({...localStorage})")

    other = await _second_device(browser, page.context)
    await other.page.goto(page.url.replace("?step=5", "?step=4"))
    await other.at("Your concern")
    await other.page.get_by_role("button", name="Español").click()
    await other.at("Lo que le preocupa")
    await expect(other.page.get_by_label("Con sus propias palabras")).to_have_value("CANARY my knee hurts")
    await other.page.context.close()
    await page.context.close()


async def test_two_devices_work_on_one_form_without_losing_a_word(clinic: Clinic, browser: Browser) -> None:
    phone = PatientPage(await new_page(browser, phone=True))
    await phone.register(clinic)
    await phone.page.get_by_role("button", name="Follow-up").click()
    await phone.say_who_and_where()
    await phone.choose("None of these")
    await phone.next()
    await phone.at("What we follow up")

    laptop = await _second_device(browser, phone.page.context)
    await laptop.page.goto(phone.page.url)
    await laptop.at("What we follow up")
    await phone.page.get_by_label("What would you like to follow up on?").fill("My blood pressure")
    await phone.saved()
    await laptop.choose("Getting better", "Yes")
    await laptop.saved()
    await expect(laptop.page.get_by_label("What would you like to follow up on?")).to_have_value(
        "My blood pressure"
    )
    await phone.page.reload()
    await expect(phone.page.get_by_label("Getting better", exact=True)).to_be_checked()
    await laptop.page.context.close()
    await phone.page.context.close()
