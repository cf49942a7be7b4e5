"""A patient in danger, on all sides: seen first, called, admitted out of the intake, and led to the call."""

import re

from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.patient.test_intake import PatientPage
from tests.e2e.people import Clinic, new_page, sign_in_staff
from tests.e2e.visit.test_waiting import NOTIFICATIONS

AMARA, DANIEL, KIM = (f"{name}@harbor.example" for name in ("amara.okafor", "daniel.reyes", "kim.cole"))
NAME = "Rosario Ruiz"


async def test_who_has_chest_pain_is_reached_before_the_intake_is_sent(
    clinic: Clinic, browser: Browser
) -> None:
    amara, daniel, kim = [await new_page(browser) for _ in range(3)]
    for page in (amara, kim):
        await page.add_init_script(NOTIFICATIONS)
    for page, email in ((amara, AMARA), (daniel, DANIEL), (kim, KIM)):
        await sign_in_staff(page, clinic, email)
        await page.get_by_role("link", name="Queue").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Queue")
    patient = PatientPage(await new_page(browser, phone=True))
    await _tell_of_chest_pain(patient, clinic)

    for page in (amara, daniel, kim):
        for words in (NAME, "Chest pain", "Still answering questions", "12 Elm Street, Albany, NY 12207"):
            await expect(_row(page)).to_contain_text(words)
        await expect(_row(page)).to_contain_text("Here now")
        levels = await page.locator("[data-queue-row]").evaluate_all(
            "(rows, name) => rows.slice(0, rows.findIndex((row) => row.innerText.includes(name)) + 1)"
            ".map((row) => row.dataset.level)",
            NAME,
        )
        assert set(levels) == {"emergency"}, "nobody in less danger stands above"
        await expect(_call(page)).to_have_attribute("href", re.compile(r"^tel:\+1518462\d{4}$"))
    for page in (amara, kim):
        assert f"Red flag: {NAME}" in [title for title, _ in await page.evaluate("window.notices")]
    await expect(_row(kim).get_by_role("button", name="Admit now")).to_have_count(0)

    # Chromium has nothing to dial with, and would ask.
    await kim.evaluate("document.addEventListener('click', event => event.preventDefault())")
    await _call(kim).click()
    await expect(_row(amara)).to_contain_text("by Kim Cole")

    await _change_the_answer(patient)
    for page in (amara, kim):
        await expect(_row(page)).to_contain_text("Answer changed")
    await _admit_and_follow(amara, daniel, patient.page)
    await _call_for_help(amara, kim)
    await _put_back_and_go_on(amara, patient)


def _row(page: Page) -> Locator:
    return page.locator("[data-queue-row]").filter(has_text=NAME)


def _call(page: Page) -> Locator:
    return _row(page).get_by_role("link", name="Call now")


async def _tell_of_chest_pain(patient: PatientPage, clinic: Clinic) -> None:
    await patient.register(clinic, given="Rosario")
    await patient.page.get_by_role("button", name="Cough, cold or flu").click()
    await patient.say_who_and_where()
    await patient.choose("Chest pain, pressure or tightness")
    await patient.next()
    await patient.at("Chest pain can be a heart attack")
    await expect(patient.page.get_by_text("The clinic has been told")).to_be_visible()


async def _change_the_answer(patient: PatientPage) -> None:
    await patient.page.get_by_role("button", name="I have read this").click()
    await patient.page.get_by_role("button", name="Back").click()
    await patient.choose("None of these")


async def _admit_and_follow(amara: Page, daniel: Page, patient: Page) -> None:
    """Of two clinicians who press at once, each twice, one has the visit; the patient is led there unasked."""
    for page in (amara, daniel):
        await expect(_row(page).get_by_role("button", name="Admit now")).to_be_visible()
    await _row(amara).get_by_role("button", name="Admit now").dblclick()
    await expect(amara).to_have_url(re.compile("/encounter/"))
    await expect(amara.get_by_role("main")).to_contain_text("Chest pain")
    await expect(amara.get_by_role("main")).to_contain_text("Answer changed")
    await expect(_row(daniel)).to_contain_text("With Amara Okafor")
    await expect(patient.get_by_role("heading", level=1)).to_contain_text("Amara Okafor is ready for you")
    await patient.get_by_role("link", name="Join the visit").click()
    await patient.get_by_role("button", name="I am here: join the call").click()
    await expect(_row(daniel)).to_contain_text("Patient in the call")


async def _call_for_help(amara: Page, kim: Page) -> None:
    """The address is one press away, and somebody asks later how the patient is."""
    await amara.get_by_role("button", name="Emergency", exact=True).click()
    dialog = amara.get_by_role("dialog", name="Emergency: get help to the patient")
    for words in (
        NAME,
        "12 Elm Street",
        "Albany, NY 12207",
        "Somebody there dials 911",
        "Emergency in Albany, NY",
    ):
        await expect(dialog).to_contain_text(words)
    await expect(dialog.get_by_role("link", name="Call 911 yourself")).to_have_attribute("href", "tel:911")
    await dialog.get_by_role("button", name="Emergency services were called").click()
    await expect(dialog).to_have_count(0)
    await amara.get_by_role("button", name="Emergency", exact=True).click()
    await expect(dialog).to_contain_text(
        re.compile("Amara Okafor noted at .* that emergency services were called")
    )
    await amara.keyboard.press("Escape")
    await kim.get_by_role("link", name="Follow-up").click()
    task = kim.get_by_role("link").filter(has_text=NAME).filter(has_text="find out how the patient is")
    await expect(task.first).to_be_visible()


async def _put_back_and_go_on(amara: Page, patient: PatientPage) -> None:
    """What was entered is there, and the questions go on."""
    await amara.get_by_role("link", name="Queue").click()
    await _row(amara).get_by_role("button", name=f"More for {NAME}").click()
    await amara.get_by_role("menuitem", name="Put back").click()
    await expect(patient.page).to_have_url(re.compile("/intake"))
    await expect(patient.page.get_by_label("None of these", exact=True)).to_be_checked()
