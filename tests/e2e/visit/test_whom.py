"""For whom: nothing is pressed, written or signed before it is plain which patient it is about."""

import asyncio
import re

import pytest
from playwright.async_api import Browser, Locator, Page, Route, expect

from tests.e2e import by_api
from tests.e2e.people import PHONE, Clinic, new_page, sign_in_staff

CLINICIAN, COORDINATOR = "amara.okafor@harbor.example", "kim.cole@harbor.example"
SMALL_LAPTOP = {"width": 1280, "height": 720}
SIZES = (SMALL_LAPTOP, PHONE)
NAME = "Ana Twin"
TWINS = ("+15185559301", "+15185559302")
LONG = "\n".join(f"{line}. Something that the patient tells about how it began." for line in range(60))


async def _visit_of(clinic: Clinic, phone: str) -> str:
    patient = await by_api.new_patient(clinic, phone, *NAME.split())
    visit = await by_api.request_visit(patient, words="How it began")
    await patient.close()
    return visit


@pytest.fixture(scope="module")
async def twins(clinic: Clinic) -> list[str]:
    """The visits of two patients of one name and one birth date, who both wait."""
    return [await _visit_of(clinic, phone) for phone in TWINS]


@pytest.fixture(scope="module")
async def cookie(clinic: Clinic, browser: Browser) -> str:
    """The clinician's sign-in: a code of the authenticator is good once, and the next one comes after half a minute."""
    page = await new_page(browser)
    await sign_in_staff(page, clinic, CLINICIAN)
    await expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    found = next(each["value"] for each in await page.context.cookies() if each["name"] == "carethread")
    await page.context.close()
    return found


@pytest.fixture
async def clinician(clinic: Clinic, browser: Browser, cookie: str) -> Page:
    page = await new_page(browser)
    await page.context.add_cookies([{"name": "carethread", "value": cookie, "url": clinic.base}])
    await page.goto(f"{clinic.base}/queue")
    await expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    return page


async def _admitted(page: Page, clinic: Clinic, visit: str) -> None:
    """Open the encounter of a visit that waits, or was admitted before."""
    headers = {"origin": clinic.base}
    await page.request.post(f"{clinic.base}/api/visits/{visit}/admit", data={}, headers=headers)
    await page.goto(f"{clinic.base}/encounter/{visit}")


async def _in_window(part: Locator) -> bool:
    """Whether all of it can be seen now, without scrolling, and nothing lies over it."""
    return bool(
        await part.evaluate(
            """part => { const {top, bottom, left, right} = part.getBoundingClientRect();
            const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
            return top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth
                && (part.contains(over) || over?.contains(part)); }"""
        )
    )


async def test_two_of_one_name_are_told_apart_wherever_one_is_chosen(
    clinic: Clinic, clinician: Page, twins: list[str]
) -> None:
    page = clinician
    rows = page.get_by_role("listitem").filter(has_text=NAME)
    await expect(rows).to_have_count(2)
    for row, phone in zip(await rows.all(), TWINS, strict=True):
        await expect(row).to_contain_text(re.compile(r"Mar 9, 1984 .*MRN \d+"))
        await expect(row).to_contain_text("Same name as another patient here")
        await expect(row).to_contain_text(phone[-4:])
    await page.goto(f"{clinic.base}/patients")
    await page.get_by_role("searchbox").press_sequentially("Twin")
    found = page.get_by_role("link").filter(has_text="Twin, Ana")
    await expect(found).to_have_count(2)
    marks = [await each.inner_text() for each in await found.all()]
    assert len({re.search(r"MRN\s(\d+)", each)[1] for each in marks}) == 2, marks  # type: ignore[index]
    assert all("Same name" in each for each in marks), marks
    await found.first.click()
    await expect(page.get_by_text("1 other patient has this name")).to_be_visible()


async def test_nothing_can_be_pressed_before_it_is_known_for_whom(
    clinic: Clinic, clinician: Page, twins: list[str]
) -> None:
    page = clinician
    asked, answer = asyncio.Event(), asyncio.Event()

    async def hold(route: Route) -> None:
        asked.set()
        await answer.wait()
        await route.continue_()

    await page.route(re.compile(r"/api/patients/[^/]+/summary"), hold)
    await _admitted(page, clinic, twins[0])
    await asked.wait()
    await expect(page.get_by_role("navigation")).to_be_visible()
    assert await page.locator("main").get_by_role("button").count() == 0
    assert await page.locator("main").get_by_role("textbox").count() == 0
    answer.set()
    await expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    await expect(page.get_by_role("button", name="Join the call")).to_be_visible()


async def test_the_strip_stays_in_every_tab_and_at_every_scroll_position(
    clinic: Clinic, clinician: Page, twins: list[str]
) -> None:
    page = clinician
    await _admitted(page, clinic, twins[0])
    await page.locator("[data-part=subjective]").fill(LONG)
    strip = page.get_by_role("region", name="Patient", exact=True)
    for size in SIZES:
        await page.set_viewport_size(size)  # type: ignore[arg-type]  # a ViewportSize
        for tab in await page.get_by_role("tab").all():
            await tab.click()
            for place in ("[data-part=plan]", "[data-part=subjective]"):
                await page.locator(place).scroll_into_view_if_needed()
                await expect(strip).to_contain_text(re.compile(r"Ana Twin.*Mar 9, 1984 .*MRN \d+"))
                assert await _in_window(strip), (size, place)
                await expect(strip.get_by_text("No known allergies")).to_be_visible()
                await expect(strip.get_by_text("Takes no medicines")).to_be_visible()
    await page.locator("[data-part=subjective]").fill("Sore since Monday.")
    await page.get_by_role("link", name="Whole chart").evaluate("link => link.removeAttribute('target')")
    await page.get_by_role("link", name="Whole chart").click()
    await expect(page.get_by_role("heading", name="Earlier visits")).to_be_visible()
    await page.set_viewport_size({"width": PHONE["width"], "height": 500})
    await page.get_by_role("heading", name="Results").scroll_into_view_if_needed()
    assert await _in_window(strip)


