"""How a patient comes to the call, in taps; and what the clinic sees of one who waits, sleeps, or goes."""

import re
from datetime import timedelta

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect
from redis.asyncio import Redis

from app.embedded import valkey
from app.home import Home
from tests.e2e import by_api
from tests.e2e.by_api import Person
from tests.e2e.people import SLUG, Clinic, new_page, sign_in_staff

AMARA = "amara.okafor@harbor.example"
# Counts what a finger does; a key that presses a button is no tap, nor is what the page does by itself.
TAPS = "addEventListener('click', (event) => event.isTrusted && event.detail && tapped(), true)"


class Taps:
    """The taps on any page of a browser, across addresses."""

    def __init__(self) -> None:
        self.count = 0

    async def watch(self, context: BrowserContext) -> None:
        await context.expose_function("tapped", self._tapped)
        await context.add_init_script(TAPS)

    def _tapped(self) -> None:
        self.count += 1

    def taken(self) -> int:
        """How many since the last time."""
        taken, self.count = self.count, 0
        return taken


async def test_a_known_patient_is_in_the_waiting_room_in_four_taps_and_in_the_call_in_two(
    clinic: Clinic, browser: Browser
) -> None:
    number = "+15185559311"
    patient = await by_api.new_patient(clinic, number, "Olga", "Petrov")
    clinician = await by_api.staff(clinic, AMARA)
    visit = await by_api.request_visit(patient, words="A question about my medicine")
    page, taps = await new_page(browser, phone=True), Taps()
    await taps.watch(page.context)
    await patient.lend_device(page.context)

    await page.goto(f"{clinic.base}/c/{SLUG}/sign-in?next=/visit/{visit}/waiting")
    await _sign_in_by_code(page, clinic, number)
    await expect(_heading(page)).to_have_text("You are in the waiting room")
    assert 0 < taps.taken() <= 4

    await clinician.post(f"/api/visits/{visit}/admit", {})
    await page.get_by_role("link", name="Join the visit").tap()
    await expect(page.get_by_role("heading", name="Still at 5 Pine Rd?")).to_be_visible()
    await page.get_by_role("button", name=re.compile("^I am here")).tap()
    await expect(page.get_by_role("button", name="Leave", exact=True)).to_be_visible()
    assert taps.taken() == 2, "where they are is confirmed by the same tap that joins"
    await patient.close()
    await clinician.close()


async def _sign_in_by_code(page: Page, clinic: Clinic, number: str) -> None:
    """As on a phone that fills in number and code: one types neither."""
    field = page.get_by_label("Mobile number")
    await field.tap()
    await field.fill(number)
    earlier = await clinic.codes(number)
    await page.get_by_role("button", name="Send me a code").tap()
    code = page.get_by_label("6-digit code")
    await expect(code).to_be_focused()
    await code.fill(await clinic.next_code(number, earlier))


async def test_the_queue_tells_asleep_from_gone_and_says_who_may_give_up(
    clinic: Clinic, browser: Browser
) -> None:
    patient = await by_api.new_patient(clinic, "+15185559312", "Lena", "Fischer")
    visit = await by_api.request_visit(patient, words="A question about my medicine")
    queue = await new_page(browser)
    await sign_in_staff(queue, clinic, AMARA)
    row = queue.get_by_role("listitem").filter(has_text="Lena Fischer")
    await expect(row).to_contain_text("Page not open")

    waiting = await _waiting_room(browser, patient, visit)
    await expect(row).to_contain_text("Here now")
    await _turn(waiting, hidden=True)
    await expect(row).to_contain_text("Phone just fell asleep")
    await expect(row).not_to_contain_text("May give up")
    await _turn(waiting, hidden=False)
    await expect(row).to_contain_text("Here now")

    await waiting.close(run_before_unload=True)
    await expect(row).to_contain_text("Just closed the page")
    await let_time_pass(clinic, visit, timedelta(minutes=7))
    again = await _waiting_room(browser, patient, visit)
    await expect(row).to_contain_text("May give up: left once before")
    await again.close()
    await patient.post(f"/api/visits/{visit}/cancel", {})
    await patient.close()


async def _waiting_room(browser: Browser, patient: Person, visit: str) -> Page:
    page = await new_page(browser, phone=True)
    await patient.lend_cookie(page.context)
    await page.goto(f"{patient.clinic.base}/visit/{visit}/waiting")
    await expect(_heading(page)).to_have_text("You are in the waiting room")
    return page


def _heading(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


async def _turn(page: Page, *, hidden: bool) -> None:
    """What a phone tells a page when it is locked, and unlocked."""
    await page.evaluate(
        """(hidden) => {
            Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
            document.dispatchEvent(new Event('visibilitychange'));
        }""",
        hidden,
    )


async def let_time_pass(clinic: Clinic, visit: str, by: timedelta) -> None:
    """Let everything that Valkey knows of a visit lie so much further back."""
    async with Redis.from_url(valkey.url(Home(clinic.home))) as redis:
        async for key in redis.scan_iter("carethread:presence:*"):
            for name in await redis.zrange(key, 0, -1):
                if visit in name.decode():
                    await redis.zincrby(key, -by.total_seconds(), name)
