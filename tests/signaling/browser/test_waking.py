"""Networks that go and come within a second, frozen pages, telephones that ring: nobody clicks to come back."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.signaling.browser.test_devices import in_a_call
from tests.signaling.pages import PageServer, join, open_call, remote, sees_moving_video

pytestmark = pytest.mark.whole

# Keeps every socket that the page opens from now on.
SOCKETS = """() => {
  const opened = [];
  const Real = window.WebSocket;
  window.WebSocket = class extends Real {
    constructor(...all) { super(...all); opened.push(this); }
  };
  return opened;
}"""


async def two_in_a_call(signaling: PageServer, browser: Browser, visit: str) -> tuple[Page, Page]:
    patient = await open_call(browser, signaling, "patient", visit)
    doctor = await open_call(browser, signaling, "doctor", visit)
    await join(patient)
    await join(doctor)
    for page in (patient, doctor):
        await sees_moving_video(page)
    return patient, doctor


async def whole_again(patient: Page, doctor: Page) -> None:
    """Each sees the other move and hears of the other what is new; nobody reads of trouble."""
    await patient.keyboard.press("m")
    await expect(doctor.get_by_text("Jamie Doe is muted")).to_be_visible()
    for page in (patient, doctor):
        await expect(page.get_by_text("reconnecting")).to_have_count(0)
        await sees_moving_video(page)


async def test_a_network_that_goes_off_off_and_on_within_a_second(
    signaling: PageServer, browser: Browser
) -> None:
    patient, doctor = await two_in_a_call(signaling, browser, "flapping")
    for offline in (True, False, True, True, False):
        await patient.context.set_offline(offline)
    await whole_again(patient, doctor)


async def test_a_tab_that_was_put_to_sleep(signaling: PageServer, browser: Browser) -> None:
    patient, doctor = await two_in_a_call(signaling, browser, "frozen")
    sockets = await patient.evaluate_handle(SOCKETS)
    # Without a screen Chromium freezes no page; this is what it says to one that was frozen.
    await patient.evaluate("document.dispatchEvent(new Event('resume'))")
    await patient.wait_for_function("(opened) => opened.length > 0", arg=sockets)
    await whole_again(patient, doctor)


async def test_devices_that_ended_while_the_page_was_hidden(signaling: PageServer, browser: Browser) -> None:
    patient, doctor = await in_a_call(signaling, browser, "en")
    # As telephones do: the tracks are over, and no event tells.
    await patient.evaluate("window.endInSilence()")
    await stands_still(doctor)
    await patient.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(patient.get_by_role("alert")).to_have_count(0)
    await sees_moving_video(doctor, frames=30)


async def test_a_picture_that_was_stopped_plays_when_the_page_is_looked_at(
    signaling: PageServer, browser: Browser
) -> None:
    patient, _ = await two_in_a_call(signaling, browser, "stopped")
    # As an iPhone does for a telephone call.
    await remote(patient).evaluate("(video) => video.pause()")
    await patient.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await patient.wait_for_function("!document.querySelector('[aria-label^=\"Video of\"]').paused")
    await sees_moving_video(patient)


async def stands_still(page: Page) -> None:
    """Wait until the other side's picture does not change any more."""
    still = """(video) => new Promise((resolve) => {
      let before = -1;
      const timer = setInterval(() => {
        const now = video.getVideoPlaybackQuality().totalVideoFrames;
        if (now === before) { clearInterval(timer); resolve(); }
        before = now;
      }, 500);
    })"""
    await remote(page).evaluate(still)
