"""Dangerous words on a patient's phone: the question, the screen with whom to call, and the way out unseen."""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.e2e.patient.test_intake import PatientPage
from tests.e2e.people import Clinic, new_page, sign_in_staff

NEUTRAL = "https://www.weather.gov/"


async def _picture(page: Page, name: str) -> None:
    """A picture to look at, where one is asked for by the variable PICTURES."""
    if folder := os.environ.get("PICTURES"):
        await page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


async def _at_concern(clinic: Clinic, browser: Browser) -> PatientPage:
    patient = PatientPage(await new_page(browser, phone=True))
    await patient.register(clinic)
    await patient.page.get_by_role("button", name="Something else").click()
    await patient.say_who_and_where()
    await _picture(patient.page, "before-we-start")
    await patient.choose("None of these")
    await patient.next()
    await patient.at("Your concern")
    return patient


async def _say(patient: PatientPage, words: str) -> None:
    await patient.page.get_by_label("In your own words").press_sequentially(words)
    await patient.next()
    await patient.at("Just to be safe")


@pytest.mark.parametrize(
    ("words", "question", "title", "link", "number"),
    [
        (
            "took a whole botle of tylenol",
            "Has someone taken too much of a medicine",
            "This may be a poisoning or an overdose",
            "Call Poison Control, 1-800-222-1222",
            "tel:+1-800-222-1222",
        ),
        (
            "me kiero morir",
            "Do you have thoughts of ending your life",
            "You are not alone, and help is there right now",
            "Call 988, the suicide and crisis line",
            "tel:988",
        ),
    ],
)
async def test_words_ask_and_a_yes_says_whom_to_call(
    clinic: Clinic, browser: Browser, words: str, question: str, title: str, link: str, number: str
) -> None:
    patient = await _at_concern(clinic, browser)
    page = patient.page
    await _say(patient, words)
    await _picture(page, f"ask-{number[4:]}")
    await page.get_by_role("group", name=question).get_by_label("Yes", exact=True).check()
    await patient.next()
    await patient.at(title)
    await expect(page.get_by_role("link", name=link)).to_have_attribute("href", number)
    await expect(page.get_by_role("link", name="Call 911 now")).to_be_visible()
    await _picture(page, f"help-{number[4:]}")
    await page.context.close()


async def test_who_may_be_watched_leaves_with_one_tap_and_back_does_not_return(
    clinic: Clinic, browser: Browser
) -> None:
    patient = await _at_concern(clinic, browser)
    page = patient.page

    async def weather(route: Route) -> None:
        await route.fulfill(body="<title>Weather</title><h1>Sunny</h1>", content_type="text/html")

    await page.context.route(re.compile(r"^https://www\.weather\.gov/"), weather)
    await _say(patient, "my husbnad hit me")
    await page.get_by_role("group", name="Is someone hurting").get_by_label("Yes", exact=True).check()
    await patient.next()
    await patient.at("You deserve to be safe")
    await expect(page.get_by_role("link", name="1-800-799-7233")).to_have_attribute(
        "href", "tel:+1-800-799-7233"
    )
    await _picture(page, "violence")

    await page.get_by_role("button", name="Leave this page").click()
    await page.wait_for_url(NEUTRAL)
    for _ in range(2):
        await page.go_back()
        await page.wait_for_url(NEUTRAL)
        await expect(page.get_by_role("heading", name="Sunny")).to_be_visible()
    await page.goto(clinic.base)
    assert await page.evaluate("fetch('/api/session').then((answer) => answer.status)") == 401
    assert "draft" not in await page.evaluate("JSON.stringify({...localStorage})")
    await page.context.close()


async def test_the_screen_in_spanish_on_a_narrow_phone(clinic: Clinic, browser: Browser) -> None:
    patient = PatientPage(await new_page(browser, phone=True))
    page = patient.page
    await patient.register(clinic)
    await page.get_by_role("button", name="Mood").click()
    await patient.say_who_and_where()
    await page.set_viewport_size({"width": 360, "height": 740})
    await page.get_by_role("button", name="Español").click()
    await page.get_by_label("Alguien me lastima o me amenaza").check()
    await _picture(page, "antes-de-empezar")
    await page.get_by_role("button", name="Siguiente").click()
    await patient.at("Usted merece estar a salvo")
    await expect(page.get_by_role("link", name="1-800-799-7233")).to_be_visible()
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    await _picture(page, "violencia")
    await page.context.close()


async def test_a_yes_beside_a_message_alerts_the_clinic_before_it_is_sent(
    clinic: Clinic, browser: Browser
) -> None:
    staff = await new_page(browser)
    await sign_in_staff(staff, clinic, "kim.cole@harbor.example")
    await staff.goto(f"{clinic.base}/followup")
    await expect(staff.get_by_role("heading", name="Follow-up", level=1)).to_be_visible()

    patient = PatientPage(await new_page(browser, phone=True))
    await patient.register(clinic)
    page = patient.page
    await expect(page.get_by_role("button", name="Register")).to_be_hidden()
    await page.goto(f"{clinic.base}/messages/new")
    await page.get_by_label("What is it about?").press_sequentially("Since this morning")
    await page.get_by_label("Your message").press_sequentially("I have chest pain")
    question = page.get_by_role("group", name="Do you have chest pain")
    await question.get_by_role("button", name="Yes").click()
    await expect(page.get_by_role("link", name="Call 911 now")).to_be_visible()
    await _picture(page, "message-yes")

    await expect(staff.get_by_text("is in danger. Call now.")).to_be_visible()
    task = staff.get_by_role("link", name="Red flag while writing a message")
    await expect(task).to_contain_text("Chest pain")
    await expect(task).to_contain_text("because: Yes to “Do you have chest pain")
    await _picture(staff, "message-yes-followup")

    await page.get_by_role("button", name="Send").click()
    await expect(page).to_have_url(re.compile("/messages/.{36}$"))
    await staff.goto(f"{clinic.base}/inbox")
    first = staff.get_by_role("main").get_by_role("listitem").first
    await expect(first).to_contain_text("Urgent")
    await first.get_by_role("link").click()
    await expect(staff.get_by_role("main").locator("header").get_by_text("Urgent")).to_be_visible()
    await _picture(staff, "message-yes-inbox")
    await staff.goto(f"{clinic.base}/followup")
    await task.click()
    await staff.get_by_role("link", name="Open the conversation").click()
    messages = staff.get_by_role("list", name="Messages")
    await expect(messages.get_by_text("I have chest pain")).to_be_visible()
    await page.context.close()
    await staff.context.close()
