"""Whoever leaves and joins over and over, or sees many come and go, holds no more than after the first time."""

import pytest
from playwright.async_api import Browser, Page, expect

from signaling import protocol as p
from tests.signaling.browser.held import COUNT_TIMERS, Held, held, holds_no_more
from tests.signaling.pages import PageServer, join, open_call, sees_moving_video
from tests.signaling.test_media import headless

pytestmark = pytest.mark.whole

CYCLES, MANY = 15, 6


async def test_leaving_and_joining_again_leaves_nothing_behind(
    signaling: PageServer, browser: Browser
) -> None:
    patient = await open_call(browser, signaling, "patient", "cycles")
    doctor = await open_call(browser, signaling, "doctor", "cycles")
    for page in (patient, doctor):
        await page.add_init_script(f"({COUNT_TIMERS})()")
        await page.reload()
        await join(page)
    await leave_and_join(patient, 2)
    before = {page: await held_in_call(page) for page in (patient, doctor)}
    await leave_and_join(patient, CYCLES)
    for page in (patient, doctor):
        await holds_no_more(page, before[page])

    await leave(patient)
    left = await held(patient)
    assert (left.connections, left.sockets, left.timers) == (0, 0, 0), "nothing goes on after the call"


async def test_many_who_come_and_go_leave_nothing_behind(signaling: PageServer, browser: Browser) -> None:
    doctor = await open_call(browser, signaling, "doctor", "many")
    await join(doctor)
    await expect(doctor.get_by_text("Waiting for Jamie Doe").first).to_be_visible()
    await _comes_and_goes(signaling, doctor, "patient-0")
    before = await held(doctor)
    for number in range(MANY):
        await _comes_and_goes(signaling, doctor, f"patient-{number + 1}")
    await holds_no_more(doctor, before)


async def _comes_and_goes(signaling: PageServer, doctor: Page, who: str) -> None:
    visit = signaling.visits["many"]
    async with headless(signaling.signaling_url, visit, who, signaling.url) as peer:
        await sees_moving_video(doctor, frames=1)
        # What is loaded later comes once, and stays.
        await expect(doctor.get_by_role("button", name="Voice only")).to_be_visible()
        await expect(doctor.get_by_role("img", name="Connection to")).to_be_visible()
        await peer.caller.say(p.Leave())
        await expect(doctor.get_by_text("Jamie Doe has left the call")).to_be_visible()


async def held_in_call(page: Page) -> Held:
    """With all signs on the screen that come in time."""
    await expect(page.get_by_role("img", name="Connection to")).to_be_visible()
    return await held(page)


async def leave_and_join(page: Page, times: int) -> None:
    for _ in range(times):
        await leave(page)
        await page.get_by_role("button", name="Join again").click()
        await sees_moving_video(page, frames=1)


async def leave(page: Page) -> None:
    await page.get_by_role("button", name="Leave").click()
    await expect(page.get_by_text("Your visit is still open")).to_be_visible()