async def test_what_is_signed_is_in_sight_where_it_is_signed(
    clinic: Clinic, clinician: Page, twins: list[str]
) -> None:
    page = clinician
    await _admitted(page, clinic, twins[1])
    await page.locator("[data-part=subjective]").fill(LONG)
    await page.locator("[data-part=assessment]").fill("Sore throat, mild")
    await page.locator("[data-part=plan]").fill("Rest and fluids")
    await page.get_by_role("button", name="Call in 3 days").click()
    await page.get_by_role("button", name=re.compile("^Finish visit")).click()
    dialog = page.get_by_role("dialog")
    sign = dialog.get_by_role("button", name="Sign and finish")
    for size in SIZES:
        await page.set_viewport_size(size)  # type: ignore[arg-type]  # a ViewportSize
        for part in (
            dialog.get_by_text(NAME),
            dialog.get_by_text(re.compile(r"Mar.9,.1984 .*MRN.\d+")),
            dialog.get_by_text("1 other patient has this name"),
            dialog.get_by_text("No known allergies"),
            dialog.get_by_text("Sore throat, mild"),
            dialog.get_by_text("Rest and fluids"),
            dialog.get_by_text("Call to see how you feel"),
            dialog.get_by_text("Nothing prescribed in this visit"),
            sign,
        ):
            assert await _in_window(part), (size, part)
    # What came before it is reached by scrolling.
    seal = dialog.get_by_text("You sign exactly this")
    await seal.scroll_into_view_if_needed()
    assert await _in_window(seal)


async def test_a_plan_longer_than_the_screen_is_read_before_it_is_signed(
    clinic: Clinic, clinician: Page, twins: list[str]
) -> None:
    page = clinician
    await _admitted(page, clinic, twins[1])
    await page.locator("[data-part=assessment]").fill("Sore throat, mild")
    await page.locator("[data-part=plan]").fill(LONG)
    await page.set_viewport_size(SMALL_LAPTOP)  # type: ignore[arg-type]  # a ViewportSize
    await page.get_by_role("button", name=re.compile("^Finish visit")).click()
    dialog = page.get_by_role("dialog")
    read_on = dialog.get_by_role("button", name="Read on")
    sign = dialog.get_by_role("button", name="Sign and finish")
    await expect(read_on).to_be_visible()
    await expect(sign).to_be_disabled()
    await read_on.click()
    await dialog.get_by_text("Nothing prescribed in this visit").scroll_into_view_if_needed()
    await expect(sign).to_be_enabled()
    await expect(read_on).to_have_count(0)


async def test_from_a_chart_one_writes_books_calls_and_makes_a_task(clinic: Clinic, browser: Browser) -> None:
    page = await new_page(browser)
    await sign_in_staff(page, clinic, COORDINATOR)
    await page.goto(f"{clinic.base}/patients")
    await page.get_by_role("searchbox").press_sequentially("Quinn, Chloe")
    await page.get_by_role("link", name=re.compile("Quinn, Chloe")).first.click()
    strip = page.get_by_role("region", name="Patient", exact=True)
    await expect(strip).to_contain_text("Chloe Quinn")
    chart = page.url
    call = page.get_by_role("link", name=re.compile("^Call"))
    assert re.fullmatch(r"tel:\+1\d{10}", str(await call.get_attribute("href")))

    await page.get_by_role("link", name="Send a message").click()
    await expect(strip).to_contain_text("Chloe Quinn")
    await page.get_by_label("What is it about?").fill("Your results")
    await page.get_by_label("Your message").fill("They are here.")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_text("They are here.").first).to_be_visible()

    await page.goto(chart)
    await page.get_by_role("link", name="Add a task").click()
    await expect(strip).to_contain_text("Chloe Quinn")
    await page.get_by_role("button", name="Add the task").click()
    await expect(page.get_by_label("What is to be done")).to_be_focused()
    await page.get_by_label("What is to be done").fill("Send the referral letter")
    await page.get_by_role("button", name="Add the task").click()
    await expect(page.get_by_role("heading", name="Send the referral letter")).to_be_visible()

    await page.goto(chart)
    await page.get_by_role("link", name="Book a visit").click()
    await expect(strip).to_contain_text("Chloe Quinn")
    await page.get_by_role("radio", name="Follow-up").check()
    await page.locator("fieldset button[aria-pressed]").first.click()
    await page.get_by_role("button", name=re.compile("^Book")).click()
    await expect(page.get_by_text("The visit is booked.")).to_be_visible()
    await expect(page.get_by_role("heading", name="Chloe Quinn", level=1)).to_be_visible()
    await expect(page.get_by_text(re.compile("Follow-up")).first).to_be_visible()
